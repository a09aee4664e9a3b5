import { assertCanUndo } from '../domain/deployment.ts';
import { assertCanRollBack } from '../domain/permissions.ts';
import { Refusal } from '../domain/refusal.ts';
import { afterChange } from './after-change.ts';
import { describeRollbackReceipt } from './describe-receipt.ts';
import { getActing } from './find-things.ts';
import type { Ports } from './ports.ts';
import { refreshCanariesOf } from './rollout/refresh-canaries.ts';
import { deploymentData, refreshDeployment } from './tell-deployment.ts';
import type { UseCases } from './use-cases.ts';

/** Rule 9's one exception: restores both statuses and lifts the quarantine; what went stale stays so. */
export function makeUndoRollback({ inTransaction }: Ports): UseCases['undoRollback'] {
  return ({ actor, rollbackId }) =>
    inTransaction(actor.workspaceId, async (tx) => {
      const unlocked = await tx.deployments.findRollback(rollbackId);
      if (unlocked === null) throw new Refusal('moved_on', 'That rollback is not known here.');
      const workflow = await tx.workflows.getByIdLocked(unlocked.workflowId);
      const rollback = (await tx.deployments.findRollback(rollbackId)) ?? unlocked;
      const pipeline = await tx.environments.pipelineLocked();
      const environment = await tx.environments.get(rollback.environmentId);
      const active = await tx.deployments.findActive(workflow.id, environment.id);
      const candidate = await tx.deployments.findCandidate(workflow.id, environment.id);
      if (rollback.undoneAt !== null && rollback.by === actor.userId)
        return describeRollbackReceipt(tx, rollback, workflow);
      assertCanUndo(rollback, actor.userId, active, tx.now, candidate);
      assertCanRollBack(await getActing(tx, actor), workflow, environment);
      const removed = await tx.deployments.getById(rollback.removedDeploymentId);
      const restored = await tx.deployments.getById(rollback.restoredDeploymentId);
      await tx.deployments.undoRollback(rollback);
      const after = { ...rollback, undoneAt: tx.now };
      await tx.audit.record(actor, {
        action: 'rollback.undone',
        subject: `deployment:${removed.id}`,
        workflowId: workflow.id,
        environmentId: environment.id,
        before: rollback,
        after,
      });
      const version = await tx.versions.getById(removed.versionId);
      const back = await tx.deployments.getById(removed.id);
      await tx.webhooks.publish({ environment, workflow }, 'deployment.activated', {
        ...deploymentData(workflow, environment, version, back),
        undoneRollback: rollback.id,
      });
      await refreshDeployment(tx, removed);
      await refreshDeployment(tx, restored);
      await tx.announcements.refresh(rollback.id);
      await refreshCanariesOf(tx, workflow.id, version.id);
      await afterChange(tx, actor, pipeline, {
        workflow,
        environment,
        before: restored.versionId,
        now: removed.versionId,
      });
      return describeRollbackReceipt(tx, after, workflow);
    });
}
