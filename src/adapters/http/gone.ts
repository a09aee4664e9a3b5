import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Aborted once whoever asked hangs up before there is an answer. A socket on which nothing moves is usually closed; while this is waited
 * for, it stays open.
 */
export function goneSignal(request: Pick<FastifyRequest, 'raw'>, reply: Pick<FastifyReply, 'raw'>): AbortSignal {
  const gone = new AbortController();
  request.raw.socket.setTimeout(0);
  const left = () => {
    if (!reply.raw.writableFinished) gone.abort(new Gone());
  };
  reply.raw.once('close', left);
  if (reply.raw.destroyed) left();
  return gone.signal;
}

/** Whoever asked is not there any more; nobody reads what is answered. */
export class Gone extends Error {
  constructor() {
    super('Whoever asked has gone.');
    this.name = 'Gone';
  }
}
