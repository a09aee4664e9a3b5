import type { Deployment } from '../../domain/deployment.ts';
import { assertCanMoveOn } from '../../domain/permissions.ts';
import { WHOLE } from '../../domain/rollout.ts';
import { afterChange } from '../after-change.ts';
import { getPersonBehind, getWorkflowLocked } from '../find-things.ts';
import { refuseHeld } from '../holds/refuse-held.ts';
import type { Ports, Transaction } from '../ports.ts';
import { refuseUnfilled } from '../settings/refuse-unfilled.ts';
import { deploymentData, refreshDeployment } from '../tell-deployment.ts';
import { judgeWaiting } from './abort-candidate.ts';
import { describeRolloutReceipt } from './describe-rollout.ts';
import { findDone, type RolloutScene, refuseQuarantined, setRolloutScene } from './rollout-scene.ts';
import type { RolloutUseCases } from './rollout-use-cases.ts';
import { auditRollout, publishRollout, storyOfRollout } from './tell-rollout.ts';

/** Puts a canary in the place of what it ran beside. It was approved as a canary of this version, so that this takes no approval. */
export function makeFinishRollout({ inTransaction }: Ports): RolloutUseCases['finishRollout'] {
  return (request) =>
    inTransaction(request.actor.workspaceId, async (tx) => {
      const { actor } = request;
      const workflow = await getWorkflowLocked(tx, request.workflow);
      assertCanMoveOn(await getPersonBehind(tx, actor), workflow);
      const pipeline = await tx.environments.pipelineLocked();
      const done = await findDone(tx, request, workflow, pipeline, 'active');
      if (done !== null) {
        const environment = await tx.environments.get(done.environmentId);
        const version = await tx.versions.getById(done.versionId);
        const place = { actor, workflow, environment, version };
        return describeRolloutReceipt(tx, place, done, { act: 'finished', changed: false, share: WHOLE });
      }
      const scene = await setRolloutScene(tx, request, workflow, pipeline);
      const { environment, version, candidate } = scene;
      await refuseQuarantined(tx, scene);
      refuseHeld(await tx.holds.inTheWay(workflow.id, environment.id), workflow, environment, tx.now);
      await refuseUnfilled(tx, workflow, version, environment);
      const { activated, superseded } = await tx.deployments.finishCandidate(candidate, actor.userId);
      await tell(tx, scene, activated, superseded);
      const [before, now] = [superseded.versionId, activated.versionId];
      await afterChange(tx, actor, pipeline, { workflow, environment, before, now });
      const followed = await judgeWaiting(tx, actor, pipeline, workflow, environment);
      const told = { share: candidate.share, superseded: superseded.versionId, followed };
      return describeRolloutReceipt(tx, scene, activated, { act: 'finished', changed: true, ...told });
    });
}

async function tell(
  tx: Transaction,
  scene: RolloutScene,
  activated: Deployment,
  superseded: Deployment,
): Promise<void> {
  const { actor, workflow, environment, version, candidate } = scene;
  await auditRollout(tx, scene, 'rollout.finished', candidate, activated);
  const previous = await tx.versions.getById(superseded.versionId);
  const data = deploymentData(workflow, environment, version, activated);
  await tx.webhooks.publish({ environment, workflow }, 'deployment.activated', data);
  await tx.webhooks.publish(
    { environment, workflow },
    'deployment.superseded',
    deploymentData(workflow, environment, previous, superseded),
  );
  await publishRollout(tx, scene, 'finished', activated, candidate.share);
  await storyOfRollout(tx, activated, { event: 'rollout-finished', by: actor.userId, at: tx.now.toISOString() });
  await refreshDeployment(tx, superseded);
}
