import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import { RUN_LIMITS } from '../../../domain/run-record.ts';
import type { Json } from '../../../domain/workflow/json.ts';
import { goneSignal } from '../gone.ts';
import { InvalidRequest } from '../request-problem.ts';
import { takes } from '../takes.ts';
import { type ApiContext, type ApiServer, actorOf } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { given } from './present.ts';
import { environmentName, versionRef, workflowName } from './schemas.ts';

const LONGEST_INPUT = 1024 * 1024;
const json = z.unknown().transform((value) => value as Json);
/** Milliseconds: an hour for the run, as long again for its turn, and some for the rest. */
const PATIENCE = (2 * 60 + 1) * 60_000;

export const executionSchema = z
  .object({
    runId: z.string().describe('Of its run record.'),
    workflow: z.string(),
    version: versionRef,
    environment: z.string(),
    output: z.unknown(),
    cost: z.number().nullable().describe('US dollars; null where what ran it does not tell.'),
    tokens: z.object({ input: z.number().nullable(), output: z.number().nullable() }).nullable(),
    latencyMs: z.number(),
    trace: z.unknown().describe('Null where what ran it tells none.'),
    recorded: z.boolean().describe('False: it ran, but its record could not be kept.'),
  })
  .meta({ id: 'Execution' });

export function executeRoute(app: ApiServer, context: ApiContext): void {
  app.post(
    '/workflows/:name/execute',
    {
      bodyLimit: LONGEST_INPUT,
      handlerTimeout: PATIENCE,
      config: takes('execute', { environment: 'query' }),
      schema: {
        tags: ['data plane'],
        operationId: 'executeWorkflow',
        summary: 'Run what is live in an environment',
        description:
          'Once, by the environment’s agents where it has any, else by the runner of its settings, with its settings, limits and secrets. The answer comes when it has ended, after an hour at most. Hanging up ends the run. Every run is recorded. Runs that could cost more of the day than `limits.costPerDay` leaves wait for those that go on; once it is spent, they are refused with `cost_reached`.',
        params: z.object({ name: workflowName }),
        querystring: closedObject({
          environment: environmentName
            .optional()
            .describe('Left out, the one of the token; other tokens have to say it.'),
        }),
        body: closedObject({
          inputs: json.describe('What the workflow is given; of what shape, is its own affair.'),
          key: z
            .string()
            .min(1)
            .max(RUN_LIMITS.key)
            .optional()
            .describe('Whom the run is for: decides between both sides of a canary, and is kept with its record.'),
        }),
        response: { 200: executionSchema, ...refusals(404, 409, 413, 422, 502, 504) },
      },
    },
    async (request, reply) => {
      const { environment } = request.query;
      if (environment === undefined)
        throw new InvalidRequest([
          { path: 'query/environment', message: 'has to name the environment it is to run in' },
        ]);
      const { inputs, key } = request.body;
      const { cost, tokens, trace, ...run } = await context.useCases.executeWorkflow({
        ...{ actor: actorOf(context, request), environment, workflow: request.params.name },
        ...{ inputs, signal: goneSignal(request, reply) },
        ...given({ key }),
      });
      reply.header('cache-control', 'no-store');
      return {
        ...run,
        cost: cost ?? null,
        tokens: tokens === undefined ? null : { input: tokens.input ?? null, output: tokens.output ?? null },
        trace: trace ?? null,
      };
    },
  );
}
