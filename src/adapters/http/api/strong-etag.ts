import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Gives an answer a strong ETag, the hash of its bytes, and answers 304 without a body where the caller has them already.
 * An `onSend` hook of the route.
 */
export async function strongEtag(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  if (reply.statusCode !== 200 || typeof payload !== 'string') return payload;
  const etag = `"${createHash('sha256').update(payload).digest('base64url')}"`;
  // `no-cache` keeps it, but asks every time whether it still holds.
  reply.header('etag', etag).header('cache-control', 'private, no-cache');
  if (!isAmong(etag, request.headers['if-none-match'])) return payload;
  reply.code(304).removeHeader('content-type');
  return '';
}

/** If-None-Match compares weakly: a proxy that packs answers marks their tags with `W/`. */
export function isAmong(etag: string, header: string | undefined): boolean {
  if (header === undefined) return false;
  // Mostly it is this one alone: taking it apart would cost more than all else of a 304.
  if (header === etag) return true;
  return header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}
