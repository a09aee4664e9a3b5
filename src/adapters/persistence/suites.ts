import { z } from 'zod';
import type { SuiteReader, SuiteRevision, SuiteWriter } from '../../use-cases/ports.ts';
import { type Context, isUuid, parseFirst } from './context.ts';
import { askForRun, endRun, noteProgress, startRun, underWayOf } from './suite-run-writer.ts';
import { countWaiting, findRun, listRuns, lostRuns, newestRun } from './suite-runs.ts';

const tagFields = {
  id: z.string(),
  workflowId: z.string(),
  number: z.int(),
  fileName: z.string().nullable(),
  name: z.string(),
  cases: z.int(),
  contentHash: z.string(),
  savedBy: z.string(),
  via: z.string(),
  at: z.date(),
};
const TagRow = z.object(tagFields);
const RevisionRow: z.ZodType<SuiteRevision> = z.object({ ...tagFields, source: z.string() });
const NumberRow = z.object({ number: z.int() });

/** Of a workflow: the newest runs, the others are looked back at. Those that are to be run stay. */
const MOST = 50;
const NEWEST_FIRST = { number: 'desc' } as const;

export function suiteReader(context: Context): SuiteReader {
  const { db, workspaceId } = context;
  return {
    async newest(workflowId) {
      if (!isUuid(workflowId)) return null;
      const row = await db.suiteRevision.findFirst({ where: { workspaceId, workflowId }, orderBy: NEWEST_FIRST });
      return row === null ? null : RevisionRow.parse(row);
    },
    async newestTag(workflowId) {
      if (!isUuid(workflowId)) return null;
      const row = await db.suiteRevision.findFirst({
        where: { workspaceId, workflowId },
        orderBy: NEWEST_FIRST,
        omit: { source: true },
      });
      return row === null ? null : TagRow.parse(row);
    },
    async findRevision(workflowId, number) {
      if (!isUuid(workflowId)) return null;
      const row = await db.suiteRevision.findFirst({ where: { workspaceId, workflowId, number } });
      return row === null ? null : RevisionRow.parse(row);
    },
    findRun: (id) => findRun(context, id),
    newestRun: (of) => newestRun(context, of),
    lost: (after) => lostRuns(context, after),
    waiting: (workflowId, environmentId) => countWaiting(context, workflowId, environmentId),
    listRuns: (filter, page) => listRuns(context, filter, page),
  };
}

export function suiteWriter(context: Context): SuiteWriter {
  return {
    save: (revision) => save(context, revision),
    ask: (run) => askForRun(context, run),
    start: (id) => startRun(context, id),
    progress: (id, counts) => noteProgress(context, id, counts),
    end: (id, how) => endRun(context, id, how),
    underWayOf: (promotionId) => underWayOf(context, promotionId),
  };
}

/** Two at once get one number, of which the second is begun anew. */
async function save(
  { db, workspaceId, clock }: Context,
  revision: Parameters<SuiteWriter['save']>[0],
): Promise<SuiteRevision> {
  const next = await parseFirst(
    db.$queryRaw`
      SELECT COALESCE(max(number), 0) + 1 AS number FROM suite_revision
      WHERE workspace_id = ${workspaceId} AND workflow_id = ${revision.workflowId}::uuid`,
    NumberRow,
  );
  const number = next?.number ?? 1;
  await db.$executeRaw`
    DELETE FROM suite_revision r
    WHERE r.workspace_id = ${workspaceId} AND r.workflow_id = ${revision.workflowId}::uuid AND r.number <= ${number - MOST}
      AND NOT EXISTS (
        SELECT 1 FROM suite_run u WHERE u.workflow_id = r.workflow_id AND u.suite = r.number AND u.state IN ('queued', 'running')
      )`;
  const data = { workspaceId, number, at: clock.now, ...revision };
  return RevisionRow.parse(await db.suiteRevision.create({ data }));
}
