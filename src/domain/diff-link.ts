import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a signed address shows: what a promotion changes, or two versions by id. `from` null: the first there. */
export type DiffSubject = { readonly promotionId: string } | { readonly from: string | null; readonly to: string };

/** Opens one comparison of one workspace to whoever holds it, until it expires. */
export interface DiffLink {
  readonly workspaceId: string;
  readonly subject: DiffSubject;
  readonly expiresAt: Date;
}

/** Longer than any token that was ever signed; what is longer is refused unread. */
const LONGEST = 200;
const PART = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * The token of a link: what it opens, until when, and an HMAC-SHA256 over all of it. It holds ids and nothing of the content,
 * and the same link always gives the same token, so that a card which shows it does not change by being shown anew.
 * @throws Error for an id that could be mistaken for two parts
 */
export function signDiffLink({ workspaceId, subject, expiresAt }: DiffLink, key: Uint8Array): string {
  const parts = [...partsOf(subject), workspaceId, String(Math.ceil(expiresAt.getTime() / 1_000))];
  if (!parts.every((part) => part === '' || PART.test(part))) throw new Error('An id does not fit into a link.');
  const signed = parts.join('.');
  return `${signed}.${macOf(signed, key).toString('base64url')}`;
}

/** What a token opens; null for one that was not signed with this key or was changed since. Expiry is told of genuine ones only. */
export function readDiffLink(token: string, key: Uint8Array, now: Date): DiffLink | 'expired' | null {
  if (token.length > LONGEST) return null;
  const end = token.lastIndexOf('.');
  const signed = token.slice(0, Math.max(0, end));
  const given = Buffer.from(token.slice(end + 1), 'base64url');
  const expected = macOf(signed, key);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  // Another writing of the same bytes is another token: none but the one that was signed is taken.
  if (expected.toString('base64url') !== token.slice(end + 1)) return null;
  const link = parse(signed.split('.'));
  return link !== null && link.expiresAt <= now ? 'expired' : link;
}

function partsOf(subject: DiffSubject): string[] {
  return 'promotionId' in subject ? ['p', subject.promotionId] : ['v', subject.from ?? '', subject.to];
}

function parse(parts: readonly string[]): DiffLink | null {
  const [kind, ...rest] = parts;
  const [first = '', second = ''] = rest;
  const [workspaceId = '', seconds = ''] = rest.slice(-2);
  const link = { workspaceId, expiresAt: new Date(Number(seconds) * 1_000) };
  if (kind === 'p' && rest.length === 3) return { ...link, subject: { promotionId: first } };
  if (kind === 'v' && rest.length === 4) return { ...link, subject: { from: first === '' ? null : first, to: second } };
  return null;
}

function macOf(text: string, key: Uint8Array): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
