import {
  type ChangeEvent,
  type KeyboardEvent,
  type RefObject,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { SandboxCommand } from '../../protocol.ts';
import { NotDoneError, sendCommand, sendMessage } from '../send.ts';
import { useWorkspace } from '../workspace-context.ts';
import { afterOffer, type Completion, completionAt, type Offer } from './completion.ts';
import { sentHistory } from './sent-history.ts';

interface Given {
  field: RefObject<HTMLTextAreaElement | null>;
  channel: string;
  threadTs: string | undefined;
  commands: readonly SandboxCommand[];
}

/** What a message box holds and how it answers to keys. */
export interface Composer {
  text: string;
  sending: boolean;
  problem: string | null;
  completion: Completion | null;
  /** The offer that Enter would take. */
  at: number;
  send: () => void;
  take: (offer: Offer) => void;
  type: (event: ChangeEvent<HTMLTextAreaElement>) => void;
  press: (event: KeyboardEvent<HTMLTextAreaElement>) => void;
  lookAtCaret: () => void;
  dismiss: () => void;
}

const NO_COMMANDS_IN_THREADS = 'Slash commands do not work in threads. Type it in the channel instead.';

export function useComposer({ field, channel, threadTs, commands }: Given): Composer {
  const { me, people, channels } = useWorkspace();
  const [text, setText] = useState('');
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [completion, setCompletion] = useState<Completion | null>(null);
  const [at, setAt] = useState(0);
  const caretAfter = useRef<number | null>(null);
  const history = useMemo(
    () => sentHistory(sessionStorage, `sent:${me.id}:${threadTs === undefined ? 'channel' : 'thread'}`),
    [me.id, threadTs],
  );

  // The caret can only be placed once the new text stands in the field, and must be before the next key arrives.
  useLayoutEffect(() => {
    if (caretAfter.current === null) return;
    field.current?.setSelectionRange(caretAfter.current, caretAfter.current);
    caretAfter.current = null;
  });

  const complete = (value: string, caret: number) => {
    const vocabulary = { commands, people: [...people.values()], channels: [...channels.values()] };
    setCompletion(completionAt(value, caret, vocabulary));
    setAt(0);
  };
  const replace = (value: string, caret = value.length) => {
    setText(value);
    setCompletion(null);
    caretAfter.current = caret;
  };
  const take = (offer: Offer) => {
    if (completion === null) return;
    const after = afterOffer(text, completion, offer);
    replace(after.text, after.caret);
    field.current?.focus();
  };
  const send = async () => {
    const words = text.trim();
    if (words === '' || sending) return;
    if (words.startsWith('/') && threadTs !== undefined) return setProblem(NO_COMMANDS_IN_THREADS);
    setSending(true);
    setProblem(null);
    setCompletion(null);
    try {
      if (words.startsWith('/')) await sendCommand({ as: me.id, channel, text: words });
      else await sendMessage({ as: me.id, channel, text: words, ...(threadTs === undefined ? {} : { threadTs }) });
      history.add(words);
      setText('');
    } catch (error) {
      setProblem(error instanceof NotDoneError ? error.message : 'That was not sent. Try again.');
    } finally {
      setSending(false);
      field.current?.focus();
    }
  };
  const walk = (value: string | null) => {
    if (value !== null) replace(value);
    return value !== null;
  };
  /** True when the key was used up. */
  const pressed = (event: KeyboardEvent<HTMLTextAreaElement>): boolean => {
    if (completion !== null && pressedInOffers(event.key, completion)) return true;
    if (event.key === 'Enter' && !event.shiftKey) {
      void send();
      return true;
    }
    if (event.key === 'ArrowUp' && (text === '' || history.isWalking())) return walk(history.back(text));
    return event.key === 'ArrowDown' && history.isWalking() && walk(history.on());
  };
  const pressedInOffers = (key: string, { offers, from, to }: Completion): boolean => {
    const offer = offers[at];
    if (key === 'ArrowDown') setAt((at + 1) % offers.length);
    else if (key === 'ArrowUp') setAt((at - 1 + offers.length) % offers.length);
    else if (key === 'Escape') setCompletion(null);
    // A word that is typed out already is not held up by its own offer.
    else if (key === 'Enter' && offer?.insert === text.slice(from, to)) return false;
    else if ((key === 'Tab' || key === 'Enter') && offer !== undefined) take(offer);
    else return false;
    return true;
  };
  return {
    text,
    sending,
    problem,
    completion,
    at,
    send: () => void send(),
    take,
    type: ({ target }) => {
      setText(target.value);
      setProblem(null);
      complete(target.value, target.selectionStart);
    },
    press: (event) => {
      if (!event.nativeEvent.isComposing && pressed(event)) event.preventDefault();
    },
    lookAtCaret: () => {
      const element = field.current;
      if (completion !== null && element !== null && element.selectionStart !== completion.to) setCompletion(null);
    },
    dismiss: () => setCompletion(null),
  };
}
