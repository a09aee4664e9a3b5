import { assertCanUndoAbort } from '../../domain/deployment.ts';
import { assertCanRollBack } from '../../domain/permissions.ts';
import { Refusal } from '../../domain/refusal.ts';
import { getActing } from '../find-things.ts';
import type { Ports, Transaction } from '../ports.ts';
import { refuseUnfilled } from '../settings/refuse-unfilled.ts';
import { describeRolloutReceipt } from './describe-rollout.ts';
import { refuseQuarantined } from './rollout-scene.ts';
import type { RolloutUseCases } from './rollout-use-cases.ts';
import { auditRollout, publishRollout, type RolloutPlace, refreshBeside, storyOfRollout } from './tell-rollout.ts';

/** Brings an aborted canary back with the share that it had, by the rules of undoing a rollback. */
export function makeUndoAbort({ inTransaction }: Ports): RolloutUseCases['undoAbort'] {
  return ({ actor, deploymentId }) =>
    inTransaction(actor.workspaceId, async (tx) => {
      const unlocked = (await tx.deployments.getMany([deploymentId])).get(deploymentId);
      if (unlocked === undefined) throw new Refusal('moved_on', 'That canary is not known here.');
      const workflow = await tx.workflows.getByIdLocked(unlocked.workflowId);
      await tx.environments.pipelineLocked();
      const environment = await tx.environments.get(unlocked.environmentId);
      const found = await tx.deployments.getById(deploymentId);
      const version = await tx.versions.getById(found.versionId);
      const place = { actor, workflow, environment, version };
      const active = await tx.deployments.findActive(workflow.id, environment.id);
      const { items } = await tx.deployments.list(workflow.id, environment.id, { limit: 1 });
      const person = await getActing(tx, actor);
      if (found.status === 'candidate') {
        assertCanRollBack(person, workflow, environment);
        return describeRolloutReceipt(tx, place, found, { act: 'resumed', changed: false, share: found.share ?? 0 });
      }
      assertCanUndoAbort(found, actor.userId, active, items[0], tx.now);
      assertCanRollBack(person, workflow, environment);
      await refuseQuarantined(tx, place);
      await refuseUnfilled(tx, workflow, version, environment);
      return resume(tx, place, found);
    });
}

async function resume(tx: Transaction, place: RolloutPlace, aborted: Parameters<typeof auditRollout>[4]) {
  const { actor, workflow, environment } = place;
  const promotion = aborted.promotionId === null ? null : await tx.promotions.find(aborted.promotionId);
  const candidate = await tx.deployments.resumeCandidate(aborted, promotion?.reason ?? null);
  const { share } = candidate;
  await auditRollout(tx, place, 'rollout.abort_undone', aborted, candidate);
  await publishRollout(tx, place, 'started', candidate, share, { undoneAbort: true });
  const at = tx.now.toISOString();
  await refreshBeside(tx, candidate);
  await storyOfRollout(tx, candidate, { event: 'rollout-resumed', by: actor.userId, at, share });
  // What is under review there waits for its end again.
  const waiting = await tx.promotions.findOpen(workflow.id, environment.id);
  if (waiting !== null) {
    await tx.promotions.keepBack(waiting.id, null);
    await tx.announcements.refresh(waiting.id);
  }
  return describeRolloutReceipt(tx, place, candidate, { act: 'resumed', changed: true, share });
}
