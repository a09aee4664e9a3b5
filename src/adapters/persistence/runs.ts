import { z } from 'zod';
import { RUN_OUTCOMES } from '../../domain/run-record.ts';
import type {
  NewRun,
  RunFigures,
  RunFilter,
  RunReader,
  RunRecord,
  RunWriter,
  VersionFigures,
  VersionsAsked,
} from '../../use-cases/ports.ts';
import { type Context, isUuid, parseRows, uuidsOf } from './context.ts';
import { Prisma } from './generated/client.ts';
import { pageSize, type TimeCursor, timeCursor, toPage } from './paging.ts';
import { chargeWritten } from './spending.ts';

const RunRow: z.ZodType<RunRecord> = z.object({
  environmentId: z.string(),
  workflowId: z.string(),
  versionId: z.string(),
  started: z.date(),
  runId: z.string(),
  outcome: z.enum(RUN_OUTCOMES),
  durationMs: z.int(),
  error: z.string().nullable(),
  cost: z.number().nullable(),
  inputTokens: z.int().nullable(),
  outputTokens: z.int().nullable(),
  key: z.string().nullable(),
  traceUrl: z.string().nullable(),
  input: z.string().nullable(),
  output: z.string().nullable(),
  received: z.date(),
});
const FiguresRow: z.ZodType<RunFigures> = z.object({
  environmentId: z.string(),
  versionId: z.string(),
  runs: z.int(),
  failed: z.int(),
  cancelled: z.int(),
  p50: z.int(),
  p95: z.int(),
  cost: z.number().nullable(),
  inputTokens: z.number().nullable(),
  outputTokens: z.number().nullable(),
  firstStarted: z.date(),
  lastStarted: z.date(),
});
const VersionFiguresRow: z.ZodType<VersionFigures> = z.object({
  versionId: z.string(),
  runs: z.int(),
  failed: z.int(),
  cancelled: z.int(),
  p50: z.int(),
  p95: z.int(),
  costPerRun: z.number().nullable(),
});
const NameRow = z.object({
  known: z.enum(['known', 'unknown_workflow', 'unknown_version', 'never_live']),
  accepted: z.int(),
});

const MOST_FIGURES = 100;

export function runReader({ db, workspaceId }: Context): RunReader {
  return {
    async list(filter, page) {
      const cursor = timeCursor(page, (id) => PLACE.test(id));
      if (!canBeFound(filter)) return { items: [], cursor: null };
      const rows = await parseRows(
        db.$queryRaw(newestOf(workspaceId, filter, cursor, pageSize(page.limit) + 1, page.payloads === true)),
        RunRow,
      );
      return toPage(rows, page.limit, ({ started, environmentId, runId }) => [
        started.toISOString(),
        `${environmentId}/${runId}`,
      ]);
    },
    async figures(filter) {
      return canBeFound(filter) ? parseRows(db.$queryRaw(figuresOf(workspaceId, filter)), FiguresRow) : [];
    },
    async figuresOfVersions(asked) {
      if (!isUuid(asked.workflowId) || !isUuid(asked.environmentId)) return [];
      return parseRows(db.$queryRaw(figuresOfVersions(workspaceId, asked)), VersionFiguresRow);
    },
  };
}

/** Where a list goes on among runs that started in the same millisecond: the id of an environment, and a run's own. */
const PLACE = /^[0-9a-f-]{36}\/[\x21-\x7e]{1,128}$/;

function canBeFound({ environmentIds, workflowId, versionId, runId }: RunFilter): boolean {
  const ids = [workflowId, versionId].filter((id) => id !== undefined);
  return uuidsOf(environmentIds).length > 0 && ids.every(isUuid) && !runId?.includes('\0');
}

function conditions(workspaceId: string, { workflowId, versionId, outcome, since, runId }: RunFilter): Prisma.Sql {
  const all = [
    Prisma.sql`workspace_id = ${workspaceId}`,
    ...(workflowId === undefined ? [] : [Prisma.sql`workflow_id = ${workflowId}::uuid`]),
    ...(versionId === undefined ? [] : [Prisma.sql`version_id = ${versionId}::uuid`]),
    ...(outcome === undefined ? [] : [Prisma.sql`outcome = ${outcome}`]),
    ...(since === undefined ? [] : [Prisma.sql`started_at >= ${since}::timestamptz`]),
    ...(runId === undefined ? [] : [Prisma.sql`run_id = ${runId}`]),
  ];
  return Prisma.join(all, ' AND ');
}

/**
 * Each environment's newest, read down its index as far as the page goes, then the newest of those. The days' partitions are in
 * order too, so that older ones are not looked at.
 */
function newestOf(
  workspaceId: string,
  filter: RunFilter,
  cursor: TimeCursor | null,
  most: number,
  payloads: boolean,
): Prisma.Sql {
  const kept = payloads ? Prisma.sql`input, output` : Prisma.sql`NULL::text AS input, NULL::text AS output`;
  return Prisma.sql`
    SELECT found.* FROM unnest(${uuidsOf(filter.environmentIds)}::uuid[]) AS asked(environment_id)
    CROSS JOIN LATERAL (
      SELECT environment_id AS "environmentId", workflow_id AS "workflowId", version_id AS "versionId", started_at AS started,
        run_id AS "runId", outcome, duration_ms AS "durationMs", error, cost::float8 AS cost, input_tokens AS "inputTokens",
        output_tokens AS "outputTokens", key, trace_url AS "traceUrl", received_at AS received, ${kept}
      FROM run_record
      WHERE environment_id = asked.environment_id AND ${conditions(workspaceId, filter)} ${after(cursor)}
      ORDER BY started_at DESC, run_id DESC LIMIT ${most}
    ) AS found
    ORDER BY started DESC, "runId" DESC, "environmentId" DESC LIMIT ${most}`;
}

function after(cursor: TimeCursor | null): Prisma.Sql {
  if (cursor === null) return Prisma.empty;
  const [environmentId, runId] = [cursor.id.slice(0, 36), cursor.id.slice(37)];
  // The first half is what the partitions to look at are chosen by.
  return Prisma.sql`AND started_at <= ${cursor.at}::timestamptz
    AND (started_at, run_id, environment_id) < (${cursor.at}::timestamptz, ${runId}, ${environmentId}::uuid)`;
}

/** What runs are counted by, whatever they are grouped by. */
const COUNTS = Prisma.sql`count(*)::int AS runs,
      count(*) FILTER (WHERE outcome = 'failed')::int AS failed, count(*) FILTER (WHERE outcome = 'cancelled')::int AS cancelled,
      (percentile_disc(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY duration_ms))[1] AS p50,
      (percentile_disc(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY duration_ms))[2] AS p95`;

function figuresOf(workspaceId: string, filter: RunFilter): Prisma.Sql {
  return Prisma.sql`
    SELECT environment_id AS "environmentId", version_id AS "versionId", ${COUNTS},
      sum(cost)::float8 AS cost, sum(input_tokens)::float8 AS "inputTokens", sum(output_tokens)::float8 AS "outputTokens",
      min(started_at) AS "firstStarted", max(started_at) AS "lastStarted"
    FROM run_record
    WHERE environment_id = ANY(${uuidsOf(filter.environmentIds)}::uuid[]) AND ${conditions(workspaceId, filter)}
    GROUP BY environment_id, version_id
    ORDER BY max(started_at) DESC, version_id LIMIT ${MOST_FIGURES}`;
}

function figuresOfVersions(workspaceId: string, asked: VersionsAsked): Prisma.Sql {
  const { workflowId, environmentId, versionIds, since } = asked;
  return Prisma.sql`
    SELECT version_id AS "versionId", ${COUNTS}, avg(cost)::float8 AS "costPerRun"
    FROM run_record
    WHERE ${conditions(workspaceId, { environmentIds: [environmentId], workflowId, since })}
      AND environment_id = ${environmentId}::uuid AND version_id = ANY(${uuidsOf(versionIds)}::uuid[])
    GROUP BY version_id`;
}

export function runWriter({ db, workspaceId, clock }: Context): RunWriter {
  return {
    async record(runs, { isCharged } = { isCharged: false }) {
      if (runs.length === 0) return { accepted: 0, known: [] };
      const { names, places } = namesOf(runs);
      const charged = !isCharged && runs.some(({ cost }) => cost !== null) ? chargeWritten(workspaceId) : null;
      const rows = await parseRows(
        db.$queryRaw(insertOf(workspaceId, clock.now, runs, names, places, charged)),
        NameRow,
      );
      return {
        accepted: rows[0]?.accepted ?? 0,
        known: places.map((place) => rows[place - 1]?.known ?? 'unknown_workflow'),
      };
    },
  };
}

/** Each version and environment that runs are of once, and for every run its place among them, from 1. */
function namesOf(runs: readonly NewRun[]): { names: NewRun[]; places: number[] } {
  const names: NewRun[] = [];
  const byName = new Map<string, number>();
  const places = runs.map((run) => {
    const name = `${run.environmentId} ${run.version} ${run.workflow}`;
    const place = byName.get(name) ?? names.push(run);
    byName.set(name, place);
    return place;
  });
  return { names, places };
}

/**
 * Looks every version up once, then writes all rows, and with `charged` what they cost. In the order of their key, so that batches
 * that hold the same runs wait for each other in one order and never for each other at once.
 */
function insertOf(
  workspaceId: string,
  now: Date,
  runs: readonly NewRun[],
  names: readonly NewRun[],
  places: readonly number[],
  charged: Prisma.Sql | null,
): Prisma.Sql {
  const all = <T>(value: (run: NewRun) => T): T[] => runs.map(value);
  return Prisma.sql`
    WITH name AS MATERIALIZED (
      SELECT asked.place, w.id AS workflow_id, v.id AS version_id, d.id IS NOT NULL AS was_live
      FROM unnest(${names.map((run) => run.environmentId)}::uuid[], ${names.map((run) => run.workflow)}::text[],
        ${names.map((run) => run.version)}::int[]) WITH ORDINALITY AS asked(environment_id, slug, number, place)
      LEFT JOIN workflow w ON w.workspace_id = ${workspaceId} AND w.slug = asked.slug
      LEFT JOIN version v ON v.workspace_id = ${workspaceId} AND v.workflow_id = w.id AND v.number = asked.number
      LEFT JOIN LATERAL (
        SELECT id FROM deployment WHERE workspace_id = ${workspaceId} AND workflow_id = w.id
          AND environment_id = asked.environment_id AND version_id = v.id LIMIT 1
      ) d ON true
    ), written AS (
      INSERT INTO run_record (workspace_id, environment_id, started_at, run_id, workflow_id, version_id, outcome, duration_ms,
        error, cost, input_tokens, output_tokens, key, trace_url, input, output, received_at)
      SELECT ${workspaceId}, r.environment_id, r.started_at, r.run_id, name.workflow_id, name.version_id, r.outcome, r.duration_ms,
        r.error, r.cost, r.input_tokens, r.output_tokens, r.key, r.trace_url, r.input, r.output, ${now}::timestamptz
      FROM unnest(${[...places]}::int[], ${all((run) => run.environmentId)}::uuid[],
          ${all((run) => run.started.toISOString())}::timestamptz[], ${all((run) => run.runId)}::text[],
          ${all((run) => run.outcome)}::text[], ${all((run) => Math.round(run.durationMs))}::int[],
          ${all((run) => run.error)}::text[], ${all((run) => run.cost)}::float8[], ${all((run) => run.inputTokens)}::int[],
          ${all((run) => run.outputTokens)}::int[], ${all((run) => run.key)}::text[], ${all((run) => run.traceUrl)}::text[],
          ${all((run) => run.input)}::text[], ${all((run) => run.output)}::text[])
        AS r(place, environment_id, started_at, run_id, outcome, duration_ms, error, cost, input_tokens, output_tokens, key,
          trace_url, input, output)
      JOIN name ON name.place = r.place AND name.was_live
      ORDER BY r.environment_id, r.started_at, r.run_id
      ON CONFLICT DO NOTHING
      RETURNING environment_id, workflow_id, started_at, cost
    )${charged === null ? Prisma.empty : Prisma.sql`, charged AS (${charged})`}
    SELECT CASE WHEN was_live THEN 'known' WHEN workflow_id IS NULL THEN 'unknown_workflow'
        WHEN version_id IS NULL THEN 'unknown_version' ELSE 'never_live' END AS known,
      (SELECT count(*)::int FROM written) AS accepted
    FROM name ORDER BY place`;
}
