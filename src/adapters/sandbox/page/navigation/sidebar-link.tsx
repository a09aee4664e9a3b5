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
    <a
      className={`sidebar-link${unread.any && !current ? ' sidebar-unread' : ''}`}
      href={searchOf({ as: me.id, at: to, threadTs: null })}
      aria-current={current ? 'page' : undefined}
      onClick={open}
    >
      {children}
      <span className="sidebar-name"><bdi>{name}</bdi></span>
      {unread.any && !current && <span className="visually-hidden">, unread</span>}
      {unread.forMe > 0 && !current && <span className="badge"><span className="visually-hidden">, for you: </span>{unread.forMe > 99 ? '99+' : unread.forMe}</span>}
    </a>
  );
}
