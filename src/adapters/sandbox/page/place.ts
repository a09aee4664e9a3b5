/** The bot's App Home, the person's own conversation with the bot (whoever the person is), or a channel. */
export type Whereabouts = { kind: 'home' } | { kind: 'im' } | { kind: 'channel'; id: string };

/** What the page shows: who looks, at which conversation (or the bot's App Home), with which thread open. */
export interface Place {
  as: string | null;
  at: Whereabouts | null;
  threadTs: string | null;
}

const PERMALINK = /\/archives\/([A-Z0-9]+)(?:\/p(\d{10})(\d{6}))?$/;
const TS = /^\d{1,12}\.\d{6}$/;

/** Reads an address: `?as=U…&in=C…&thread=…`, `in=home`, `in=im`, or the path of a message's permalink. */
export function placeOf(url: URL): Place {
  const as = url.searchParams.get('as');
  const permalink = PERMALINK.exec(url.pathname);
  if (permalink !== null) return permalinkPlace(as, permalink, url.searchParams.get('thread_ts'));
  const where = url.searchParams.get('in');
  const threadTs = url.searchParams.get('thread');
  return {
    as,
    at: whereaboutsOf(where),
    threadTs: threadTs !== null && TS.test(threadTs) ? threadTs : null,
  };
}

function whereaboutsOf(where: string | null): Whereabouts | null {
  if (where === null) return null;
  return where === 'home' || where === 'im' ? { kind: where } : { kind: 'channel', id: where };
}

function permalinkPlace(as: string | null, [, id = '']: RegExpExecArray, threadTs: string | null): Place {
  return { as, at: { kind: 'channel', id }, threadTs: threadTs !== null && TS.test(threadTs) ? threadTs : null };
}

/** The query that names a place; other parts of the address stay as they are. */
export function searchOf({ as, at, threadTs }: Place): string {
  const search = new URLSearchParams();
  if (as !== null) search.set('as', as);
  if (at !== null) search.set('in', at.kind === 'channel' ? at.id : at.kind);
  if (threadTs !== null) search.set('thread', threadTs);
  return `?${search}`;
}

/**
 * The message that a permalink of this workspace leads to, or null for any other address.
 * "localhost" and "127.0.0.1" are the same sandbox: the server writes one, people may have typed the other.
 */
export function permalinkTarget(
  href: string,
  base: string,
): { channel: string; ts: string | null; threadTs: string | null } | null {
  const url = URL.parse(href, base);
  if (url === null || hostOf(url) !== hostOf(new URL(base))) return null;
  const found = PERMALINK.exec(url.pathname);
  if (found === null) return null;
  const [, channel = '', seconds, fraction] = found;
  return {
    channel,
    ts: seconds === undefined ? null : `${seconds}.${fraction}`,
    threadTs: url.searchParams.get('thread_ts'),
  };
}

function hostOf(url: URL): string {
  return `${url.protocol}//${['localhost', '[::1]'].includes(url.hostname) ? '127.0.0.1' : url.hostname}:${url.port}`;
}
