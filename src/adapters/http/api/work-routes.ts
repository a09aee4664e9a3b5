import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import type { Json } from '../../../domain/workflow/json.ts';
import type { WorkResult } from '../../../use-cases/ports.ts';
import { goneSignal } from '../gone.ts';
import type { Principal } from '../principal.ts';
import { RequestProblem } from '../request-problem.ts';
import { takes } from '../takes.ts';
import { type ApiContext, type ApiServer, actorOf } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { given } from './present.ts';
import { date } from './schemas.ts';

/** Seconds that an agent is let wait, and how many agents wait here at a time. */
const LONGEST_WAIT = 20;
const MOST_WAITING = 1_000;
const LONGEST_RESULT = 10 * 1024 * 1024;

const json = z.unknown().transform((value) => value as Json | undefined);
const count = z.number().int().min(0).max(1_000_000_000);
const workSchema = z
  .looseObject({
    id: z.string().describe('Name it with the result.'),
    until: date.describe('A result that comes later is not taken.'),
    workflow: z.string(),
    version: z.number().int().nullable().describe('Null: a file that was never pushed.'),
    environment: z.string(),
    definition: z
      .unknown()
      .describe('Filled with the settings. Secrets are in it by name; read them with the scope secrets:read.'),
    input: z.unknown(),
    shadow: z.boolean().describe('True: it has to have no effects.'),
    overrides: z.unknown().describe('Models and parameters that the format can’t hold itself.'),
    limits: z
      .object({ timeoutMs: z.number(), cost: z.number().nullable() })
      .describe('What came to nothing is given out again by Towpath, as often as the settings say.'),
  })
  .meta({ id: 'Work' });

const answer = closedObject({
  output: json.refine((output) => output !== undefined, { error: 'is missing' }),
  cost: z.number().min(0).max(1_000_000).optional().describe('US dollars.'),
  tokens: closedObject({ input: count.optional(), output: count.optional() }).optional(),
  trace: json.optional(),
});
const failure = closedObject({
  error: z.string().trim().min(1).max(4_000).describe('Why it came to nothing. No secret in it.'),
});

const tags = ['data plane'];
const agent = z.string().min(1).max(128).describe('Its name, such as runner-7f9c.');

/** What agents do for Towpath: they take the runs of their token's environment, and of no other. */
export function workRoutes(app: ApiServer, context: ApiContext): void {
  const { useCases, workspaceId } = context;
  let waiting = 0;
  const closing = new AbortController();
  // Whoever waits is told at once that there is nothing, and asks another process.
  app.addHook('preClose', async () => closing.abort());

  app.post(
    '/agents/:name/work',
    {
      handlerTimeout: (LONGEST_WAIT + 20) * 1_000,
      config: takes('agents', { environment: 'handler' }),
      schema: {
        tags,
        operationId: 'takeWork',
        summary: 'Take the next run',
        description:
          "Of the token's environment; 204: there was none. Asking says that the agent is there, as registering does. While an environment has agents, its runs are given to them alone.",
        params: z.object({ name: agent }),
        body: closedObject({
          wait: z.number().min(0).max(LONGEST_WAIT).default(LONGEST_WAIT).describe('Seconds to wait for one.'),
          release: z.string().max(128).optional().describe('What it says of its own release.'),
        }),
        response: { 200: workSchema, 204: z.null().describe('There is none.'), ...refusals(403, 409, 422, 429) },
      },
    },
    async (request, reply) => {
      const { token, environment } = agentOf(request.principal);
      if (waiting >= MOST_WAITING)
        throw new RequestProblem('too_many_requests', 'Too many agents wait for runs here. Ask again in a while.');
      waiting += 1;
      try {
        const { wait, release } = request.body;
        const work = await useCases.takeWork({
          ...{ actor: actorOf(context, request), environment, tokenId: token.id, agent: request.params.name },
          signal: AbortSignal.any([goneSignal(request, reply), closing.signal]),
          ...{ waitMs: wait * 1_000, ...given({ release }) },
        });
        reply.header('cache-control', 'no-store');
        if (work === null) return reply.code(204).send(null);
        const message = JSON.parse(work.message) as Omit<z.infer<typeof workSchema>, 'id' | 'until'>;
        return { ...message, id: work.id, until: work.until.toISOString() } as z.infer<typeof workSchema>;
      } finally {
        waiting -= 1;
      }
    },
  );

  app.post(
    '/work/:id/result',
    {
      bodyLimit: LONGEST_RESULT,
      config: takes('agents', { environment: 'handler' }),
      schema: {
        tags,
        operationId: 'answerWork',
        summary: 'Say what became of a run',
        description: 'Once, before its time is up: with what came out of it, or with why nothing did.',
        params: z.object({ id: z.string().max(100) }),
        body: z.union([answer, failure]),
        response: { 204: z.null().describe('Taken.'), ...refusals(403, 404, 413, 422) },
      },
    },
    async (request, reply) => {
      const { environment } = agentOf(request.principal);
      await useCases.answerWork({ workspaceId, environment, id: request.params.id, result: resultOf(request.body) });
      return reply.code(204).send(null);
    },
  );
}

function resultOf(body: z.infer<typeof answer> | z.infer<typeof failure>): WorkResult {
  if ('error' in body) return body;
  const { output, trace, tokens, cost } = body;
  return {
    answer: {
      output: output as Json,
      ...given({ cost, trace }),
      ...(tokens !== undefined && { tokens: given(tokens) }),
    },
  };
}

/** @throws RequestProblem not_permitted */
function agentOf({ token, environment }: Principal) {
  if (token !== null && environment !== null) return { token, environment };
  throw new RequestProblem(
    'not_permitted',
    'An agent works with a token of its environment. An admin makes one with `/towpath token create`.',
  );
}
