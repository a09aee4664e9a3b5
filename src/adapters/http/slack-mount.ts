import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** Bolt's own listener: it reads the raw body (its signature covers the bytes), checks it and answers. */
export type SlackListener = (request: IncomingMessage, response: ServerResponse) => unknown;

/** Hands `POST /slack/events` to Bolt as it came: no body parser, and the answer is Bolt's alone. */
export async function slackMount(app: FastifyInstance, { listener }: { listener: SlackListener }): Promise<void> {
  app.removeAllContentTypeParsers();
  // Accepts every content type and leaves the body unread.
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.post('/slack/events', { schema: { hide: true } }, async (request, reply) => {
    reply.hijack();
    try {
      await listener(request.raw, reply.raw);
    } catch (error) {
      request.log.error({ err: error, reference: request.id }, 'the Slack listener failed');
      if (!reply.raw.headersSent) reply.raw.writeHead(500);
      reply.raw.end();
    }
  });
}
