import type { FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.ts';

export type Readiness = { database: boolean; queue: boolean };

/** Milliseconds after which a part that does not answer counts as missing. */
const PATIENCE = 2_000;

/** `/healthz`: the process runs. `/readyz`: it can work, or 503 and which part is missing. `/metrics`: for Prometheus. */
export function healthRoutes(
  app: FastifyInstance,
  { ready, metrics }: { ready: () => Promise<Readiness>; metrics: Metrics },
): void {
  const schema = { hide: true };
  app.get('/healthz', { schema }, () => ({ status: 'ok' }));
  app.get('/readyz', { schema }, async (request, reply) => {
    const parts = await within(PATIENCE, ready).catch((error: unknown) => {
      request.log.warn({ err: error }, 'could not tell whether this process is ready');
      return { database: false, queue: false };
    });
    const isReady = parts.database && parts.queue;
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'unavailable', ...parts });
  });
  app.get('/metrics', { schema }, async (_request, reply) => {
    const { contentType, text } = await metrics.print();
    return reply.type(contentType).send(text);
  });
}

async function within<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
