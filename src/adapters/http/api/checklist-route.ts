import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import { takesOnly } from '../takes.ts';
import { type ApiContext, type ApiServer, actorOf } from './api-context.ts';
import { decisionAnswer } from './decision-routes.ts';
import { refusals } from './describe-route.ts';
import { presentPromotion } from './promotion-schema.ts';

/** What people confirm about a promotion: as an approval, never by a program. */
export function checklistRoute(app: ApiServer, context: ApiContext): void {
  const { useCases, workspaceId } = context;
  app.put(
    '/promotions/:id/checklist',
    {
      config: takesOnly('person'),
      schema: {
        tags: ['promotions'],
        operationId: 'tickItem',
        summary: 'Tick an item of a promotion’s checklist, or take the tick back',
        description: 'For people who logged in by `towpath login`: a token of an application never decides.',
        params: z.object({ id: z.uuid() }),
        body: closedObject({
          item: z.string().min(1).max(200).describe('As the checklist of the promotion has it.'),
          ticked: z.boolean().default(true),
        }),
        response: { 200: decisionAnswer, ...refusals(404, 409, 413, 415) },
      },
    },
    async (request) => {
      const { id: promotionId } = request.params;
      const { item, ticked } = request.body;
      const asked = { actor: actorOf(context, request), promotionId, item };
      const { changed, deployed } = await (ticked ? useCases.tickItem(asked) : useCases.untickItem(asked));
      return {
        changed,
        deployed,
        promotion: presentPromotion(await useCases.showPromotion({ workspaceId, promotionId })),
      };
    },
  );
}
