import type { ReactNode } from 'react';
import { isSafeLink } from './mrkdwn-token.ts';
import { useLink } from './use-link.ts';

/** A link in a text. An address that no click may open stays plain words. */
export function WorkspaceLink({ href, children }: { href: string; children: ReactNode }) {
  const linkTo = useLink();
  return isSafeLink(href) ? <a {...linkTo(href)}>{children}</a> : children;
}
