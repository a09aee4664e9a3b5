import type { Rollback } from '../../domain/deployment.ts';
import type { DeploymentWriter } from '../../use-cases/ports.ts';
import type { Context } from './context.ts';
import { end, momentOfChange, reactivate } from './deployment-writer.ts';
import { DeploymentRow, RollbackRow } from './deployments.ts';

type Asked = Parameters<DeploymentWriter['rollBack']>[0];

/** Rule 9. What undoing it restores is taken from the row as it is now, not as it was read once. */
export async function rollBack(
  context: Context,
  { removed, restored, by, reason, originChannel }: Asked,
): Promise<Rollback> {
  const { db, workspaceId } = context;
  const { workflowId, environmentId } = removed;
  const at = await momentOfChange(context, workflowId, environmentId);
  const place = { workspaceId, workflowId, environmentId };
  const before = DeploymentRow.parse(await db.deployment.findFirst({ where: { id: restored.id, ...place } }));
  await end(context, removed.id, 'rolled_back', at, by);
  await reactivate(context, restored.id, at);
  const row = await db.rollback.create({
    data: {
      ...place,
      removedDeploymentId: removed.id,
      restoredDeploymentId: restored.id,
      restoredBefore: {
        status: before.status,
        endedAt: before.endedAt?.toISOString() ?? null,
        endedBy: before.endedBy,
      },
      by,
      at,
      reason,
      originChannel,
    },
  });
  await db.quarantine.create({
    data: { workspaceId, workflowId, versionId: removed.versionId, rollbackId: row.id, at },
  });
  return RollbackRow.parse(row);
}

/** Whether it may be undone is the caller's question (`assertCanUndo`). @throws Error when it was undone already */
export async function undoRollback(context: Context, { id }: Rollback): Promise<void> {
  const { db, workspaceId } = context;
  const rollback = RollbackRow.parse(await db.rollback.findFirst({ where: { id, workspaceId } }));
  const at = await momentOfChange(context, rollback.workflowId, rollback.environmentId);
  const { count } = await db.rollback.updateMany({
    where: { id, workspaceId, undoneAt: null },
    data: { undoneAt: at },
  });
  if (count !== 1) throw new Error(`Rollback ${id} was undone already.`);
  const { status, endedAt, endedBy } = rollback.restoredBefore;
  if (status !== 'superseded' && status !== 'rolled_back')
    throw new Error(`Rollback ${id} restored a deployment that was ${status}.`);
  await end(context, rollback.restoredDeploymentId, status, at, endedBy);
  // Its end, too, is again what it was before the rollback; the stretch in between stays on record.
  await db.deployment.updateMany({
    where: { id: rollback.restoredDeploymentId, workspaceId },
    data: { endedAt: endedAt === null ? at : new Date(endedAt) },
  });
  await reactivate(context, rollback.removedDeploymentId, at);
  await db.quarantine.updateMany({
    where: { workspaceId, rollbackId: id, liftedAt: null },
    data: { liftedAt: at, liftedBy: rollback.by, liftReason: 'The rollback was undone.' },
  });
}
