import { assertCanApprove } from '../domain/permissions.ts';
import { approve, assertOpen, goingOn, isDue, leadsOneStep } from '../domain/promotion.ts';
import { Refusal } from '../domain/refusal.ts';
import { judgeAgainAt } from '../domain/requirements/evaluate.ts';
import { promotionData, tellStory } from './announce.ts';
import { askForEvidence } from './ask-for-evidence.ts';
import { assertPerson, type Chosen, choose, decision } from './decide.ts';
import { workflowFacts } from './gather-facts.ts';
import { settle } from './go-live.ts';
import type { Ports, Transaction } from './ports.ts';
import { type Review, review, reviewWith } from './review.ts';
import type { Decision, UseCases } from './use-cases.ts';
import { whoCouldDecide } from './who-could.ts';

type ApproveRequest = Parameters<UseCases['approvePromotion']>[0];

/** One person's yes. The one that meets the last requirement deploys, in this transaction (rule 6). */
export function makeApprovePromotion({ inTransaction }: Ports): UseCases['approvePromotion'] {
  return (request) =>
    inTransaction(request.actor.workspaceId, async (tx) => {
      assertPerson(request.actor, 'approve');
      const chosen = await choose(tx, request.choice, 'approve');
      const repeated =
        chosen.promotion.status === 'deployed' && chosen.promotion.approvals.some((a) => a.by === request.actor.userId);
      if (repeated) return decision(tx, chosen, chosen.promotion, false);
      return addApproval(tx, request, chosen);
    });
}

async function addApproval(tx: Transaction, { actor, reviewed }: ApproveRequest, chosen: Chosen): Promise<Decision> {
  const { workflow, pipeline, target } = chosen;
  const promotion = goingOn(chosen.promotion);
  assertOpen(promotion);
  if (isDue(promotion, tx.now))
    throw new Refusal('already_decided', 'This promotion has expired. Ask again with /promote if it is still wanted.');
  if (!leadsOneStep(promotion, pipeline)) {
    throw new Refusal(
      'moved_on',
      `The pipeline changed since this was asked for, and ${target.name} is not its next step any more. Cancel this request and ask again with /promote.`,
    );
  }
  const people = await tx.people.getManyLocked([...new Set([actor.userId, ...promotion.approvals.map((a) => a.by)])]);
  const person = people.get(actor.userId) ?? (await tx.people.get(actor.userId));
  const around = await workflowFacts(tx, workflow, target, promotion.versionId);
  assertCanApprove(person, promotion, target, around, await whoCouldDecide(tx, person, chosen));
  if (chosen.promotion.heldSince != null) {
    await tx.promotions.keepBack(promotion.id, null);
    await tx.announcements.refresh(promotion.id);
  }
  const now = await review(tx, promotion, workflow, pipeline, async () => people);
  if (reviewed !== undefined && reviewed !== now.fingerprint) {
    throw new Refusal(
      'review_changed',
      'This promotion changed since the card you clicked was drawn. Look at it again, then approve what it says now.',
    );
  }
  const approved = approve(promotion, person, now, tx.now);
  if (approved === promotion) {
    // Where an undone rollback or a role given back made it complete meanwhile, this click is the act that deploys (rule 6).
    const settled = await settle(tx, actor, workflow, pipeline, now);
    if (settled.deployed) await tx.announcements.refresh(promotion.id);
    else await askForEvidence(tx, now);
    return decision(tx, chosen, settled.promotion, settled.deployed);
  }
  // What is replaced is told of too, should this deploy: both are read at once.
  await tx.versions.getMany([promotion.versionId, ...(now.live === null ? [] : [now.live.versionId])]);
  const version = await tx.versions.getById(promotion.versionId);
  await tx.audit.record(actor, {
    action: 'promotion.approved',
    subject: `promotion:${promotion.id}`,
    workflowId: workflow.id,
    environmentId: target.id,
    before: promotion,
    after: approved,
  });
  await tx.webhooks.publish(
    { environment: target, workflow },
    'promotion.approved',
    promotionData(approved, workflow, version, target, actor.userId),
  );
  return finish(tx, actor, chosen, reviewWith(now, approved));
}

/** Tells of the approval and, where it was the last thing needed, deploys. */
async function finish(
  tx: Transaction,
  actor: ApproveRequest['actor'],
  chosen: Chosen,
  judged: Review,
): Promise<Decision> {
  const approved = judged.facts.promotion;
  const pending = judged.verdicts.filter((verdict) => verdict.state !== 'met').map((verdict) => verdict.summary);
  const remaining = pending.length === 0 ? null : pending.join('; ');
  // The first of the subject's jobs: people see the card change before its thread tells why.
  await tx.announcements.refresh(approved.id);
  await tellStory(tx, approved.id, { event: 'approved', by: actor.userId, at: tx.now.toISOString(), remaining });
  const settled = await settle(tx, actor, chosen.workflow, chosen.pipeline, judged);
  // Deploying saved it, this approval included.
  if (!settled.deployed) {
    await tx.promotions.save(approved, judgeAgainAt(judged.verdicts));
    // What was found out may have grown old while this approval was waited for.
    await askForEvidence(tx, judged);
  }
  return decision(tx, chosen, settled.promotion, true, judged.verdicts);
}
