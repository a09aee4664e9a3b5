import { type Dispatcher, request } from 'undici';
import { type Lookup, makeGuardedAgent, makeOpenAgent } from '../../outbound/guarded-agent.ts';
import { parseRetryAfter } from '../../outbound/parse-retry-after.ts';
import { RunnerFailure } from '../../use-cases/ports/runners.ts';
import { connectionFailure } from './connection-failure.ts';
import { wordsOf } from './words-of.ts';

/** Connections for runners: to public addresses only, or anywhere. */
export interface Agents {
  for(target: { readonly url: string; readonly allowPrivate: boolean }): Dispatcher;
}

/** @param lookup how names are resolved, where not by the system */
export function makeAgents(lookup?: Lookup): Agents {
  const guarded = makeGuardedAgent(lookup);
  const open = makeOpenAgent();
  return {
    for({ url, allowPrivate }) {
      if (URL.parse(url)?.protocol !== 'https:' && !allowPrivate)
        throw new RunnerFailure(
          'refused',
          'Runners are called over https only, unless `allowPrivate: true` is set on them.',
        );
      return allowPrivate ? open : guarded;
    },
  };
}

export interface EndpointCall {
  readonly url: string;
  readonly allowPrivate: boolean;
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

async function send(agents: Agents, { url, allowPrivate, headers, body, signal }: EndpointCall) {
  try {
    return await request(url, {
      method: 'POST',
      dispatcher: agents.for({ url, allowPrivate }),
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
export function refusal(status: number, said: string, retryAfter: string | undefined): RunnerFailure {
  const words = said === '' ? '' : ` It said: ${said}`;
  if (status === 429) {
    const wait = parseRetryAfter(retryAfter, new Date());
    return new RunnerFailure('rate_limited', `The runner asks to come later (429).${words}`, wait);
  }
  if (status === 408 || status === 504)
    return new RunnerFailure('timeout', `The runner answered ${status}, too slow.${words}`);
  if (status >= 500)
    return new RunnerFailure('died', `The runner answered ${status}.${words}`, parseRetryAfter(retryAfter, new Date()));
  if (status >= 300 && status < 400)
    return new RunnerFailure(
      'refused',
      `The runner answered ${status}, a redirect, which is not followed. Name the address it leads to.`,
    );
  if (status === 401 || status === 403)
    return new RunnerFailure(
      'refused',
      `The runner answered ${status}: the secret is missing, or not the right one.${words}`,
    );
  return new RunnerFailure('refused', `The runner answered ${status}.${words}`);
}

function only(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
