import type { AnyBlock, Confirm } from '@slack/types';
import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import type { SandboxContainer } from '../../protocol.ts';
import { NotDoneError, sendAction } from '../send.ts';
import { useWorkspace } from '../workspace-context.ts';
import { BlockFormContext, type BlockForm as Form } from './block-form-context.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { type Edits, editKey, stateValues } from './element-values.ts';

interface Props {
  container: SandboxContainer;
  blocks: readonly AnyBlock[];
  errors?: Readonly<Record<string, string>>;
  /** Told of every change, so that a modal can submit what its form holds. */
  onEdits?: (edits: Edits) => void;
  children: ReactNode;
}

interface Question {
  confirm: Confirm;
  answer: (yes: boolean) => void;
}

const NO_ERRORS = {};

/** Holds what a person chose in the blocks of one message or view, and sends each action with all of it. */
export function BlockForm({ container, blocks, errors = NO_ERRORS, onEdits, children }: Props) {
  const { me } = useWorkspace();
  const [edits, setEdits] = useState<Edits>(new Map());
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [question, setQuestion] = useState<Question | null>(null);
  const latest = useRef({ edits, blocks, container });
  latest.current = { edits, blocks, container };

  const change = useCallback<Form['change']>(
    (key, chosen) => {
      // The ref moves at once: an action that follows in the same turn must already carry this change.
      const next = new Map(latest.current.edits).set(key, chosen);
      latest.current.edits = next;
      setEdits(next);
      onEdits?.(next);
    },
    [onEdits],
  );

  const act = useCallback<Form['act']>(
    async (blockId, element, chosen) => {
      setBusy(editKey(blockId, element));
      setProblem(null);
      try {
        await sendAction({
          as: me.id,
          container: latest.current.container,
          action: { block_id: blockId, action_id: element.action_id ?? '', type: element.type, ...chosen },
          state: stateValues(latest.current.blocks, latest.current.edits),
        });
      } catch (error) {
        setProblem(error instanceof NotDoneError ? error.message : 'That did not work. Try again.');
      } finally {
        setBusy(null);
      }
    },
    [me.id],
  );

  const confirmed = useCallback<Form['confirmed']>(
    (confirm) =>
      confirm === undefined
        ? Promise.resolve(true)
        : new Promise((resolve) => setQuestion({ confirm, answer: resolve })),
    [],
  );

  const heading = container.type === 'home' ? 'h2' : 'h3';
  const form: Form = useMemo(
    () => ({ edits, heading, errors, busy, change, act, confirmed }),
    [edits, heading, errors, busy, change, act, confirmed],
  );
  const answer = (yes: boolean) => {
    question?.answer(yes);
    setQuestion(null);
  };
  return (
    <BlockFormContext value={form}>
      {children}
      {problem !== null && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {question !== null && <ConfirmDialog confirm={question.confirm} onAnswer={answer} />}
    </BlockFormContext>
  );
}
