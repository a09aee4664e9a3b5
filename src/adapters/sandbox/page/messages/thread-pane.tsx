import { useEffect, useRef } from 'react';
import type { SandboxChannel, SandboxState } from '../../protocol.ts';
import { MessageBox } from '../composer/message-box.tsx';
import { useWorkspace } from '../workspace-context.ts';
import { threadOf } from './conversation.ts';
import { MessageList } from './message-list.tsx';

const NO_COMMANDS: SandboxState['commands'] = [];

/** A message and what was answered to it, beside its channel; on a phone in its place. */
export function ThreadPane({ state, channel, ts }: { state: SandboxState; channel: SandboxChannel; ts: string }) {
  const { me, bot, go } = useWorkspace();
  const back = useRef<HTMLButtonElement>(null);
  const close = () => go({ threadTs: null });
  useEffect(() => back.current?.focus(), []);
  return (
    <aside
      className="thread"
      aria-label="Thread"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) close();
      }}
    >
      <header className="place-head">
        <button
          ref={back}
          type="button"
          className="button button-icon thread-close"
          aria-label="Close thread"
          onClick={close}
        >
          <span aria-hidden="true">✕</span>
        </button>
        <h2>Thread</h2>
        <p className="topic">
          <bdi>{channel.kind === 'im' ? (bot?.realName ?? '') : `#${channel.name}`}</bdi>
        </p>
      </header>
      <MessageList
        key={`${me.id}${ts}`}
        label="Messages in the thread"
        messages={threadOf(state.messages, channel.id, ts)}
        repliesTo={null}
        empty={<p>This message is gone.</p>}
      />
      <div className="place-foot">
        <MessageBox
          key={`${me.id}${ts}`}
          label="Reply"
          placeholder="Reply…"
          channel={channel.id}
          threadTs={ts}
          commands={NO_COMMANDS}
        />
      </div>
    </aside>
  );
}
