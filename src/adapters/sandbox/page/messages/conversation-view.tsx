import { useCallback } from 'react';
import type { SandboxChannel, SandboxMessage, SandboxState } from '../../protocol.ts';
import { MessageBox } from '../composer/message-box.tsx';
import { FirstHint } from '../navigation/first-hint.tsx';
import { Avatar } from '../people/avatar.tsx';
import { useWorkspace } from '../workspace-context.ts';
import { replyCountOf, rootsOf } from './conversation.ts';
import { MessageList } from './message-list.tsx';

/** A channel or the direct conversation with the bot. */
export function ConversationView({ state, channel }: { state: SandboxState; channel: SandboxChannel }) {
  const { me, bot } = useWorkspace();
  const direct = channel.kind === 'im';
  const title = direct ? (bot?.realName ?? channel.name) : `#${channel.name}`;
  const repliesTo = useCallback((message: SandboxMessage) => replyCountOf(state.messages, message), [state.messages]);
  return (
    <>
      <header className="place-head">
        {direct && <Avatar person={bot ?? undefined} size="small" />}
        <h1>
          <bdi>{title}</bdi>
        </h1>
        {direct && <span className="app-badge">App</span>}
        <p className="topic" title={channel.topic}>
          <bdi>{channel.topic}</bdi>
        </p>
        {!channel.botIsMember && (
          <span className="not-member">{bot?.realName ?? 'The bot'} is not in this channel</span>
        )}
      </header>
      <MessageList
        key={`${me.id}${channel.id}`}
        label={`Messages in ${title}`}
        messages={rootsOf(state.messages, channel.id)}
        repliesTo={repliesTo}
        empty={
          <p>{direct ? `What ${title} has to tell you alone arrives here.` : `This is the beginning of ${title}.`}</p>
        }
      />
      <div className="place-foot">
        <FirstHint />
        <MessageBox
          key={`${me.id}${channel.id}`}
          id="message-box"
          label="Message"
          placeholder={`Message ${title}`}
          channel={channel.id}
          commands={state.commands}
        />
      </div>
    </>
  );
}
