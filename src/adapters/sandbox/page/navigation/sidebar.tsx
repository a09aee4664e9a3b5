import type { SandboxChannel, SandboxState } from '../../protocol.ts';
import { unreadOf } from '../messages/conversation.ts';
import { Avatar } from '../people/avatar.tsx';
import type { Whereabouts } from '../place.ts';
import { useWorkspace } from '../workspace-context.ts';
import { SidebarLink } from './sidebar-link.tsx';
import type { ReadMarks } from './use-read-marks.ts';

interface Props {
  state: SandboxState;
  at: Whereabouts;
  read: ReadMarks;
}

/** The places of the workspace: its channels, the conversation with the bot, and the bot's App Home. */
export function Sidebar({ state, at, read }: Props) {
  const { bot, me } = useWorkspace();
  const channels = state.channels.filter(({ kind }) => kind === 'channel');
  const im = state.channels.find(({ kind }) => kind === 'im');
  const unread = (channel: SandboxChannel) => unreadOf(state.messages, channel, me.id, read[channel.id] ?? null);
  const name = bot?.realName ?? 'App';
  return (
    <nav className="sidebar" aria-label="Channels">
      <h2 className="sidebar-heading">Channels</h2>
      <ul>
        {channels.map((channel) => (
          <SidebarLink
            key={channel.id}
            to={{ kind: 'channel', id: channel.id }}
            current={at.kind === 'channel' && at.id === channel.id}
            unread={unread(channel)}
            name={channel.name}
          >
            <span className="sidebar-sign" aria-hidden="true">
              #
            </span>
          </SidebarLink>
        ))}
      </ul>
      <h2 className="sidebar-heading">Apps</h2>
      <ul>
        {im !== undefined && (
          <SidebarLink to={{ kind: 'im' }} current={at.kind === 'im'} unread={unread(im)} name={name}>
            <Avatar person={bot ?? undefined} size="small" />
          </SidebarLink>
        )}
        <SidebarLink
          to={{ kind: 'home' }}
          current={at.kind === 'home'}
          unread={{ any: false, forMe: 0 }}
          name={`${name} Home`}
        >
          <svg className="sidebar-sign" viewBox="0 0 20 20" aria-hidden="true">
            <path d="M3 9.5 10 3.5l7 6V17h-4.5v-4.5h-5V17H3z" />
          </svg>
        </SidebarLink>
      </ul>
    </nav>
  );
}
