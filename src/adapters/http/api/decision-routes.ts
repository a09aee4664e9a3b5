import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import { takesOnly } from '../takes.ts';
import { type ApiContext, type ApiServer, actorOf } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { presentPromotion, promotionSchema } from './promotion-schema.ts';
import { reason } from './schemas.ts';

export const decisionAnswer = z
  .object({
    changed: z.boolean().describe('False: it was decided so before.'),
    deployed: z.boolean().describe('Whether this was the last thing that was missing.'),
    promotion: promotionSchema,
  })
  .meta({ id: 'Decision' });

const params = z.object({ id: z.uuid() });
const tags = ['promotions'];
const answered = { 200: decisionAnswer, ...refusals(404, 409, 413, 415) };
const byPeople = 'For people who logged in by `towpath login`: a token of an application never decides.';

/** A person's yes or no, by the same rules as in Slack (rule 4). */
export function decisionRoutes(app: ApiServer, context: ApiContext): void {
  const { useCases, workspaceId } = context;
  app.post(
    '/promotions/:id/approval',
    {
      config: takesOnly('person'),
      schema: {
        ...{ tags, params, response: answered, description: byPeople },
        operationId: 'approvePromotion',
        summary: 'Approve a promotion',
        body: closedObject({
          fingerprint: z
            .string()
            .min(1)
            .max(200)
            .describe('That of the promotion as it was shown: what moved is not approved.'),
        }),
      },
    },
    async (request) => {
      const { id: promotionId } = request.params;
      const { changed, deployed } = await useCases.approvePromotion({
        actor: actorOf(context, request),
        choice: { promotionId },
        reviewed: request.body.fingerprint,
      });
      return { changed, deployed, promotion: await shown(promotionId) };
    },
  );

  app.post(
    '/promotions/:id/rejection',
    {
      config: takesOnly('person'),
      schema: {
        ...{ tags, params, response: answered, description: byPeople },
        operationId: 'rejectPromotion',
        summary: 'Reject a promotion',
        body: closedObject({ reason: reason.describe('Why, for whoever asked.') }),
      },
    },
    async (request) => {
      const { id: promotionId } = request.params;
      const { changed, deployed } = await useCases.rejectPromotion({
        actor: actorOf(context, request),
        choice: { promotionId },
        reason: request.body.reason,
      });
      return { changed, deployed, promotion: await shown(promotionId) };
    },
  );

  async function shown(promotionId: string) {
    return presentPromotion(await useCases.showPromotion({ workspaceId, promotionId }));
  }
}
