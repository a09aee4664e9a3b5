import { z } from 'zod';
import { PARITY_KINDS } from '../../domain/requirements/parity.ts';
import type { EvidenceReader, EvidenceWriter, KeptGate, ParityReport, StretchesAsked } from '../../use-cases/ports.ts';
import { CheckRow, type CheckRowValues, checkColumns, makeRoom, newestChecks, toCheck } from './check-results.ts';
import { type Context, isUuid, parseRows } from './context.ts';
import { Prisma } from './generated/client.ts';
import { newJob, queueOfEndpoint, queueOfParity } from './jobs.ts';

const StretchRow = z.object({ from: z.date(), to: z.date().nullable() });
const FiguresRow = z.object({ runs: z.int(), failed: z.int(), divergence: z.number().nullable() });
const TickRow = z.object({ item: z.string(), userId: z.string(), at: z.date() });
const GateRow = z.object({
  id: z.string(),
  promotionId: z.string(),
  url: z.string(),
  fingerprint: z.string(),
  state: z.enum(['asked', 'approved', 'rejected', 'unreachable']),
  askedAt: z.date(),
  answeredAt: z.date().nullable(),
  detail: z.string().nullable(),
});
const ReportRow: z.ZodType<ParityReport> = z.object({
  fingerprint: z.string(),
  findings: z.array(
    z.object({
      what: z.enum(PARITY_KINDS),
      name: z.string(),
      isThere: z.boolean(),
      detail: z.string().exactOptional(),
    }),
  ),
  at: z.date(),
});

/** What soak counts by: an older stretch is too long ago to say anything. */
const MOST_STRETCHES = 500;
const MOST_GATES = 500;

export function evidenceReader(context: Context): EvidenceReader {
  const { db, workspaceId } = context;
  return {
    checks: (versionIds, environmentId) => newestChecks(context, versionIds, environmentId),
    async findCheck(id) {
      const row = isUuid(id) ? await db.checkResult.findFirst({ where: { id, workspaceId } }) : null;
      return row === null ? null : toCheck(CheckRow.parse(row));
    },
    async cases(id) {
      const row = isUuid(id) ? await db.checkResult.findFirst({ where: { id, workspaceId } }) : null;
      return Array.isArray(row?.cases) ? row.cases : [];
    },
    async stretches(versionId, environmentId) {
      if (!isUuid(versionId) || !isUuid(environmentId)) return [];
      return parseRows(
        db.$queryRaw`
          SELECT s.started_at AS "from", s.ended_at AS "to"
          FROM deployment d JOIN deployment_stretch s ON s.workspace_id = d.workspace_id AND s.deployment_id = d.id
          WHERE d.workspace_id = ${workspaceId} AND d.version_id = ${versionId}::uuid AND d.environment_id = ${environmentId}::uuid
          ORDER BY s.started_at DESC LIMIT ${MOST_STRETCHES}`,
        StretchRow,
      );
    },
    async runFigures(asked) {
      const ids = [asked.workflowId, asked.versionId, asked.environmentId];
      if (asked.stretches.length === 0 || !ids.every(isUuid)) return [];
      return parseRows(db.$queryRaw(figuresOf(workspaceId, asked)), FiguresRow);
    },
    async ticks(promotionId) {
      if (!isUuid(promotionId)) return [];
      const rows = await db.checklistTick.findMany({ where: { workspaceId, promotionId }, orderBy: { at: 'asc' } });
      return rows.map((row) => TickRow.parse(row)).map(({ userId, ...tick }) => ({ by: userId, ...tick }));
    },
    async gates(promotionId) {
      if (!isUuid(promotionId)) return [];
      const rows = await db.gateRequest.findMany({
        where: { workspaceId, promotionId },
        orderBy: [{ askedAt: 'desc' }, { id: 'desc' }],
        take: MOST_GATES,
      });
      return rows.map((row) => toGate(GateRow.parse(row))).reverse();
    },
    async findGate(tokenHash) {
      const row = await db.gateRequest.findFirst({ where: { workspaceId, tokenHash } });
      return row === null ? null : toGate(GateRow.parse(row));
    },
    async parity(promotionId) {
      const row = isUuid(promotionId) ? await db.parityReport.findFirst({ where: { workspaceId, promotionId } }) : null;
      return row === null ? null : ReportRow.parse(row);
    },
  };
}

/** Each stretch's runs down their index, the days outside of it not looked at. Cancelled ones tell nothing of the version. */
function figuresOf(
  workspaceId: string,
  { workflowId, environmentId, versionId, liveVersionId, stretches }: StretchesAsked,
): Prisma.Sql {
  const asked = JSON.stringify(stretches);
  return Prisma.sql`
    SELECT found.runs, found.failed, replay.divergence
    FROM ROWS FROM (jsonb_to_recordset(${asked}::jsonb) AS ("from" timestamptz, "to" timestamptz))
      WITH ORDINALITY AS asked("from", "to", place)
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS runs, (count(*) FILTER (WHERE r.outcome = 'failed'))::int AS failed
      FROM run_record r
      WHERE r.workspace_id = ${workspaceId} AND r.workflow_id = ${workflowId}::uuid AND r.environment_id = ${environmentId}::uuid
        AND r.version_id = ${versionId}::uuid AND r.started_at >= asked."from"
        AND r.started_at < COALESCE(asked."to", 'infinity'::timestamptz) AND r.outcome <> 'cancelled'
    ) AS found
    LEFT JOIN LATERAL (
      SELECT 1 - COALESCE(c.passed, 0)::float8 / (COALESCE(c.passed, 0) + COALESCE(c.failed, 0) + COALESCE(c.not_judged, 0)) AS divergence
      FROM check_result c
      WHERE c.workspace_id = ${workspaceId} AND c.version_id = ${versionId}::uuid AND c.environment_id = ${environmentId}::uuid
        AND c.live_version_id = ${liveVersionId}::uuid AND c.at >= asked."from" AND c.kind = 'shadow' AND c.state IN ('passed', 'failed')
        AND COALESCE(c.passed, 0) + COALESCE(c.failed, 0) + COALESCE(c.not_judged, 0) > 0
      ORDER BY c.at DESC, c.id DESC LIMIT 1
    ) AS replay ON true
    ORDER BY asked.place`;
}

function toGate({ detail, ...gate }: z.infer<typeof GateRow>): KeptGate {
  return { ...gate, ...(detail !== null && { detail }) };
}

export function evidenceWriter(context: Context): EvidenceWriter {
  const { db, workspaceId, clock } = context;
  return {
    async recordCheck(check) {
      const { workflowId } = await versionOf(context, check.versionId);
      await makeRoom(context, check);
      const { kind, name, environmentId, versionId, liveVersionId = null, by } = check;
      const place = { workspaceId, workflowId, versionId, environmentId, liveVersionId, kind, name, by };
      const data = { ...place, receivedAt: clock.now, ...checkColumns(check) };
      return toCheck(CheckRow.parse(await db.checkResult.create({ data })));
    },
    async changeCheck(id, check) {
      const data: CheckRowValues = checkColumns(check);
      const { count } = await db.checkResult.updateMany({ where: { id, workspaceId, state: 'running' }, data });
      if (count !== 1) throw new Error(`Check result ${id} does not run, so it can't be changed.`);
    },
    async tick(promotionId, { item, by, at }) {
      const data = [{ workspaceId, promotionId, item, userId: by, at }];
      return (await db.checklistTick.createMany({ data, skipDuplicates: true })).count === 1;
    },
    async untick(promotionId, item) {
      return (await db.checklistTick.deleteMany({ where: { workspaceId, promotionId, item } })).count === 1;
    },
    async askGate(asked) {
      const data = [{ workspaceId, ...asked, askedAt: clock.now }];
      const [row] = await db.gateRequest.createManyAndReturn({ data, skipDuplicates: true });
      return row === undefined ? null : toGate(GateRow.parse(row));
    },
    async answerGate(id, { state, detail = null }) {
      if (!isUuid(id)) return false;
      const { count } = await db.gateRequest.updateMany({
        where: { id, workspaceId, state: { in: ['asked', 'unreachable'] } },
        data: { state, detail, answeredAt: clock.now },
      });
      return count === 1;
    },
    async forgetGate(id) {
      if (!isUuid(id)) return false;
      const where = { id, workspaceId, state: { in: ['asked', 'unreachable'] } };
      return (await db.gateRequest.deleteMany({ where })).count === 1;
    },
    async queueGate({ promotionId, url, fingerprint }) {
      const options = {
        queue: queueOfEndpoint(url),
        key: `gate:${promotionId}:${fingerprint}:${queueOfEndpoint(url)}`,
      };
      context.outbox.jobs.push(newJob('ask-gate', { promotionId, url, fingerprint }, options));
    },
    async queueParity(promotionId, at) {
      const options = { queue: queueOfParity(promotionId), key: `parity:${promotionId}`, ...(at && { at }) };
      context.outbox.jobs.push(newJob('check-parity', { promotionId }, options));
    },
    async saveParity(promotionId, { fingerprint, findings }) {
      const kept = findings.map((finding) => ({ ...finding }));
      const data = { workspaceId, fingerprint, findings: kept, at: clock.now };
      await db.parityReport.upsert({
        where: { promotionId, workspaceId },
        create: { promotionId, ...data },
        update: data,
      });
    },
  };
}

/** What a result is about has to be there. @throws Error */
async function versionOf({ db, workspaceId }: Context, id: string): Promise<{ workflowId: string }> {
  const row = isUuid(id)
    ? await db.version.findFirst({ where: { id, workspaceId }, select: { workflowId: true } })
    : null;
  if (row === null) throw new Error(`There is no version ${id} in this workspace.`);
  return row;
}
