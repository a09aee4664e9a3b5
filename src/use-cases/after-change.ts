import { type Actor, isPersonsAct } from '../domain/actor.ts';
import type { Environment, Pipeline } from '../domain/environment.ts';
import { policyFor } from '../domain/policy/policy-for.ts';
import { close, type Promotion } from '../domain/promotion.ts';
import { versionName, type Workflow } from '../domain/version.ts';
import { promotionData, tellStory } from './announce.ts';
import { getEnvironmentById } from './find-things.ts';
import { asksForEvidence } from './gather-facts.ts';
import { letGoOfLocks } from './holds/let-go-of-locks.ts';
import type { Transaction } from './ports.ts';
import { endRunsOf } from './suite/end-run.ts';
import { refreshDeployment } from './tell-deployment.ts';

/** Another version is live in an environment of a workflow than before. */
export interface LiveChange {
  workflow: Workflow;
  environment: Environment;
  /** Version ids; null for nothing. */
  before: string | null;
  now: string;
}

/**
 * What a change of what is live means for the workflow's open promotions: cards show the new state, approvals of the old one
 * stop counting by themselves (their fingerprint moved), and what can't be had any more goes stale (rules 2 and 5).
 */
export async function afterChange(
  tx: Transaction,
  actor: Actor,
  pipeline: Pipeline,
  change: LiveChange,
): Promise<void> {
  for (const promotion of await tx.promotions.listOpen([change.workflow.id])) {
    if (promotion.targetEnvironmentId === change.environment.id)
      await targetMoved(tx, actor, pipeline, promotion, change);
    else if (promotion.sourceEnvironmentId === change.environment.id)
      await sourceMoved(tx, pipeline, promotion, change);
  }
}

async function targetMoved(
  tx: Transaction,
  actor: Actor,
  pipeline: Pipeline,
  promotion: Promotion,
  change: LiveChange,
): Promise<void> {
  if (promotion.versionId === change.now) {
    await goStale(tx, actor, pipeline, promotion, change.workflow, `It is live in ${change.environment.name} already.`);
    return;
  }
  if (promotion.approvals.length > 0) {
    const lines = [
      `What is live in ${change.environment.name} is now ${await nameOf(tx, change.now)}${change.before === null ? '' : `, and was ${await nameOf(tx, change.before)}`}.`,
    ];
    await tellStory(tx, promotion.id, { event: 'review-changed', at: tx.now.toISOString(), lines });
  }
  await tx.announcements.refresh(promotion.id);
  await judgeAnew(tx, pipeline, promotion, change.workflow);
}

/** What it is compared with, or how long it has run, is another by now, and so may be when the clock alone is what is missing. */
async function judgeAnew(tx: Transaction, pipeline: Pipeline, promotion: Promotion, workflow: Workflow): Promise<void> {
  const target = pipeline.find(({ id }) => id === promotion.targetEnvironmentId);
  if (target !== undefined && asksForEvidence(policyFor(target, workflow)))
    await tx.promotions.markForJudging({ promotionId: promotion.id });
}

async function sourceMoved(
  tx: Transaction,
  pipeline: Pipeline,
  promotion: Promotion,
  change: LiveChange,
): Promise<void> {
  if (change.now !== promotion.versionId && change.before === promotion.versionId) {
    await tellStory(tx, promotion.id, {
      event: 'source-moved',
      at: tx.now.toISOString(),
      now: await nameOf(tx, change.now),
    });
  }
  await tx.announcements.refresh(promotion.id);
  await judgeAnew(tx, pipeline, promotion, change.workflow);
}

async function nameOf(tx: Transaction, versionId: string): Promise<string> {
  return versionName(await tx.versions.getById(versionId));
}

/** Ends an open promotion of what can't be had any more (rule 5), and tells everybody concerned. */
export async function goStale(
  tx: Transaction,
  actor: Actor,
  pipeline: Pipeline,
  promotion: Promotion,
  workflow: Workflow,
  reason: string,
): Promise<void> {
  const by = isPersonsAct(actor) ? actor.userId : null;
  const closed = close(promotion, 'stale', { by, reason, at: tx.now });
  await endPromotion(tx, actor, pipeline, promotion, closed, workflow);
  await tellStory(tx, promotion.id, { event: 'stale', at: tx.now.toISOString(), reason });
}

/** Ends an open promotion whose time is over (rule 7): the clock's act, whoever noticed it. */
export async function expire(
  tx: Transaction,
  pipeline: Pipeline,
  promotion: Promotion,
  workflow: Workflow,
): Promise<void> {
  const clock: Actor = { workspaceId: tx.workspaceId, userId: 'clock', via: 'clock' };
  const closed = close(promotion, 'expired', { by: null, reason: null, at: tx.now });
  await endPromotion(tx, clock, pipeline, promotion, closed, workflow);
  await tellStory(tx, promotion.id, { event: 'expired', at: tx.now.toISOString() });
}

/** Saves, audits and announces that a promotion ended without deploying; its story line is the caller's. */
export async function endPromotion(
  tx: Transaction,
  actor: Actor,
  pipeline: Pipeline,
  before: Promotion,
  closed: Promotion,
  workflow: Workflow,
): Promise<void> {
  const target = await getEnvironmentById(tx, pipeline, before.targetEnvironmentId);
  const version = await tx.versions.getById(before.versionId);
  await tx.promotions.save(closed);
  await letGoOfLocks(tx, actor, closed, { workflow, environment: target });
  await endRunsOf(tx, before.id);
  await tx.audit.record(actor, {
    action: `promotion.${closed.status}`,
    subject: `promotion:${before.id}`,
    workflowId: workflow.id,
    environmentId: target.id,
    before,
    after: closed,
  });
  await tx.webhooks.publish(
    { environment: target, workflow },
    WEBHOOK_OF[closed.status as keyof typeof WEBHOOK_OF],
    promotionData(closed, workflow, version, target, closed.closedBy),
  );
  await tx.announcements.refresh(before.id);
  // Its card may say that this waited for its end.
  const canary = await tx.deployments.findCandidate(workflow.id, target.id);
  if (canary !== null) await refreshDeployment(tx, canary);
}

const WEBHOOK_OF = {
  rejected: 'promotion.rejected',
  cancelled: 'promotion.cancelled',
  expired: 'promotion.expired',
  stale: 'promotion.stale',
} as const;
