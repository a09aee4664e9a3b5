import type { MouseEvent } from 'react';
import { showMessage } from '../messages/show-message.ts';
import { permalinkTarget, searchOf } from '../place.ts';
import { useWorkspace } from '../workspace-context.ts';

/** What an `<a>` needs to lead somewhere. */
export interface Link {
  href: string;
  target?: '_blank';
  rel?: 'noopener noreferrer';
  onClick: (event: MouseEvent) => void;
}

/**
 * Leads to another message of this workspace in place and as the same person, and elsewhere in a tab that can't reach back.
 * `onOpen` is told of every click besides.
 */
export function useLink(): (href: string, onOpen?: () => void) => Link {
  const { me, go } = useWorkspace();
  return (href, onOpen) => {
    const target = permalinkTarget(href, location.href);
    if (target === null) return { href, target: '_blank', rel: 'noopener noreferrer', onClick: () => onOpen?.() };
    const place = { at: { kind: 'channel', id: target.channel }, threadTs: target.threadTs } as const;
    return {
      href: searchOf({ as: me.id, ...place }),
      onClick: (event) => {
        onOpen?.();
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        go(place);
        if (target.ts !== null) showMessage(target.channel, target.ts);
      },
    };
  };
}
