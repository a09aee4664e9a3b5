import type { Actor } from '../../domain/actor.ts';
import type { Deployment } from '../../domain/deployment.ts';
import type { Environment } from '../../domain/environment.ts';
import { percentOf } from '../../domain/rollout.ts';
import type { Version, Workflow } from '../../domain/version.ts';
import { tellStory } from '../announce.ts';
import type { Transaction } from '../ports.ts';
import { deploymentData, refreshDeployment } from '../tell-deployment.ts';
import type { StoryPayload } from '../views.ts';

/** Where a canary runs. */
export interface RolloutPlace {
  actor: Actor;
  workflow: Workflow;
  environment: Environment;
  /** The candidate's. */
  version: Version;
}

type What = 'started' | 'changed' | 'finished' | 'aborted';

/** Writes to the audit what was done to a candidate. */
export async function auditRollout(
  tx: Transaction,
  { actor, workflow, environment }: RolloutPlace,
  action: `rollout.${What | 'abort_undone'}`,
  before: Deployment | null,
  after: Deployment,
): Promise<void> {
  await tx.audit.record(actor, {
    action,
    subject: `deployment:${after.id}`,
    workflowId: workflow.id,
    environmentId: environment.id,
    before,
    after,
  });
}

/** Tells endpoints of it. `share` in percent, as it is now or was last. */
export async function publishRollout(
  tx: Transaction,
  { actor, workflow, environment, version }: RolloutPlace,
  what: What,
  deployment: Deployment,
  share: number,
  more: Record<string, unknown> = {},
): Promise<void> {
  await tx.webhooks.publish({ environment, workflow }, `rollout.${what}`, {
    ...deploymentData(workflow, environment, version, deployment),
    share: percentOf(share),
    by: actor.userId,
    ...more,
  });
}

/** Tells of it below its promotion's card, which is brought up to date. */
export async function storyOfRollout(tx: Transaction, deployment: Deployment, story: StoryPayload): Promise<void> {
  await refreshDeployment(tx, deployment);
  if (deployment.promotionId !== null) await tellStory(tx, deployment.promotionId, story);
}

/** Brings the card of what is live up to date, whose Roll back takes the canary out, too, while that runs. */
export async function refreshBeside(tx: Transaction, { replacesId }: Deployment): Promise<void> {
  if (replacesId !== null) await refreshDeployment(tx, await tx.deployments.getById(replacesId));
}
