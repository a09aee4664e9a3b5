import { memo } from 'react';
import type { SandboxMessage } from '../../protocol.ts';
import { BlockList } from '../blocks/block-list.tsx';
import { BlockForm } from '../elements/block-form.tsx';
import { Avatar } from '../people/avatar.tsx';
import { dateOfTs } from '../sandbox-state.ts';
import { Clamped } from '../text/clamped.tsx';
import { MrkdwnText } from '../text/mrkdwn-text.tsx';
import { useWorkspace } from '../workspace-context.ts';
import { isRoot } from './conversation.ts';
import { MessageFiles } from './message-files.tsx';

interface Props {
  message: SandboxMessage;
  continues: boolean;
  /** Null inside a thread, where there is nothing to open. */
  replies: number | null;
}

/** One message, with its blocks if it has any and its text otherwise. Redrawn only when it changes. */
export const Message = memo(function Message({ message, continues, replies }: Props) {
  const { people, go } = useWorkspace();
  const author = people.get(message.user);
  const name = author?.realName ?? message.user;
  const openThread = () =>
    go({ at: { kind: 'channel', id: message.channel }, threadTs: message.threadTs ?? message.ts });
  const canReply = replies !== null && message.ephemeralTo === undefined;
  return (
    <article
      // What opened a thread stands in the thread and in its channel; the channel's one is the one to be found.
      id={replies === null && isRoot(message) ? undefined : `message-${message.channel}-${message.ts}`}
      className={classOf(message, continues)}
      aria-label={`${name}, ${timeWords(message.ts)}`}
      data-ts={message.ts}
    >
      <div className="message-side">{continues ? <Time ts={message.ts} /> : <Avatar person={author} />}</div>
      <div className="message-main">
        {message.ephemeralTo !== undefined && <p className="only-you">Only visible to you</p>}
        {!continues && (
          <p className="message-head">
            <b className="message-author">
              <bdi>{name}</bdi>
            </b>
            {author?.isBot === true && <span className="app-badge">App</span>}
            <Time ts={message.ts} />
          </p>
        )}
        <Content message={message} />
        {canReply && message.isBroadcast === true && (
          <button type="button" className="replies" onClick={openThread}>
            View thread
          </button>
        )}
        {canReply && replies > 0 && (
          <button type="button" className="replies" onClick={openThread}>
            {replies === 1 ? '1 reply' : `${replies} replies`}
          </button>
        )}
      </div>
      {canReply && (
        <div className="message-tools">
          <button
            type="button"
            className="button button-icon"
            aria-label="Reply in thread"
            title="Reply in thread"
            onClick={openThread}
          >
            <svg viewBox="0 0 20 20" aria-hidden="true">
              <path d="M4 4h12v9H9l-4 3v-3H4z M7 7.5h6 M7 10h4" />
            </svg>
          </button>
        </div>
      )}
    </article>
  );
});

function classOf(message: SandboxMessage, continues: boolean): string {
  return `message${continues ? ' message-continues' : ''}${message.ephemeralTo === undefined ? '' : ' message-ephemeral'}`;
}

function Content({ message }: { message: SandboxMessage }) {
  const edited = message.editedAt !== undefined && <span className="edited">(edited)</span>;
  if (message.blocks.length === 0) {
    return (
      <>
        <div className="message-text">
          <Clamped text={message.text}>
            <MrkdwnText text={message.text} />
          </Clamped>
          {edited}
        </div>
        <MessageFiles files={message.files} />
      </>
    );
  }
  return (
    <BlockForm container={{ type: 'message', channel: message.channel, ts: message.ts }} blocks={message.blocks}>
      <BlockList blocks={message.blocks} />
      <MessageFiles files={message.files} />
      {edited}
    </BlockForm>
  );
}

function Time({ ts }: { ts: string }) {
  const date = dateOfTs(ts);
  return (
    <time className="message-time" dateTime={date.toISOString()} title={date.toLocaleString()}>
      {timeWords(ts)}
    </time>
  );
}

function timeWords(ts: string): string {
  return dateOfTs(ts).toLocaleTimeString(undefined, { hour: 'numeric', minute: '2-digit' });
}
