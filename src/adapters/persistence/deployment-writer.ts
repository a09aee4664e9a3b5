import type { Deployment } from '../../domain/deployment.ts';
import type { ActiveDeployment, DeploymentWriter } from '../../use-cases/ports.ts';
import type { Context } from './context.ts';
import { DeploymentRow, findActive } from './deployments.ts';
import { rollBack, undoRollback } from './rollbacks.ts';
import { rolloutWriter } from './rollouts.ts';

/** All of it takes the workflow's lock for granted. */
export function deploymentWriter(context: Context): DeploymentWriter {
  return {
    activate: (deployment) => activate(context, deployment),
    ...rolloutWriter(context),
    rollBack: (rollback) => rollBack(context, rollback),
    undoRollback: (rollback) => undoRollback(context, rollback),
  };
}

type Activation = Parameters<DeploymentWriter['activate']>[0];

async function activate(context: Context, { changes, ...asked }: Activation): ReturnType<DeploymentWriter['activate']> {
  const { db, workspaceId } = context;
  const current = await findActive(context, asked.workflowId, asked.environmentId);
  const at = momentAfter(context, current);
  const superseded = current === null ? null : await end(context, current.id, 'superseded', at, asked.deployedBy);
  const data = {
    workspaceId,
    ...asked,
    changes: [...changes],
    replacesId: superseded?.id ?? null,
    status: 'active',
    deployedAt: at,
  };
  const activated = DeploymentRow.parse(await db.deployment.create({ data }));
  await db.deploymentStretch.create({ data: { workspaceId, deploymentId: activated.id, startedAt: at } });
  return { activated, superseded };
}

/**
 * Now, or a millisecond after the last change there should that have been in this same millisecond (or the clock gone back):
 * "went live earlier" must order the deployments of a place, and undo tells changes apart by their time.
 */
export async function momentOfChange(context: Context, workflowId: string, environmentId: string): Promise<Date> {
  return momentAfter(context, await findActive(context, workflowId, environmentId));
}

export function momentAfter({ clock: { now } }: Context, last: ActiveDeployment | null): Date {
  return last === null || last.since < now ? now : new Date(last.since.getTime() + 1);
}

/** Ends the active deployment and its stretch. @throws Error when it is not active: somebody forgot the workflow's lock */
export async function end(
  { db, workspaceId }: Context,
  id: string,
  status: 'superseded' | 'rolled_back',
  at: Date,
  by: string | null,
): Promise<Deployment> {
  const [ended] = await db.deployment.updateManyAndReturn({
    where: { id, workspaceId, status: 'active' },
    data: { status, endedAt: at, endedBy: by },
  });
  if (ended === undefined) throw new Error(`Deployment ${id} is not active, so it can't be ended.`);
  await db.deploymentStretch.updateMany({
    where: { deploymentId: id, workspaceId, endedAt: null },
    data: { endedAt: at },
  });
  return DeploymentRow.parse(ended);
}

/** Makes an ended deployment active again, in a new stretch. @throws Error when it is active or unknown */
export async function reactivate({ db, workspaceId }: Context, id: string, at: Date): Promise<void> {
  const { count } = await db.deployment.updateMany({
    where: { id, workspaceId, status: { in: ['superseded', 'rolled_back'] } },
    data: { status: 'active', endedAt: null, endedBy: null },
  });
  if (count !== 1) throw new Error(`Deployment ${id} is not one that can be made active again.`);
  await db.deploymentStretch.create({ data: { workspaceId, deploymentId: id, startedAt: at } });
}
