import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import type { RequestResult } from '../../../use-cases/use-cases.ts';
import { RequestProblem } from '../request-problem.ts';
import { takes } from '../takes.ts';
import { type ApiContext, type ApiServer, personBehind } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { given } from './present.ts';
import {
  PROMOTION_STATUSES,
  presentPromotion,
  presentSummary,
  promotionSchema,
  promotionSummary,
} from './promotion-schema.ts';
import { sharePercent, toShare } from './rollout-schema.ts';
import { cursor, environmentName, limit, onBehalfOf, pageOf, reason, workflowName } from './schemas.ts';

export const requestAnswer = z
  .object({
    outcome: z
      .enum(['opened', 'deployed', 'already-open'])
      .describe('deployed: nothing was missing. already-open: the same version is under review already.'),
    promotion: promotionSchema,
  })
  .meta({ id: 'PromotionAnswer' });

const tags = ['promotions'];

export function promotionRoutes(app: ApiServer, context: ApiContext): void {
  const { useCases, workspaceId } = context;
  app.get(
    '/promotions',
    {
      config: takes('read'),
      schema: {
        tags,
        operationId: 'listPromotions',
        summary: 'Promotions, newest first',
        querystring: closedObject({
          status: z.enum(PROMOTION_STATUSES).optional(),
          workflow: workflowName.optional(),
          limit,
          cursor: cursor.optional(),
        }),
        response: { 200: pageOf(promotionSummary), ...refusals(404, 422) },
      },
    },
    async ({ query: { status, workflow, ...page } }) => {
      const { items, cursor: next } = await useCases.listPromotions({
        workspaceId,
        ...given({ status, workflow }),
        page: given(page),
      });
      return { items: items.map(presentSummary), cursor: next };
    },
  );

  app.get(
    '/promotions/:id',
    {
      config: takes('read'),
      schema: {
        tags,
        operationId: 'showPromotion',
        summary: 'One promotion, and what it still needs',
        params: z.object({ id: z.uuid() }),
        response: { 200: promotionSchema, ...refusals(404) },
      },
    },
    async ({ params }) => presentPromotion(await useCases.showPromotion({ workspaceId, promotionId: params.id })),
  );

  app.post(
    '/promotions',
    {
      config: takes('promote'),
      schema: {
        tags,
        operationId: 'requestPromotion',
        summary: 'Ask to take what is live in the environment before to this one',
        description:
          'People approve it, in Slack or logged in by `towpath login`; a token of an application never does.',
        body: closedObject({
          workflow: workflowName,
          environment: environmentName,
          onBehalfOf: onBehalfOf.optional(),
          reason: reason.optional(),
          version: z
            .int()
            .positive()
            .optional()
            .describe(
              'Number of the version that is meant: where another is live in the environment before, nothing is asked.',
            ),
          canary: sharePercent
            .optional()
            .describe('Percent of all keys that it is given to at first, beside what is live. Left out: all at once.'),
          at: z.iso
            .datetime({ offset: true })
            .optional()
            .describe('When it is to go live: approvals now, and everything is judged again then.'),
          replace: z.uuid().optional().describe('Id of the open promotion that this one takes the place of.'),
        }),
        response: { 200: requestAnswer, 201: requestAnswer, ...refusals(403, 404, 409, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const { onBehalfOf: person, version: expectedNumber, canary, at, ...asked } = request.body;
      const result = await useCases.requestPromotion({
        actor: personBehind(context, request, person),
        ...given({
          ...asked,
          expectedNumber,
          canary: toShare(canary),
          at: at === undefined ? undefined : new Date(at),
        }),
      });
      if (result.kind === 'confirm-replacement') throw notConfirmed(result);
      if (result.kind !== 'already-open')
        reply.code(201).header('location', `/api/v1/promotions/${result.promotion.id}`);
      return { outcome: result.kind, promotion: presentPromotion(result.promotion) };
    },
  );
}

function notConfirmed({
  open,
  proposed,
  approvedBy,
}: Extract<RequestResult, { kind: 'confirm-replacement' }>): RequestProblem {
  const approved = approvedBy.length === 0 ? '' : `, approved by ${approvedBy.map((id) => `@${id}`).join(', ')}`;
  const detail = `v${open.version.number} is under review for ${open.to.name}${approved}. To put v${proposed.number} in its place, repeat the request with “replace” set to its id.`;
  return new RequestProblem('replacement_not_confirmed', detail, {
    open: { promotionId: open.id, version: open.version.number, approvedBy },
  });
}
