import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import { DURATION_TEXT, durationOf } from '../../../domain/settings/setting-name.ts';
import type { When } from '../../../use-cases/use-cases.ts';
import { InvalidRequest } from '../request-problem.ts';
import { takes } from '../takes.ts';
import { type ApiContext, type ApiServer, actorOf, personBehind } from './api-context.ts';
import { refusals } from './describe-route.ts';
import {
  freezeSchema,
  holdsSchema,
  lockSchema,
  presentFreeze,
  presentHolds,
  presentLock,
  presentWhy,
  whySchema,
} from './hold-schema.ts';
import { given } from './present.ts';
import { environmentName, onBehalfOf, reason, workflowName } from './schemas.ts';

const tags = ['holds'];
const scope = {
  scope: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('A workflow, an environment, or all: in place of the other two.'),
  workflow: workflowName.optional(),
  environment: environmentName.optional().describe('Both: the one workflow in the one environment.'),
};
const ends = {
  until: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('When it ends by itself. Left out: somebody has to end it.'),
  for: z
    .string()
    .regex(DURATION_TEXT, { error: 'has to be a time such as 30m, 2h or 3d' })
    .optional()
    .describe('In place of `until`: how long from now.'),
};
const byHand = {
  reason: reason.describe('Why, for whoever is stopped by it.'),
  ...ends,
  onBehalfOf: onBehalfOf.optional(),
};

/** What keeps versions from going live, set by hand. Rollbacks work all the same. */
export function holdRoutes(app: ApiServer, context: ApiContext): void {
  const { useCases, workspaceId } = context;
  app.get(
    '/holds',
    {
      config: takes('read'),
      schema: {
        ...{ tags, operationId: 'listHolds', summary: 'What is locked and frozen now, by whom and why' },
        response: { 200: holdsSchema, ...refusals() },
      },
    },
    async () => presentHolds(await useCases.listHolds({ workspaceId })),
  );

  app.get(
    '/workflows/:name/environments/:environment/why',
    {
      config: takes('read'),
      schema: {
        tags: ['promotions'],
        operationId: 'explainPromotion',
        summary: 'What stands between a workflow and an environment',
        description: 'Of the promotion under review, or of what asking for one now would need.',
        params: z.object({ name: workflowName, environment: environmentName }),
        querystring: closedObject({ onBehalfOf: onBehalfOf.optional() }),
        response: { 200: whySchema, ...refusals(404, 422) },
      },
    },
    async (request) => {
      const { name: workflow, environment } = request.params;
      const actor = actorOf(context, request, request.query.onBehalfOf);
      return presentWhy(await useCases.explainPromotion({ actor, workflow, environment }));
    },
  );
  lockRoutes(app, context);
  freezeRoutes(app, context);
}

function lockRoutes(app: ApiServer, context: ApiContext): void {
  const { useCases } = context;
  app.post(
    '/locks',
    {
      config: takes('promote'),
      schema: {
        ...{ tags, operationId: 'lock', summary: 'Let nothing go live in a scope' },
        body: closedObject({ ...scope, ...byHand }),
        response: { 201: lockSchema, ...refusals(403, 404, 409, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const { onBehalfOf: person, until, for: lasts, reason: why, ...where } = request.body;
      const actor = personBehind(context, request, person);
      const asked = { actor, reason: why, ...given(where), ...endOf({ until, for: lasts }) };
      reply.code(201);
      return presentLock(await useCases.lock(asked));
    },
  );

  app.delete(
    '/locks',
    {
      config: takes('promote'),
      schema: {
        ...{ tags, operationId: 'unlock', summary: 'End the locks of a scope, or one of them' },
        description: 'What waited for that alone goes live. Whoever locked it is told, where it was somebody else.',
        querystring: closedObject({
          ...scope,
          id: z.uuid().optional().describe('Of one lock, in place of a scope.'),
          others: z.enum(['true', 'false']).optional().describe('true: also those of somebody else.'),
          onBehalfOf: onBehalfOf.optional(),
        }),
        response: { 200: z.object({ ended: z.array(lockSchema) }), ...refusals(403, 404, 409, 422) },
      },
    },
    async (request) => {
      const { onBehalfOf: person, id: lockId, others, ...where } = request.query;
      const actor = personBehind(context, request, person);
      const asked = { actor, others: others === 'true', ...given({ ...where, lockId }) };
      return { ended: (await useCases.unlock(asked)).ended.map(presentLock) };
    },
  );
}

function freezeRoutes(app: ApiServer, context: ApiContext): void {
  const { useCases } = context;
  const path = '/environments/:environment/freezes';
  const params = z.object({ environment: environmentName });
  app.post(
    path,
    {
      config: takes('promote'),
      schema: {
        ...{ tags, params, operationId: 'freeze', summary: 'Let nothing go live in an environment' },
        body: closedObject(byHand),
        response: { 201: freezeSchema, ...refusals(403, 404, 409, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const { onBehalfOf: person, reason: why, ...rest } = request.body;
      const actor = personBehind(context, request, person);
      const asked = { actor, environment: request.params.environment, reason: why, ...endOf(rest) };
      reply.code(201);
      return presentFreeze(await useCases.freeze(asked));
    },
  );

  app.delete(
    path,
    {
      config: takes('promote'),
      schema: {
        ...{ tags, params, operationId: 'unfreeze', summary: 'End what was frozen by hand in an environment' },
        querystring: closedObject({ onBehalfOf: onBehalfOf.optional() }),
        response: { 200: z.object({ ended: z.array(freezeSchema) }), ...refusals(403, 404, 422) },
      },
    },
    async (request) => {
      const actor = personBehind(context, request, request.query.onBehalfOf);
      const { ended } = await useCases.unfreeze({ actor, environment: request.params.environment });
      return { ended: ended.map(presentFreeze) };
    },
  );
}

/** @throws InvalidRequest where both say when */
function endOf({ until, for: lasts }: { until?: string | undefined; for?: string | undefined }): { until?: When } {
  if (until !== undefined && lasts !== undefined)
    throw new InvalidRequest([
      { path: 'body/for', message: 'says when it ends, as “until” does: leave one of them out' },
    ]);
  if (until !== undefined) return { until: new Date(until) };
  return lasts === undefined ? {} : { until: { in: durationOf(lasts) } };
}
