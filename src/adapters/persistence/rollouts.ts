import type { Deployment } from '../../domain/deployment.ts';
import type { Candidate, DeploymentWriter } from '../../use-cases/ports.ts';
import type { Context } from './context.ts';
import { end, momentAfter } from './deployment-writer.ts';
import { CandidateRow, DeploymentRow, findActive } from './deployments.ts';

type Rollouts = Pick<
  DeploymentWriter,
  'startCandidate' | 'changeShare' | 'finishCandidate' | 'abortCandidate' | 'resumeCandidate'
>;

/** All of it takes the workflow's lock for granted. */
export function rolloutWriter(context: Context): Rollouts {
  return {
    startCandidate: (asked) => start(context, asked),
    changeShare: async ({ id }, share) => CandidateRow.parse(await change(context, id, 'candidate', { share })),
    finishCandidate: (candidate, by) => finish(context, candidate, by),
    async abortCandidate({ id, reason: own }, by, reason) {
      const endedAt = context.clock.now;
      const data = { status: 'aborted', endedAt, endedBy: by, reason: reason ?? own };
      return DeploymentRow.parse(await change(context, id, 'candidate', data));
    },
    async resumeCandidate({ id }, reason) {
      const data = { status: 'candidate', endedAt: null, endedBy: null, reason };
      return CandidateRow.parse(await change(context, id, 'aborted', data));
    },
  };
}

async function start(
  context: Context,
  { changes, ...asked }: Parameters<Rollouts['startCandidate']>[0],
): Promise<Candidate> {
  const { db, workspaceId } = context;
  const active = await findActive(context, asked.workflowId, asked.environmentId);
  if (active === null) throw new Error('A candidate runs beside what is active, and nothing is.');
  const data = {
    ...{ workspaceId, ...asked, changes: [...changes], replacesId: active.id, status: 'candidate' },
    deployedAt: momentAfter(context, active),
  };
  return CandidateRow.parse(await db.deployment.create({ data }));
}

async function finish(context: Context, candidate: Candidate, by: string): ReturnType<Rollouts['finishCandidate']> {
  const { db, workspaceId } = context;
  const active = await findActive(context, candidate.workflowId, candidate.environmentId);
  if (active === null) throw new Error(`Candidate ${candidate.id} runs beside nothing.`);
  const at = momentAfter(context, active);
  const superseded = await end(context, active.id, 'superseded', at, by);
  const activated = await change(context, candidate.id, 'candidate', { status: 'active', share: null });
  await db.deploymentStretch.create({ data: { workspaceId, deploymentId: candidate.id, startedAt: at } });
  return { activated: DeploymentRow.parse(activated), superseded };
}

interface Change {
  status?: string;
  share?: number | null;
  endedAt?: Date | null;
  endedBy?: string | null;
  reason?: string | null;
}

/** @throws Error where it is not what it was: somebody forgot the workflow's lock */
async function change(
  { db, workspaceId }: Context,
  id: string,
  was: Deployment['status'],
  data: Change,
): Promise<unknown> {
  const [changed] = await db.deployment.updateManyAndReturn({ where: { id, workspaceId, status: was }, data });
  if (changed === undefined) throw new Error(`Deployment ${id} is not ${was}, so it can't be changed.`);
  return changed;
}
