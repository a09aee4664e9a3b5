import { expire } from './after-change.ts';
import type { Ports } from './ports.ts';
import type { UseCases } from './use-cases.ts';

/** A tick ends at most this many; the next one goes on. */
const MOST_A_TICK = 200;

/**
 * Ends open promotions whose time is over, one transaction each. Any process may tick at any time: each due one is taken by
 * whoever locks it first.
 */
export function makeExpirePromotions({ inTransaction }: Ports): UseCases['expirePromotions'] {
  return async (workspaceId) => {
    let ended = 0;
    while (ended < MOST_A_TICK && (await expireOne())) ended += 1;
    return ended;

    function expireOne(): Promise<boolean> {
      return inTransaction(workspaceId, async (tx) => {
        const promotion = await tx.promotions.takeDue();
        if (promotion === null) return false;
        const workflow = await tx.workflows.getById(promotion.workflowId);
        const pipeline = await tx.environments.pipeline();
        await expire(tx, pipeline, promotion, workflow);
        return true;
      });
    }
  };
}
