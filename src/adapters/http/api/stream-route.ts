import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import type { StreamSink } from '../../../use-cases/ports/data-plane.ts';
import { RequestProblem } from '../request-problem.ts';
import { takes } from '../takes.ts';
import type { ApiContext, ApiServer } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { environmentFor } from './resolve-routes.ts';
import { environmentName } from './schemas.ts';

/** Milliseconds that a reader has to take the last words of a stream. */
const LAST_WORDS = 5_000;

const description = `Server-sent events. \`resolved-changed\`: what a workflow resolves to has changed, its data as in \`{"workflow","environment","version","deployment","candidate","settingsRevision"}\`, of which \`candidate\` is null or the \`{"version","deployment"}\` of a canary beside the version that is live, which also a new share of it is told with; with \`workflow\` null every one of the environment has. \`reset\`: anything may have changed. \`end\`: the last event, with a \`reason\`. A comment comes every 15 s. Send the last id as \`Last-Event-ID\` to be told what was missed; an event may come twice.`;

export function streamRoute(app: ApiServer, { dataPlane: { stream } }: ApiContext): void {
  app.get(
    '/stream',
    {
      // A HEAD of it would be a stream that nobody reads.
      exposeHeadRoute: false,
      config: takes('resolve', { environment: 'handler' }),
      schema: {
        tags: ['data plane'],
        operationId: 'streamChanges',
        summary: 'What changes in an environment, as it happens',
        description,
        querystring: closedObject({ environment: environmentName }),
        response: {
          200: { description: 'A stream.', content: { 'text/event-stream': { schema: z.string() } } },
          ...refusals(404, 422, 429),
        },
      },
    },
    async (request, reply) => {
      const { principal, query, headers } = request;
      const { raw } = reply;
      let gone = () => {};
      raw.once('close', () => gone());
      const leave = await stream.open({
        environment: environmentFor(principal, query.environment),
        holder: principal.token?.id ?? 'operator',
        lastSeen: lastSeen(headers['last-event-id']),
        stillGood: () => principal.stillGood(),
        sink: sinkOf(reply as never),
      });
      if (leave === null)
        throw new RequestProblem(
          'too_many_streams',
          'Too many streams are open with this token. Share one among those who read the same environment, or ask again later.',
        );
      gone = leave;
      if (raw.destroyed) leave();
      return reply as never;
    },
  );
}

/** What can't be a number that was given here is long gone: whoever sends it is told to begin anew. */
function lastSeen(header: string | string[] | undefined): number | null {
  if (header === undefined || header === '') return null;
  return typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : 0;
}

/** Takes the answer over with the first thing that is written; until then it may still be refused. */
function sinkOf(reply: FastifyReply): StreamSink {
  const { raw } = reply;
  return {
    write(chunk) {
      if (!raw.headersSent) begin(reply, raw);
      if (!raw.destroyed) raw.write(chunk);
    },
    waiting: () => raw.writableLength,
    end() {
      raw.end();
      setTimeout(() => raw.destroy(), LAST_WORDS).unref();
    },
  };
}

function begin(reply: FastifyReply, raw: ServerResponse): void {
  const headers = reply.getHeaders();
  reply.hijack();
  raw.writeHead(200, {
    ...(headers as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // A proxy that gathers what it passes on would hold events back.
    'x-accel-buffering': 'no',
  });
}
