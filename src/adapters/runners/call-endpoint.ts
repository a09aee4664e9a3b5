import { type Dispatcher, request } from 'undici';
import { type Lookup, makeGuardedAgent, makeOpenAgent } from '../../outbound/guarded-agent.ts';
import { parseRetryAfter } from '../../outbound/parse-retry-after.ts';
import { RunnerFailure } from '../../use-cases/ports/runners.ts';
import { connectionFailure } from './connection-failure.ts';
import { wordsOf } from './words-of.ts';

/** Connections for runners: over https to public addresses, and to the private places that the operator names. */
export interface Agents {
  for(url: string): Dispatcher;
  /** Whether the operator names its origin, rather than leaving out which ones may be called. */
  isNamed(url: string): boolean;
}

export interface AgentsOptions {
  /**
   * Origins, such as `http://10.0.0.5:8080`, that may lead to this machine or a private network, and may be http. The operator's
   * to name, never the settings': whoever may change these could have Towpath call anything within.
   */
  readonly privateOrigins?: readonly string[];
  /** The only origins, besides those, that are called at all. Left out: every public one. */
  readonly origins?: readonly string[];
  /** How names are resolved, where not by the system. */
  readonly lookup?: Lookup;
}

export function makeAgents({ privateOrigins = [], origins, lookup }: AgentsOptions = {}): Agents {
  const guarded = makeGuardedAgent(lookup);
  const open = makeOpenAgent();
  const allowed = new Set(privateOrigins.map((origin) => URL.parse(origin)?.origin));
  const known = origins && new Set(origins.map((origin) => URL.parse(origin)?.origin));
  return {
    isNamed(url) {
      const origin = URL.parse(url)?.origin;
      return allowed.has(origin) || known?.has(origin) === true;
    },
    for(url) {
      const { protocol, origin } = URL.parse(url) ?? {};
      if (allowed.has(origin)) return open;
      if (known?.has(origin) === false)
        throw new RunnerFailure(
          'refused',
          'The operator names the places that runners may be called at, and this is none of them. Ask for it to be added to `runners.origins` of towpath.yaml.',
        );
      if (protocol === 'https:') return guarded;
      throw new RunnerFailure(
        'refused',
        'Only https addresses are called, unless the operator allows another in Towpath’s own configuration.',
      );
    },
  };
}

export interface EndpointCall {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
  readonly answerBytes: number;
}

export interface EndpointAnswer {
  readonly contentType: string;
  /** In pieces as they come; fails with `RunnerFailure`. Has to be read to its end or left by `return`. */
  readonly pieces: AsyncGenerator<Uint8Array, void>;
}

/** Characters of an error's answer that are looked at. */
const LOOKED_AT = 16 * 1024;

/**
 * Posts JSON to a runner.
 * @throws RunnerFailure for every status but 2xx
 */
export async function callEndpoint(agents: Agents, call: EndpointCall): Promise<EndpointAnswer> {
  const answer = await send(agents, call);
  const pieces = boundedPieces(answer.body, call.answerBytes);
  if (answer.statusCode >= 200 && answer.statusCode < 300)
    return { contentType: only(answer.headers['content-type']) ?? '', pieces };
  const said = wordsOf(await beginningOf(pieces));
  throw refusal(answer.statusCode, said, only(answer.headers['retry-after']));
}

async function send(agents: Agents, { url, headers, body, signal }: EndpointCall) {
  try {
    return await request(url, {
      method: 'POST',
      dispatcher: agents.for(url),
      headers: {
        ...headers,
        'content-type': 'application/json',
        'accept-encoding': 'identity',
        'user-agent': 'Towpath',
      },
      body,
      signal,
      reset: true,
      // The signal alone bounds the time: a model may think for longer than any of these.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  } catch (error) {
    throw signal.aborted ? signal.reason : connectionFailure(error);
  }
}

async function* boundedPieces(body: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array, void> {
  let length = 0;
  try {
    for await (const piece of body) {
      length += piece.length;
      if (length > most) throw tooLarge(most);
      yield piece;
    }
  } catch (error) {
    throw connectionFailure(error, 'during');
  }
}

export function tooLarge(most: number): RunnerFailure {
  return new RunnerFailure(
    'too_large',
    `The answer is larger than ${Math.round(most / 1_048_576)} MB, and was cut off.`,
  );
}

/** The whole answer as text. @throws RunnerFailure */
export async function readText({ pieces }: Pick<EndpointAnswer, 'pieces'>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const piece of pieces) parts.push(piece);
  return Buffer.concat(parts).toString('utf8');
}

async function beginningOf(pieces: AsyncGenerator<Uint8Array, void>): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const piece of pieces) {
      parts.push(piece);
      length += piece.length;
      if (length >= LOOKED_AT) break;
    }
  } catch {
    // The status says enough.
  }
  return Buffer.concat(parts).subarray(0, LOOKED_AT).toString('utf8');
}

/** What a status other than 2xx means. */
export function refusal(status: number, said: string, retryAfter: string | undefined, who = 'runner'): RunnerFailure {
  const words = said === '' ? '' : ` It said: ${said}`;
  if (status === 429) {
    const wait = parseRetryAfter(retryAfter, new Date());
    return new RunnerFailure('rate_limited', `The ${who} asks to come later (429).${words}`, wait);
  }
  if (status === 408 || status === 504)
    return new RunnerFailure('timeout', `The ${who} answered ${status}, too slow.${words}`);
  if (status >= 500)
    return new RunnerFailure('died', `The ${who} answered ${status}.${words}`, parseRetryAfter(retryAfter, new Date()));
  if (status >= 300 && status < 400)
    return new RunnerFailure(
      'refused',
      `The ${who} answered ${status}, a redirect, which is not followed. Name the address it leads to.`,
    );
  if (status === 401 || status === 403)
    return new RunnerFailure(
      'refused',
      `The ${who} answered ${status}: the secret is missing, or not the right one.${words}`,
    );
  return new RunnerFailure('refused', `The ${who} answered ${status}.${words}`);
}

function only(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
