import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import type { GivenAnswer, NamedEnvironment } from '../../../use-cases/ports/data-plane.ts';
import { type Principal, seenEnvironment } from '../principal.ts';
import { LONGEST_KEY, RESOLVED_CACHE_CONTROL, RESOLVED_TYPE } from '../quick-lane.ts';
import { takes } from '../takes.ts';
import type { ApiContext, ApiServer } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { resolvedSchema } from './resolved-schema.ts';
import { environmentName, workflowName } from './schemas.ts';
import { isAmong } from './strong-etag.ts';

const STALE = { 'towpath-stale': 'true', warning: '110 - "Response is Stale"' };

const key = z
  .string()
  .min(1)
  .max(LONGEST_KEY)
  .describe(
    'Whom a run is for, such as a user or a session. While a canary runs, the same key always gets the same side of it, also when its share grows; without a key it is the active version.',
  );
const common = {
  tags: ['data plane'],
  response: { 200: resolvedSchema, ...refusals(404, 409, 422) },
};
const route = {
  config: { ...takes('resolve', { environment: 'handler' }), isQuick: true },
  childLoggerFactory: (logger: FastifyBaseLogger) => logger,
} as const;
const description =
  'The version that is live, filled with the settings of its environment; secrets by name, never by value. Has a strong ETag: with If-None-Match it answers 304 while nothing changed. While the database can’t be reached it answers what was last known, with `Towpath-Stale: true`.';

interface Asked {
  name: string;
  environment: string;
  key?: string | undefined;
}

/** What running workflows ask for. What is remembered is sent as it is: nothing is queried, checked or written anew for it. */
export function resolveRoutes(app: ApiServer, { dataPlane: { answers } }: ApiContext): void {
  const answer = (request: FastifyRequest, reply: FastifyReply, asked: Asked) => {
    const { environment, name, key = null } = asked;
    const given = answers.get(environmentFor(request.principal, environment), name, key);
    return given instanceof Promise ? given.then((made) => send(request, reply, made)) : send(request, reply, given);
  };

  app.get(
    '/workflows/:name/environments/:environment/resolved',
    {
      ...route,
      schema: {
        ...common,
        operationId: 'resolveWorkflow',
        summary: 'What runs in an environment',
        description,
        params: z.object({ name: workflowName, environment: environmentName }),
        querystring: closedObject({ key: key.optional() }),
      },
    },
    (request, reply) => answer(request as never, reply as never, { ...request.params, ...request.query }) as never,
  );

  app.get(
    '/workflows/:name/resolve',
    {
      ...route,
      schema: {
        ...common,
        operationId: 'resolveWorkflowByQuery',
        summary: 'What runs in an environment that the query names',
        description: `${description} The environment is never guessed.`,
        params: z.object({ name: workflowName }),
        querystring: closedObject({ environment: environmentName, key: key.optional() }),
      },
    },
    (request, reply) => answer(request as never, reply as never, { ...request.params, ...request.query }) as never,
  );
}

/**
 * The environment that a request names, as the one who asks may see it.
 * @throws Refusal unknown_environment
 */
export function environmentFor(principal: Principal, word: string): NamedEnvironment {
  const { environment } = principal;
  if (environment === null) return word;
  seenEnvironment(principal, word);
  return environment;
}

function send(request: FastifyRequest, reply: FastifyReply, { answer, isStale }: GivenAnswer): FastifyReply {
  reply.header('etag', answer.etag).header('cache-control', RESOLVED_CACHE_CONTROL);
  if (isStale) reply.headers(STALE);
  if (isAmong(answer.etag, request.headers['if-none-match'])) return reply.code(304).send();
  return reply.type(RESOLVED_TYPE).send(Buffer.from(answer.body, 'latin1'));
}
