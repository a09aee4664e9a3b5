import { z } from 'zod';
import type { ChangedTo, ResolvedChange, ResolvedChanges } from '../../use-cases/ports.ts';
import { isUuid, parseFirst, parseRows } from './context.ts';
import type { PrismaClient } from './generated/client.ts';
import { type FailureLog, translated } from './transaction.ts';

/**
 * Seconds. Numbers are given when a change is written, but changes are seen when they are committed: one with a lower number
 * than what somebody heard last may have been seen later, by as long as a transaction may take: twenty seconds (`transaction.ts`).
 */
const MARGIN = 60;
/** At one go; the next tick goes on. */
const MOST_AT_ONCE = 50_000;

const seq = z.union([z.bigint().transform(Number), z.int()]);
const ChangeRow: z.ZodType<ResolvedChange> = z.object({
  seq,
  workspaceId: z.string(),
  environmentId: z.string(),
  workflowId: z.string().nullable(),
});
const ChangedToRow: z.ZodType<ChangedTo> = z.object({
  environmentId: z.string(),
  environment: z.string(),
  workflowId: z.string().nullable(),
  workflow: z.string().nullable(),
  version: z.int().nullable(),
  deployment: z.string().nullable(),
  candidate: z.object({ version: z.int(), deployment: z.string() }).nullable(),
  settingsRevision: z.int(),
});

export function makeResolvedChanges(prisma: PrismaClient, log: FailureLog): ResolvedChanges {
  return {
    since: (horizon, limit) => translated(log, () => since(prisma, horizon, limit)),
    missedAfter: (workspaceId, environmentId, last, limit) =>
      translated(log, () => missedAfter(prisma, { workspaceId, environmentId, last, limit })),
    newest: (workspaceId) =>
      translated(log, async () => {
        const newest = await parseFirst(
          prisma.$queryRaw`SELECT seq FROM resolved_change WHERE workspace_id = ${workspaceId} ORDER BY seq DESC LIMIT 1`,
          z.object({ seq }),
        );
        return newest?.seq ?? 0;
      }),
    describe: (changes) => translated(log, () => describe(prisma, changes)),
    sweep: () =>
      translated(
        log,
        // The newest stays: whoever heard it last is known to have missed nothing.
        () => prisma.$executeRaw`
          DELETE FROM resolved_change WHERE seq IN (
            SELECT seq FROM resolved_change
            WHERE at < now() - interval '1 day' AND seq < (SELECT max(seq) FROM resolved_change)
            ORDER BY at LIMIT ${MOST_AT_ONCE})`,
      ),
  };
}

const SinceRow = z.object({ horizon: z.string().transform(BigInt), change: z.unknown() });

/** By one statement, whose snapshot is the one that the horizon is of. */
async function since(prisma: PrismaClient, horizon: bigint | null, limit: number) {
  const rows = await parseRows(
    prisma.$queryRaw`
      SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS horizon, to_jsonb(found) AS change
      FROM (SELECT) AS always LEFT JOIN (
        SELECT seq, workspace_id AS "workspaceId", environment_id AS "environmentId", workflow_id AS "workflowId"
        FROM resolved_change WHERE xid >= ${horizon === null ? null : String(horizon)}::text::xid8 ORDER BY seq LIMIT ${limit}
      ) AS found ON true`,
    SinceRow,
  );
  const [first] = rows;
  if (first === undefined) throw new Error('The database does not tell its snapshot.');
  const changes = rows.filter(({ change }) => change !== null).map(({ change }) => ChangeRow.parse(change));
  return { horizon: first.horizon, changes };
}

interface Heard {
  workspaceId: string;
  environmentId: string;
  last: number;
  limit: number;
}

async function missedAfter(prisma: PrismaClient, heard: Heard): Promise<ResolvedChange[] | null> {
  const { workspaceId, environmentId, last, limit } = heard;
  if (!isUuid(environmentId)) return null;
  const known = await parseFirst(
    prisma.$queryRaw`SELECT at FROM resolved_change WHERE workspace_id = ${workspaceId} AND seq = ${last}`,
    z.object({ at: z.date() }),
  );
  if (known === null) return null;
  return parseRows(
    prisma.$queryRaw`
      SELECT seq, workspace_id AS "workspaceId", environment_id AS "environmentId", workflow_id AS "workflowId"
      FROM resolved_change
      WHERE workspace_id = ${workspaceId} AND environment_id = ${environmentId}::uuid AND seq <> ${last}
        AND (seq > ${last} OR at >= ${known.at}::timestamptz - make_interval(secs => ${MARGIN}))
      ORDER BY seq LIMIT ${limit}`,
    ChangeRow,
  );
}

/** The settings revision of a workflow is the newest number of the two layers that apply to it. */
function describe(prisma: PrismaClient, changes: readonly Omit<ResolvedChange, 'seq'>[]): Promise<ChangedTo[]> {
  const [workspaces, environments, workflows] = [
    changes.map((change) => change.workspaceId),
    changes.map((change) => change.environmentId),
    changes.map((change) => change.workflowId),
  ];
  return parseRows(
    prisma.$queryRaw`
      SELECT e.id AS "environmentId", e.name AS environment, asked.workflow_id AS "workflowId", w.slug AS workflow,
        v.number AS version, d.id AS deployment,
        CASE WHEN c.id IS NOT NULL THEN jsonb_build_object('version', cv.number, 'deployment', c.id) END AS candidate,
        GREATEST(0, (
          SELECT max(r.number) FROM settings_revision r WHERE r.environment_id = e.id AND r.workflow_id IS NULL
        ), (
          SELECT max(r.number) FROM settings_revision r WHERE r.environment_id = e.id AND r.workflow_id = asked.workflow_id
        )) AS "settingsRevision"
      FROM unnest(${workspaces}::text[], ${environments}::uuid[], ${workflows}::uuid[])
        AS asked(workspace_id, environment_id, workflow_id)
      JOIN environment e ON e.workspace_id = asked.workspace_id AND e.id = asked.environment_id AND e.archived_at IS NULL
      LEFT JOIN workflow w ON w.workspace_id = asked.workspace_id AND w.id = asked.workflow_id
      LEFT JOIN deployment d ON d.workflow_id = w.id AND d.environment_id = e.id AND d.status = 'active'
      LEFT JOIN version v ON v.id = d.version_id
      LEFT JOIN deployment c ON c.workflow_id = w.id AND c.environment_id = e.id AND c.status = 'candidate'
      LEFT JOIN version cv ON cv.id = c.version_id
      WHERE asked.workflow_id IS NULL OR d.id IS NOT NULL`,
    ChangedToRow,
  );
}
