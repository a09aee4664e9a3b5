import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { ReadyAnswer, ReadyAnswers } from '../../use-cases/ports/data-plane.ts';
import { isAmong } from './api/strong-etag.ts';
import type { Authenticate } from './authenticate.ts';
import type { Metrics } from './metrics.ts';
import { may, seenEnvironment } from './principal.ts';

/**
 * Held for a while by whoever asks, so that a pause of Towpath's is none of theirs. Without `must-revalidate`, which forbids caches
 * just that.
 */
export const RESOLVED_CACHE_CONTROL = 'private, max-age=0, stale-while-revalidate=60, stale-if-error=86400';
export const RESOLVED_TYPE = 'application/json; charset=utf-8';

export interface QuickLaneOptions {
  authenticate: Authenticate;
  answers: Pick<ReadyAnswers, 'ready'>;
  metrics: Pick<Metrics, 'answeredAtOnce'>;
}

/**
 * Plain names alone, and at most a key, written so that it can be read in one way only (`+` may be a space): whatever is written
 * otherwise takes the usual way.
 */
const RESOLVED =
  /^\/api\/v1\/workflows\/([a-z0-9-]{1,100})\/environments\/([a-z0-9_-]{1,100})\/resolved(?:\?key=((?:[\w.~!*'()@:,/-]|%[0-9A-Fa-f]{2})+))?$/;
/** Characters of a key: whom a run is for. */
export const LONGEST_KEY = 500;
/** What browsers are told of pages has no meaning here, as no page can be opened with a token; each costs as much as a look-up. */
const COMMON = ['x-content-type-options', 'nosniff', 'cache-control', RESOLVED_CACHE_CONTROL];

/**
 * Answers what is remembered before the framework sees the request, which would cost three times as much as the answer. Only good
 * requests whose token and answer are both at hand: all others, and every refusal, take the usual way and mean the same there.
 *
 * @returns how it is closed again: from then on everything takes the usual way
 */
export function openQuickLane(server: Server, options: QuickLaneOptions): () => void {
  const usual = server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[];
  server.removeAllListeners('request');
  let isOpen = true;
  server.on('request', (request, response) => {
    if (isOpen && answerAtOnce(request, response, options)) return;
    for (const listener of usual) listener.call(server, request, response);
  });
  return () => {
    isOpen = false;
  };
}

function answerAtOnce(request: IncomingMessage, response: ServerResponse, options: QuickLaneOptions): boolean {
  if (request.method !== 'GET') return false;
  const [, workflow, environment, key] = RESOLVED.exec(request.url ?? '') ?? [];
  if (workflow === undefined || environment === undefined) return false;
  const answer = findAnswer(request, { environment, workflow, encodedKey: key ?? null }, options);
  if (answer === null) return false;
  options.metrics.answeredAtOnce(send(request, response, answer));
  return true;
}

/** Null: not remembered, or to be refused. */
function findAnswer(
  request: IncomingMessage,
  { environment, workflow, encodedKey }: { environment: string; workflow: string; encodedKey: string | null },
  { authenticate, answers }: QuickLaneOptions,
): ReadyAnswer | null {
  try {
    const key = encodedKey === null ? null : decodeURIComponent(encodedKey);
    if (key !== null && key.length > LONGEST_KEY) return null;
    const principal = authenticate(request);
    if (principal instanceof Promise) {
      // The usual way asks again, and says what is wrong.
      principal.catch(() => undefined);
      return null;
    }
    if (!may(principal, ['resolve'])) return null;
    // Its own name needs no looking up, which would cost as much as all else here.
    if (principal.environment !== null && principal.environment.name !== environment)
      seenEnvironment(principal, environment);
    return answers.ready(principal.environment ?? environment, workflow, key);
  } catch {
    return null;
  }
}

function send(request: IncomingMessage, response: ServerResponse, { etag, body }: ReadyAnswer): 200 | 304 {
  if (isAmong(etag, request.headers['if-none-match'])) {
    response.writeHead(304, [...COMMON, 'etag', etag]).end();
    return 304;
  }
  const length = String(body.length);
  response.writeHead(200, [...COMMON, 'etag', etag, 'content-type', RESOLVED_TYPE, 'content-length', length]);
  // Head and body go out as one.
  response.end(body, 'latin1');
  return 200;
}
