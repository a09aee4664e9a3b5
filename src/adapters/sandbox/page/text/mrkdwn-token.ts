import type { Inline } from './mrkdwn.ts';

const TOKEN = /^<([^<>\n]+)>/;
const DATE = /^date\^(\d{1,12})\^([^^|]+)(?:\^([^|]*))?(?:\|([\s\S]*))?$/;

/** Turns Slack's three escapes back. */
export function unescapeEntities(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** What Slack wrote between `<` and `>` at this place: a mention, a link, a date; null where it is none of them. */
export function tokenAt(line: string, at: number): { run: Inline; length: number } | null {
  const found = TOKEN.exec(line.slice(at, at + 4000));
  const run = found === null ? null : tokenOf(found[1] ?? '');
  return found === null || run === null ? null : { run, length: found[0].length };
}

function tokenOf(token: string): Inline | null {
  const bar = token.indexOf('|');
  const head = bar === -1 ? token : token.slice(0, bar);
  const label = bar === -1 ? null : unescapeEntities(token.slice(bar + 1));
  if (/^@[A-Z0-9]+$/.test(head)) return { kind: 'user', id: head.slice(1), label };
  if (/^#[A-Z0-9]+$/.test(head)) return { kind: 'channel', id: head.slice(1), label };
  if (head.startsWith('!')) return specialOf(token.slice(1), head.slice(1), label);
  const href = unescapeEntities(head);
  return isSafeLink(href) ? { kind: 'link', href, label: label ?? href } : null;
}

function specialOf(token: string, head: string, label: string | null): Inline | null {
  const date = DATE.exec(token);
  if (date !== null) return dateOf(date);
  if (head === 'here' || head === 'channel' || head === 'everyone') return { kind: 'broadcast', range: head };
  if (head.startsWith('subteam^')) return { kind: 'group', id: head.slice('subteam^'.length), label };
  return label === null ? null : { kind: 'text', text: label };
}

function dateOf(found: RegExpExecArray): Inline {
  const href = found[3] === undefined ? null : unescapeEntities(found[3]);
  return {
    kind: 'date',
    seconds: Number(found[1]),
    format: found[2] ?? '',
    href: href !== null && isSafeLink(href) ? href : null,
    fallback: unescapeEntities(found[4] ?? ''),
  };
}

/** Only addresses that a click may open: never `javascript:` and its kin. */
export function isSafeLink(href: string): boolean {
  return /^(?:https?:\/\/|mailto:|tel:|\/(?!\/))/i.test(href);
}
