import type { MouseEvent, ReactNode } from 'react';
import { showMessage } from '../messages/show-message.ts';
import { permalinkTarget } from '../place.ts';
import { useWorkspace } from '../workspace-context.ts';
import { isSafeLink } from './mrkdwn.ts';

/** A link in a text: another message of this workspace opens here, anything else in a tab that can't reach back. */
export function WorkspaceLink({ href, children }: { href: string; children: ReactNode }) {
  const { go } = useWorkspace();
  if (!isSafeLink(href)) return <>{children}</>;
  const target = permalinkTarget(href, location.href);
  if (target === null) {
    return (
      <a href={href} target="_blank" rel="noopener noreferrer">
        {children}
      </a>
    );
  }
  const open = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go({ at: { kind: 'channel', id: target.channel }, threadTs: target.threadTs });
    if (target.ts !== null) showMessage(target.channel, target.ts);
  };
  return (
    <a href={href} onClick={open}>
      {children}
    </a>
  );
}
