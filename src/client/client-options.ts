import type { ClientWarning } from './audience.ts';
import type { Connection } from './request-resolved.ts';

/** How a client reaches Towpath. */
export interface TowpathClientOptions {
  /** Towpath's address, such as `https://towpath.example.com`; a path in it is kept. */
  url: string;
  /** A token of that environment with the scope `resolve`. It is sent to `url` alone, and never written or told. */
  token: string;
  /** Which environment's workflows to run, such as `staging`. There is no default: it is never guessed. */
  environment: string;
  /** A folder to keep last known answers in (mode 600), so that a start while Towpath is away has something to run. */
  cacheDirectory?: string;
  /** In place of the platform's, as behind a proxy. */
  fetch?: typeof fetch;
  /** Told of what healed itself: answers that could not be confirmed, a stream that is not there. */
  onWarning?: (warning: ClientWarning) => void;
  /** Milliseconds for which an answer counts where no stream tells of changes. 30,000 by default. */
  pollInterval?: number;
  /** Milliseconds until a request is given up. 10,000 by default. */
  timeout?: number;
}

const SHORTEST_MS = 10;

/**
 * Checks what was given, with what to do about it.
 * @throws TypeError
 */
export function connectionFrom(options: TowpathClientOptions): Connection & { pollInterval: number } {
  const { token, environment, pollInterval = 30_000, timeout = 10_000 } = options;
  if (!isVisible(token)) throw new TypeError('Give `token` a token of Towpath’s, as /towpath token create shows it.');
  if (!isSegment(environment)) throw new TypeError('Give `environment` the name of an environment, such as “staging”.');
  for (const [name, value] of Object.entries({ pollInterval, timeout })) {
    // A timer takes no more than 31 bits.
    if (!(value >= SHORTEST_MS && value < 2 ** 31 / 2))
      throw new TypeError(`Give \`${name}\` milliseconds, at least ${SHORTEST_MS} and at most 12 days.`);
  }
  // Looked up at each call, so that whoever replaces the platform's fetch later is heeded.
  const ask = options.fetch ?? ((...request: Parameters<typeof fetch>) => fetch(...request));
  return { url: addressFrom(options.url), token, environment, fetch: ask, pollInterval, timeout };
}

/** Whether it stays one part of an address's path: `..` would lead somewhere else. */
export function isSegment(name: unknown): name is string {
  return typeof name === 'string' && name !== '' && name !== '.' && name !== '..' && name.length <= 500;
}

function isVisible(token: unknown): token is string {
  return typeof token === 'string' && /^[\x21-\x7e]+$/.test(token);
}

function addressFrom(given: string): string {
  const url = URL.parse(given);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw new TypeError(
      'Give `url` Towpath’s address, such as https://towpath.example.com, without a name or password in it.',
    );
  return url.origin + url.pathname.replace(/\/+$/, '');
}
