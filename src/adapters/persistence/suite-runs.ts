import { z } from 'zod';
import { SUITE_RUN_KINDS, SUITE_RUN_STATES } from '../../domain/suite/suite-run.ts';
import type { LostAfter, Page, PageRequest, RunsOf, SuiteRunRecord } from '../../use-cases/ports.ts';
import { type Context, isUuid, parseRows } from './context.ts';
import { after, pageSize, timeCursor, toPage } from './paging.ts';

export const SuiteRunRow: z.ZodType<SuiteRunRecord> = z.object({
  id: z.string(),
  kind: z.enum(SUITE_RUN_KINDS),
  workflowId: z.string(),
  versionId: z.string(),
  liveVersionId: z.string().nullable(),
  environmentId: z.string(),
  suite: z.int().nullable(),
  promotionId: z.string().nullable(),
  askedBy: z.string(),
  via: z.enum(['slack', 'api', 'clock', 'file']),
  state: z.enum(SUITE_RUN_STATES),
  total: z.int(),
  done: z.int(),
  passed: z.int(),
  failed: z.int(),
  notJudged: z.int(),
  errored: z.int(),
  cost: z.number(),
  budget: z.number().nullable(),
  checkIds: z.array(z.string()),
  askedAt: z.date(),
  startedAt: z.date().nullable(),
  endedAt: z.date().nullable(),
  detail: z.string().nullable(),
});

const MOST_LOST = 50;
const IdRow = z.object({ id: z.string() });
const NEWEST_FIRST = [{ askedAt: 'desc' as const }, { id: 'desc' as const }];

export async function findRun({ db, workspaceId }: Context, id: string): Promise<SuiteRunRecord | null> {
  const row = isUuid(id) ? await db.suiteRun.findFirst({ where: { id, workspaceId } }) : null;
  return row === null ? null : SuiteRunRow.parse(row);
}

export async function newestRun(
  { db, workspaceId }: Context,
  { kind, versionId, environmentId, suite, liveVersionId }: RunsOf,
): Promise<SuiteRunRecord | null> {
  if (!isUuid(versionId) || !isUuid(environmentId)) return null;
  const row = await db.suiteRun.findFirst({
    where: {
      ...{ workspaceId, kind, versionId, environmentId },
      ...(suite !== undefined && { suite }),
      ...(liveVersionId !== undefined && { liveVersionId }),
    },
    orderBy: NEWEST_FIRST,
  });
  return row === null ? null : SuiteRunRow.parse(row);
}

export async function listRuns(
  { db, workspaceId }: Context,
  { workflowId, environmentId }: { workflowId: string; environmentId?: string },
  page: PageRequest,
): Promise<Page<SuiteRunRecord>> {
  if (!isUuid(workflowId)) return { items: [], cursor: null };
  const rows = await db.suiteRun.findMany({
    where: {
      ...{ workspaceId, workflowId },
      ...(environmentId !== undefined && { environmentId }),
      ...after('askedAt', timeCursor(page)),
    },
    orderBy: NEWEST_FIRST,
    take: pageSize(page.limit) + 1,
  });
  const runs = rows.map((row) => SuiteRunRow.parse(row));
  return toPage(runs, page.limit, ({ askedAt, id }) => [askedAt.toISOString(), id]);
}

/** What tells a run's job from all others, so that it is found again. */
export function keyOfRun(id: string): string {
  return `suite-run:${id}`;
}

/** Runs of a workflow that wait and that no promotion waits for. */
export async function countWaiting(
  { db, workspaceId }: Context,
  workflowId: string,
  environmentId: string,
): Promise<number> {
  if (!isUuid(workflowId) || !isUuid(environmentId)) return 0;
  return db.suiteRun.count({ where: { workspaceId, workflowId, environmentId, state: 'queued', promotionId: null } });
}

/** By the database's clock, which is the same for every process. */
export async function lostRuns(context: Context, { running, queued }: LostAfter): Promise<SuiteRunRecord[]> {
  const { db, workspaceId } = context;
  const found = await parseRows(
    db.$queryRaw`
      (SELECT id FROM suite_run
      WHERE workspace_id = ${workspaceId} AND state = 'running'
        AND seen_at < clock_timestamp() - make_interval(secs => ${running / 1000}::float8)
      ORDER BY seen_at, id LIMIT ${MOST_LOST})
      UNION ALL
      (SELECT r.id FROM suite_run r
      WHERE r.workspace_id = ${workspaceId} AND r.state = 'queued'
        AND r.asked_at < clock_timestamp() - make_interval(secs => ${queued / 1000}::float8)
        AND NOT EXISTS (
          SELECT 1 FROM graphile_worker.jobs j WHERE j.key = ${keyOfRun('')} || r.id::text AND j.attempts < j.max_attempts
        )
      ORDER BY r.asked_at, r.id LIMIT ${MOST_LOST})`,
    IdRow,
  );
  if (found.length === 0) return [];
  const rows = await db.suiteRun.findMany({ where: { workspaceId, id: { in: found.map(({ id }) => id) } } });
  return rows.map((row) => SuiteRunRow.parse(row));
}
