import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { RequestProblem } from './request-problem.ts';

/** Longer than any token; what is longer is refused unread. */
const LONGEST_HEADER = 1_000;

/**
 * A check of the bearer token. Only its hash is kept, and hashes are compared in constant time, so that neither the answer's
 * timing nor a dump of the process tells the token.
 *
 * @param apiToken null: no token is accepted, and the refusal says how to set one
 */
export function makeAuthenticate(apiToken: string | null): (request: FastifyRequest) => void {
  const expected = apiToken === null ? null : sha256(apiToken);
  return (request) => {
    if (expected === null)
      throw new RequestProblem(
        'unauthorized',
        'This server has no API token yet. Set TOWPATH_API_TOKEN (at least 32 characters) and start it again.',
      );
    const given = bearerOf(request.headers.authorization);
    if (given === null)
      throw new RequestProblem('unauthorized', 'This takes a token. Send it as “Authorization: Bearer TOKEN”.');
    if (!timingSafeEqual(sha256(given), expected))
      throw new RequestProblem('unauthorized', 'This token is not known here. Check TOWPATH_API_TOKEN on both sides.');
  };
}

function bearerOf(header: string | undefined): string | null {
  if (header === undefined || header.length > LONGEST_HEADER) return null;
  return /^Bearer +(\S+)$/i.exec(header)?.[1] ?? null;
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
