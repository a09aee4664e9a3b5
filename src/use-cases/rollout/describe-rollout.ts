import { type Deployment, nothingCameSince, UNDO_WINDOW } from '../../domain/deployment.ts';
import { tagEnvironment, tagVersion, tagWorkflow } from '../find-things.ts';
import type { ActiveDeployment, Reading } from '../ports.ts';
import type { RolloutReceiptView } from '../views.ts';
import { possibleSteps } from './possible-steps.ts';
import type { RolloutPlace } from './tell-rollout.ts';
import { waitsForEnd } from './waits-for-end.ts';

type Told = Pick<RolloutReceiptView, 'act' | 'changed' | 'share'> &
  Partial<Pick<RolloutReceiptView, 'before' | 'reason' | 'at' | 'followed'>> & { superseded?: string };

/** What was done to a canary, as things stand after it. `superseded`: the version that it took the place of. */
export async function describeRolloutReceipt(
  tx: Reading,
  { actor, workflow, environment, version }: RolloutPlace,
  { id, promotionId, ...deployment }: Deployment,
  { superseded, ...told }: Told,
): Promise<RolloutReceiptView> {
  const active = await getActive(tx, workflow.id, environment.id);
  const runs = deployment.status === 'candidate';
  return {
    ...{ before: null, reason: null, followed: null, at: tx.now, ...told },
    workflow: tagWorkflow(workflow),
    environment: tagEnvironment(environment),
    deploymentId: id,
    version: tagVersion(version),
    promotionId,
    steps: await possibleSteps(tx, workflow, environment, [version.id, active.versionId]),
    waiting: runs ? await waitsForEnd(tx, workflow, environment.id, await tx.environments.pipeline()) : null,
    active: { deploymentId: active.id, version: tagVersion(await tx.versions.getById(active.versionId)) },
    superseded: superseded === undefined ? null : tagVersion(await tx.versions.getById(superseded)),
    by: actor.userId,
    undoUntil: await undoUntil(tx, { id, promotionId, ...deployment }, active),
  };
}

async function getActive(tx: Reading, workflowId: string, environmentId: string): Promise<ActiveDeployment> {
  const active = await tx.deployments.findActive(workflowId, environmentId);
  if (active === null) throw new Error('A canary ran beside nothing.');
  return active;
}

async function undoUntil(tx: Reading, aborted: Deployment, active: ActiveDeployment): Promise<Date | null> {
  const { status, endedAt, workflowId, environmentId } = aborted;
  if (status !== 'aborted' || endedAt === null) return null;
  const until = new Date(endedAt.getTime() + UNDO_WINDOW);
  const { items } = await tx.deployments.list(workflowId, environmentId, { limit: 1 });
  return tx.now < until && nothingCameSince(aborted, active, items[0]) ? until : null;
}
