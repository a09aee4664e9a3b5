import { assertCanCancel } from '../domain/permissions.ts';
import { assertOpen, close } from '../domain/promotion.ts';
import { endPromotion } from './after-change.ts';
import { tellStory } from './announce.ts';
import { choose, decision } from './decide.ts';
import { getActing } from './find-things.ts';
import type { Ports } from './ports.ts';
import type { UseCases } from './use-cases.ts';

/** Rule 7: only the requester, or an admin, cancels. */
export function makeCancelPromotion({ inTransaction }: Ports): UseCases['cancelPromotion'] {
  return ({ actor, promotionId }) =>
    inTransaction(actor.workspaceId, async (tx) => {
      const chosen = await choose(tx, { promotionId }, 'cancel');
      const { promotion, workflow, pipeline } = chosen;
      if (promotion.status === 'cancelled' && promotion.closedBy === actor.userId)
        return decision(tx, chosen, promotion, false);
      assertOpen(promotion);
      assertCanCancel(await getActing(tx, actor), promotion);
      const closed = close(promotion, 'cancelled', { by: actor.userId, reason: null, at: tx.now });
      await endPromotion(tx, actor, pipeline, promotion, closed, workflow);
      await tellStory(tx, promotion.id, { event: 'cancelled', by: actor.userId, at: tx.now.toISOString() });
      return decision(tx, chosen, closed, true);
    });
}
