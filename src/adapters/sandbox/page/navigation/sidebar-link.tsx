import type { MouseEvent, ReactNode } from 'react';
import type { Unread } from '../messages/conversation.ts';
import { searchOf, type Whereabouts } from '../place.ts';
import { useWorkspace } from '../workspace-context.ts';

interface Props {
  to: Whereabouts;
  current: boolean;
  unread: Unread;
  name: string;
  /** The sign before the name. */
  children: ReactNode;
}

/** One place in the sidebar. A real link: it opens in a second tab too, where one can be somebody else. */
export function SidebarLink({ to, current, unread, name, children }: Props) {
  const { me, go } = useWorkspace();
  const open = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go({ at: to, threadTs: null });
  };
  return (
    <li className="sidebar-item">
      <a
        className={`sidebar-link${unread.any && !current ? ' sidebar-unread' : ''}`}
        href={searchOf({ as: me.id, at: to, threadTs: null })}
        aria-description={current ? undefined : unreadWords(unread)}
        aria-current={current ? 'page' : undefined}
        onClick={open}
      >
        {children}
        <span className="sidebar-name">
          <bdi>{name}</bdi>
        </span>
      </a>
      {unread.forMe > 0 && !current && (
        <span className="badge" aria-hidden="true">
          {unread.forMe > 99 ? '99+' : unread.forMe}
        </span>
      )}
    </li>
  );
}

function unreadWords({ any, forMe }: Unread): string | undefined {
  if (forMe > 0) return forMe === 1 ? '1 new message for you' : `${forMe} new messages for you`;
  return any ? 'unread' : undefined;
}
