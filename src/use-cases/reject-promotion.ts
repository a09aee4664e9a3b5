import { assertCanReject } from '../domain/permissions.ts';
import { assertOpen, close } from '../domain/promotion.ts';
import { endPromotion } from './after-change.ts';
import { tellStory } from './announce.ts';
import { assertPerson, checkReason, choose, decision } from './decide.ts';
import type { Ports } from './ports.ts';
import type { UseCases } from './use-cases.ts';
import { whoCouldDecide } from './who-could.ts';

/** Rule 7: any eligible reviewer rejects, with a reason. */
export function makeRejectPromotion({ inTransaction }: Ports): UseCases['rejectPromotion'] {
  return ({ actor, choice, reason: words }) =>
    inTransaction(actor.workspaceId, async (tx) => {
      assertPerson(actor, 'reject');
      const reason = checkReason(words, `/reject ${choice.workflow ?? 'WORKFLOW'}`);
      const chosen = await choose(tx, choice, 'reject');
      const { promotion, workflow, pipeline, target } = chosen;
      if (promotion.status === 'rejected' && promotion.closedBy === actor.userId)
        return decision(tx, chosen, promotion, false);
      assertOpen(promotion);
      const person = await tx.people.get(actor.userId);
      assertCanReject(person, promotion, target, workflow, await whoCouldDecide(tx, person, chosen));
      const closed = close(promotion, 'rejected', { by: actor.userId, reason, at: tx.now });
      await endPromotion(tx, actor, pipeline, promotion, closed, workflow);
      await tellStory(tx, promotion.id, { event: 'rejected', by: actor.userId, at: tx.now.toISOString(), reason });
      return decision(tx, chosen, closed, true);
    });
}
