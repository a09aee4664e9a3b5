import { Fragment, type ReactNode } from 'react';
import type { SandboxMessage } from '../../protocol.ts';
import { dateOfTs } from '../sandbox-state.ts';
import { dayName } from '../text/slack-date.ts';
import { useWorkspace } from '../workspace-context.ts';
import { entriesOf } from './conversation.ts';
import { Message } from './message.tsx';
import { useEarlier } from './use-earlier.ts';
import { type Newest, useStickToEnd } from './use-stick-to-end.ts';

interface Props {
  /** Names the log for those who can't see it: "Messages in #general". */
  label: string;
  messages: readonly SandboxMessage[];
  /** How often each was answered; null inside a thread. */
  repliesTo: ((message: SandboxMessage) => number) | null;
  empty: ReactNode;
}

/** A conversation, oldest first; it stays at its end while news arrives, unless the person reads further up. */
export function MessageList({ label, messages, repliesTo, empty }: Props) {
  const { me } = useWorkspace();
  const { shown, hidden, showEarlier } = useEarlier(messages);
  const { box, atEnd, toEnd } = useStickToEnd(newestOf(messages, me.id));
  return (
    <div className="messages">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable without a mouse */}
      <div ref={box} className="messages-scroll" role="log" aria-label={label} tabIndex={0}>
        <div className="messages-inner">
          {hidden > 0 && (
            <button type="button" className="text-button" onClick={showEarlier}>
              Show earlier messages ({hidden})
            </button>
          )}
          {messages.length === 0 && <div className="messages-empty">{empty}</div>}
          {entriesOf(shown).map(({ message, startsDay, continues }) => (
            <Fragment key={message.ts}>
              {startsDay && (
                <h2 className="day">
                  <span>{dayName(dateOfTs(message.ts), new Date())}</span>
                </h2>
              )}
              <Message
                message={message}
                continues={continues}
                replies={repliesTo === null ? null : repliesTo(message)}
              />
            </Fragment>
          ))}
        </div>
      </div>
      {!atEnd && (
        <button type="button" className="button to-end" onClick={toEnd}>
          Latest messages ↓
        </button>
      )}
    </div>
  );
}

function newestOf(messages: readonly SandboxMessage[], me: string): Newest | null {
  const last = messages.at(-1);
  return last === undefined ? null : { ts: last.ts, isForMe: last.user === me || last.ephemeralTo === me };
}
