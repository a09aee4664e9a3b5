import { type Actor, isPersonsAct } from '../domain/actor.ts';
import type { Deployment } from '../domain/deployment.ts';
import type { Environment, Pipeline } from '../domain/environment.ts';
import { complete, isDue, leadsOneStep, type Promotion } from '../domain/promotion.ts';
import { allMet, judgeAgainAt } from '../domain/requirements/evaluate.ts';
import type { Version, Workflow } from '../domain/version.ts';
import { afterChange } from './after-change.ts';
import { tellStory } from './announce.ts';
import { askForEvidence } from './ask-for-evidence.ts';
import type { Transaction } from './ports.ts';
import { type Review, review } from './review.ts';
import { startRollout } from './rollout/start-rollout.ts';
import { endRunsOf } from './suite/end-run.ts';
import { changesBetween, deploymentData, refreshDeployment } from './tell-deployment.ts';

/** Makes a version live, and tells and audits it. What it means for promotions elsewhere is `afterChange`'s. */
export async function goLive(
  tx: Transaction,
  actor: Actor,
  act: {
    workflow: Workflow;
    environment: Environment;
    version: Version;
    promotion: Promotion | null;
    /** What is live there now. */
    live: Deployment | null;
    reason: string | null;
  },
): Promise<{ activated: Deployment; superseded: Deployment | null }> {
  const { workflow, environment, version, promotion, live, reason } = act;
  const result = await tx.deployments.activate({
    workflowId: workflow.id,
    environmentId: environment.id,
    versionId: version.id,
    promotionId: promotion?.id ?? null,
    deployedBy: actor.userId,
    reason,
    changes: await changesBetween(tx, live?.versionId ?? null, version.id),
  });
  const subject = { workflowId: workflow.id, environmentId: environment.id };
  await tx.audit.record(actor, {
    action: 'deployment.activated',
    subject: `deployment:${result.activated.id}`,
    ...subject,
    before: live,
    after: result.activated,
  });
  await tx.webhooks.publish(
    { environment, workflow },
    'deployment.activated',
    deploymentData(workflow, environment, version, result.activated),
  );
  if (result.superseded !== null) {
    const previous = await tx.versions.getById(result.superseded.versionId);
    await tx.webhooks.publish(
      { environment, workflow },
      'deployment.superseded',
      deploymentData(workflow, environment, previous, result.superseded),
    );
    await refreshDeployment(tx, result.superseded);
  }
  return result;
}

/**
 * Rule 6: deploys an open promotion if its last requirement is met, in the transaction of the act that met it: as a canary beside what
 * is live where that was asked for.
 *
 * Its card's update is the caller's, who knows whether there is a card to update.
 *
 * @param judged a review of it made in this transaction, its approvers locked
 */
export async function settle(
  tx: Transaction,
  actor: Actor,
  workflow: Workflow,
  pipeline: Pipeline,
  judged: Review,
): Promise<{ deployed: boolean; promotion: Promotion }> {
  const { promotion } = judged.facts;
  const { target: environment, live } = judged;
  // What is due has only to be ended by the clock's next tick, and what the pipeline no longer leads to cannot be had.
  const canGo = !isDue(promotion, tx.now) && leadsOneStep(promotion, pipeline);
  if (!canGo || !allMet(judged.verdicts)) {
    await tellCanary(tx, workflow, judged);
    return { deployed: false, promotion };
  }
  const version = await tx.versions.getById(promotion.versionId);
  const closed = complete(promotion, isPersonsAct(actor) ? actor.userId : null, tx.now);
  await tx.promotions.save(closed);
  await endRunsOf(tx, promotion.id);
  if (promotion.canary === null)
    await goLive(tx, actor, { workflow, environment, version, promotion: closed, live, reason: promotion.reason });
  else {
    if (live === null) throw new Error('A canary was judged able to start beside nothing.');
    const place = { actor, workflow, environment, version };
    await startRollout(tx, place, { promotion: closed, live, share: promotion.canary });
  }
  await tx.audit.record(actor, {
    action: 'promotion.deployed',
    subject: `promotion:${promotion.id}`,
    workflowId: workflow.id,
    environmentId: environment.id,
    before: promotion,
    after: closed,
  });
  const told = { by: closed.closedBy, at: tx.now.toISOString() };
  if (promotion.canary === null) {
    await tellStory(tx, promotion.id, { event: 'deployed', ...told });
    await afterChange(tx, actor, pipeline, { workflow, environment, before: live?.versionId ?? null, now: version.id });
  } else await tellStory(tx, promotion.id, { event: 'rollout-started', ...told, share: promotion.canary });
  return { deployed: true, promotion: closed };
}

/** The card of a canary says what waits for its end: it is brought up to date whenever that was judged. */
async function tellCanary(tx: Transaction, workflow: Workflow, { facts, target }: Review): Promise<void> {
  const running = facts.candidate && (await tx.deployments.findCandidate(workflow.id, target.id));
  if (running != null) await refreshDeployment(tx, running);
}

/** Leaves to the clock what it alone may change: it judges again when that is. Nothing is asked where it changes nothing. */
export async function judgeLater(tx: Transaction, judged: Review): Promise<void> {
  const { facts, verdicts } = judged;
  await askForEvidence(tx, judged);
  const again = judgeAgainAt(verdicts);
  if (again !== null) await tx.promotions.judgeAt(facts.promotion.id, again);
}

/** Judges an open promotion again after something that its approvals depend on changed: it deploys, or its card says what is. */
export async function rejudge(
  tx: Transaction,
  actor: Actor,
  promotion: Promotion,
  workflow: Workflow,
  pipeline: Pipeline,
): Promise<Promotion> {
  const judged = await review(tx, promotion, workflow, pipeline, (ids) => tx.people.getManyLocked(ids));
  const settled = await settle(tx, actor, workflow, pipeline, judged);
  if (!settled.deployed) await judgeLater(tx, judged);
  await tx.announcements.refresh(promotion.id);
  return settled.promotion;
}
