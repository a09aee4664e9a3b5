import { type FormEvent, useId, useLayoutEffect, useRef } from 'react';
import type { SandboxCommand } from '../../protocol.ts';
import { commandOf } from './completion.ts';
import { CompletionList } from './completion-list.tsx';
import { useComposer } from './use-composer.ts';

export interface MessageBoxProps {
  /** Names the field: "Message", "Reply". */
  label: string;
  placeholder: string;
  channel: string;
  threadTs?: string;
  commands: readonly SandboxCommand[];
  id?: string;
}

/** Where people write: plain words and slash commands, with what can be completed above it. */
export function MessageBox({ label, placeholder, channel, threadTs, commands, id }: MessageBoxProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const list = useId();
  const box = useComposer({ field, channel, threadTs, commands });
  const usage = commandOf(box.text, commands);

  useLayoutEffect(() => grow(field.current));

  const submit = (event: FormEvent) => {
    event.preventDefault();
    box.send();
  };
  const active = box.completion?.offers[box.at];
  return (
    <form className="composer" onSubmit={submit}>
      {box.completion !== null && (
        <CompletionList id={list} offers={box.completion.offers} at={box.at} onTake={box.take} />
      )}
      {box.completion === null && usage !== null && (
        <p className="usage">
          <b>{usage.command}</b> <code>{usage.usageHint}</code> <span>{usage.description}</span>
        </p>
      )}
      {box.problem !== null && (
        <p className="problem" role="alert">
          {box.problem}
        </p>
      )}
      <div className="composer-field" data-busy={box.sending || undefined}>
        <textarea
          ref={field}
          id={id}
          rows={1}
          aria-label={label}
          placeholder={placeholder}
          dir="auto"
          value={box.text}
          readOnly={box.sending}
          aria-busy={box.sending}
          autoComplete="off"
          enterKeyHint="send"
          aria-autocomplete="list"
          aria-controls={box.completion === null ? undefined : list}
          aria-activedescendant={active === undefined ? undefined : `${list}-${active.id}`}
          onChange={box.type}
          onKeyDown={box.press}
          onSelect={box.lookAtCaret}
          onBlur={box.dismiss}
        />
        <button type="submit" className="send" aria-label="Send" aria-disabled={box.sending || box.text.trim() === ''}>
          {box.sending ? (
            <span className="spinner" aria-hidden="true" />
          ) : (
            <svg viewBox="0 0 20 20" aria-hidden="true">
              <path d="M3 3.5 17.5 10 3 16.5v-5L11 10 3 8.5z" />
            </svg>
          )}
        </button>
      </div>
      <p className="visually-hidden" role="status">
        {statusOf(box.sending, box.completion?.offers.length ?? 0)}
      </p>
    </form>
  );
}

function statusOf(sending: boolean, offers: number): string {
  if (sending) return 'Sending…';
  return offers === 0 ? '' : `${offers} suggestions. Arrow keys choose, Tab or Enter takes one.`;
}

/** The field grows with its text, up to what the stylesheet allows. */
function grow(field: HTMLTextAreaElement | null): void {
  if (field === null) return;
  field.style.height = 'auto';
  field.style.height = `${field.scrollHeight}px`;
}
