import type { NewSuiteRun, SuiteRunCounts, SuiteRunRecord, SuiteWriter } from '../../use-cases/ports.ts';
import { type Context, isUuid } from './context.ts';
import { newJob, queueOfSuites } from './jobs.ts';
import { keyOfRun, SuiteRunRow } from './suite-runs.ts';

/** Of a workflow in an environment: the newest are looked back at. */
const MOST = 50;
/** What somebody only wants to know of waits for what a promotion waits for. */
const AFTER_PROMOTIONS = 10;

export async function askForRun(context: Context, run: NewSuiteRun): Promise<SuiteRunRecord> {
  const { db, workspaceId, clock, outbox } = context;
  await forgetOldest(context, run);
  const made = SuiteRunRow.parse(await db.suiteRun.create({ data: { workspaceId, askedAt: clock.now, ...run } }));
  const task = run.kind === 'suite' ? 'run-suite' : 'replay-shadow';
  const queue = queueOfSuites(run.environmentId, run.workflowId);
  const priority = run.promotionId === null ? AFTER_PROMOTIONS : 0;
  outbox.jobs.push(
    newJob(task, { runId: made.id, environmentId: run.environmentId }, { queue, priority, key: keyOfRun(made.id) }),
  );
  return made;
}

async function forgetOldest(
  { db, workspaceId }: Context,
  { workflowId, environmentId }: Pick<NewSuiteRun, 'workflowId' | 'environmentId'>,
): Promise<void> {
  await db.$executeRaw`
    DELETE FROM suite_run WHERE state NOT IN ('queued', 'running') AND id IN (
      SELECT id FROM suite_run
      WHERE workspace_id = ${workspaceId} AND workflow_id = ${workflowId}::uuid AND environment_id = ${environmentId}::uuid
      ORDER BY asked_at DESC, id DESC OFFSET ${MOST - 1}
    )`;
}

export async function startRun({ db, workspaceId, clock }: Context, id: string): Promise<SuiteRunRecord | null> {
  if (!isUuid(id)) return null;
  const [row] = await db.suiteRun.updateManyAndReturn({
    where: { id, workspaceId, state: 'queued' },
    data: { state: 'running', startedAt: clock.now, seenAt: clock.now },
  });
  return row === undefined ? null : SuiteRunRow.parse(row);
}

export async function noteProgress(
  { db, workspaceId, clock }: Context,
  id: string,
  counts?: SuiteRunCounts,
): Promise<boolean> {
  const { count } = await db.suiteRun.updateMany({
    where: { id, workspaceId, state: 'running' },
    data: { seenAt: clock.now, ...counts },
  });
  return count === 1;
}

export async function endRun(
  { db, workspaceId, clock }: Context,
  id: string,
  how: Parameters<SuiteWriter['end']>[1],
): Promise<boolean> {
  if (!isUuid(id)) return false;
  const { count } = await db.suiteRun.updateMany({
    where: { id, workspaceId, state: { in: ['queued', 'running'] } },
    data: { ...how, endedAt: clock.now },
  });
  return count === 1;
}

export async function underWayOf({ db, workspaceId }: Context, promotionId: string): Promise<SuiteRunRecord[]> {
  if (!isUuid(promotionId)) return [];
  const rows = await db.suiteRun.findMany({
    where: { workspaceId, promotionId, state: { in: ['queued', 'running'] } },
    orderBy: { id: 'asc' },
  });
  return rows.map((row) => SuiteRunRow.parse(row));
}
