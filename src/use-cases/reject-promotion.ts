import type { Actor } from '../domain/actor.ts';
import { assertCanReject } from '../domain/permissions.ts';
import { assertOpen, close, object } from '../domain/promotion.ts';
import { endPromotion } from './after-change.ts';
import { tellStory } from './announce.ts';
import { assertPerson, type Chosen, checkReason, choose, decision } from './decide.ts';
import { workflowFacts } from './gather-facts.ts';
import type { Ports, Transaction } from './ports.ts';
import { review } from './review.ts';
import type { Decision, UseCases } from './use-cases.ts';
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
      const around = await workflowFacts(tx, workflow, target, promotion.versionId);
      assertCanReject(person, promotion, target, around, await whoCouldDecide(tx, person, chosen));
      if (target.policy.rejection === 'counts') return countNo(tx, actor, chosen, reason);
      const closed = close(promotion, 'rejected', { by: actor.userId, reason, at: tx.now });
      await endPromotion(tx, actor, pipeline, promotion, closed, workflow);
      await tellStory(tx, promotion.id, { event: 'rejected', by: actor.userId, at: tx.now.toISOString(), reason });
      return decision(tx, chosen, closed, true);
    });
}

/** Where the policy says so, a no keeps the promotion open: this person's yes counts no more until they give it anew. */
async function countNo(tx: Transaction, actor: Actor, chosen: Chosen, reason: string): Promise<Decision> {
  const { promotion, workflow, pipeline, target } = chosen;
  const objected = object(promotion, { by: actor.userId, reason, at: tx.now });
  if (objected !== promotion) {
    await tx.promotions.save(objected);
    await tx.audit.record(actor, {
      ...{ action: 'promotion.objected', subject: `promotion:${promotion.id}` },
      ...{ workflowId: workflow.id, environmentId: target.id, before: promotion, after: objected },
    });
    await tx.announcements.refresh(promotion.id);
    await tellStory(tx, promotion.id, { event: 'objected', by: actor.userId, at: tx.now.toISOString(), reason });
  }
  const { verdicts } = await review(tx, objected, workflow, pipeline);
  return decision(tx, chosen, objected, objected !== promotion, verdicts);
}
