import { z } from 'zod';
import { Refusal } from '../../domain/refusal.ts';
import type { Version } from '../../domain/version.ts';
import type { Quarantine, VersionReader, VersionWriter } from '../../use-cases/ports.ts';
import { byId, type Context, isUuid, parseRows, uuidsOf } from './context.ts';
import type { Prisma } from './generated/client.ts';
import { numberCursor, pageSize, toPage } from './paging.ts';

const VersionRow: z.ZodType<Version> = z.object({
  id: z.string(),
  workflowId: z.string(),
  number: z.int(),
  label: z.string().nullable(),
  note: z.string().nullable(),
  format: z.string(),
  contentHash: z.string(),
  logicHash: z.string(),
  author: z.string(),
  sourceCommit: z.string().nullable(),
  createdAt: z.date(),
});
const QuarantineRow: z.ZodType<Quarantine> = z.object({
  workflowId: z.string(),
  versionId: z.string(),
  by: z.string(),
  at: z.date(),
  reason: z.string().nullable(),
});
/** The source may be megabytes long: it is read where it is asked for, and nowhere else. */
const WITHOUT_SOURCE = { source: true } as const;

export function versionReader({ db, workspaceId, versions }: Context): VersionReader {
  const find = async (where: Prisma.VersionWhereInput): Promise<Version | null> => {
    const row = await db.version.findFirst({
      where: { workspaceId, ...where },
      omit: WITHOUT_SOURCE,
      orderBy: { number: 'desc' },
    });
    return row === null ? null : VersionRow.parse(row);
  };
  return {
    async find(workflowId, reference) {
      if (!isUuid(workflowId)) return null;
      return find(
        reference.by === 'number'
          ? { workflowId, number: reference.number }
          : { workflowId, label: reference.label.toLowerCase() },
      );
    },
    async getById(id) {
      const version = versions.get(id) ?? (isUuid(id) ? await find({ id }) : null);
      if (version === null) throw unknownVersion();
      versions.set(id, version);
      return version;
    },
    async getMany(ids) {
      const rows = await db.version.findMany({
        where: { workspaceId, id: { in: uuidsOf(ids) } },
        omit: WITHOUT_SOURCE,
      });
      const found = byId(rows.map((row) => VersionRow.parse(row)));
      for (const [id, version] of found) versions.set(id, version);
      return found;
    },
    newest: async (workflowId) => (isUuid(workflowId) ? find({ workflowId }) : null),
    async newestOf(workflowIds) {
      const rows = await parseRows(newestOf(db, workspaceId, uuidsOf(workflowIds)), VersionRow);
      return new Map(rows.map((version) => [version.workflowId, version]));
    },
    findByContentHash: async (workflowId, contentHash) =>
      isUuid(workflowId) ? find({ workflowId, contentHash }) : null,
    async content(id) {
      const select = { source: true, fileName: true, format: true };
      const row = isUuid(id) ? await db.version.findFirst({ where: { id, workspaceId }, select }) : null;
      if (row === null) throw unknownVersion();
      return row;
    },
    async list(workflowId, page) {
      const before = numberCursor(page);
      if (!isUuid(workflowId)) return { items: [], cursor: null };
      const rows = await db.version.findMany({
        where: { workspaceId, workflowId, ...(before === null ? {} : { number: { lt: before } }) },
        omit: WITHOUT_SOURCE,
        orderBy: { number: 'desc' },
        take: pageSize(page.limit) + 1,
      });
      return toPage(
        rows.map((row) => VersionRow.parse(row)),
        page.limit,
        (last) => [last.number],
      );
    },
    async between(workflowId, { above, below }, limit) {
      if (!isUuid(workflowId)) return { items: [], total: 0 };
      const where = { workspaceId, workflowId, number: { gt: above, lt: below } };
      const newestFirst = { orderBy: { number: 'desc' }, take: pageSize(limit) } as const;
      const rows = await db.version.findMany({ where, omit: WITHOUT_SOURCE, ...newestFirst });
      return { items: rows.map((row) => VersionRow.parse(row)), total: await db.version.count({ where }) };
    },
    async quarantined(workflowIds) {
      const rows = await parseRows(quarantinesOf(db, workspaceId, uuidsOf(workflowIds)), QuarantineRow);
      return new Map(rows.map((quarantine) => [quarantine.versionId, quarantine]));
    },
    async everDeployed(versionIds) {
      const rows = await db.deployment.groupBy({
        by: ['versionId'],
        where: { workspaceId, versionId: { in: uuidsOf(versionIds) } },
      });
      return new Set(rows.map((row) => row.versionId));
    },
  };
}

export function versionWriter(context: Context): VersionWriter {
  const { db, workspaceId } = context;
  return {
    async create(version) {
      const newest = await db.version.aggregate({
        where: { workspaceId, workflowId: version.workflowId },
        _max: { number: true },
      });
      const number = (newest._max.number ?? 0) + 1;
      const data = { workspaceId, number, createdAt: context.clock.now, ...version };
      return VersionRow.parse(await db.version.create({ data, omit: WITHOUT_SOURCE }));
    },
    async setLabel(id, label, note) {
      const data = { label, ...(note === null ? {} : { note }) };
      const { count } = isUuid(id) ? await db.version.updateMany({ where: { id, workspaceId }, data }) : { count: 0 };
      if (count === 0) throw unknownVersion();
      context.versions.delete(id);
    },
    async liftQuarantine(versionId, by, reason) {
      if (!isUuid(versionId)) return 0;
      const { count } = await db.quarantine.updateMany({
        where: { workspaceId, versionId, liftedAt: null },
        data: { liftedAt: context.clock.now, liftedBy: by, liftReason: reason },
      });
      return count;
    },
  };
}

/** One step down the index a workflow, however many versions each has. */
function newestOf(db: Context['db'], workspaceId: string, workflowIds: string[]): PromiseLike<unknown> {
  return db.$queryRaw`
    SELECT v.* FROM unnest(${workflowIds}::uuid[]) AS asked(workflow_id)
    CROSS JOIN LATERAL (
      SELECT id, workflow_id AS "workflowId", number, label, note, format, content_hash AS "contentHash", logic_hash AS "logicHash",
        author, source_commit AS "sourceCommit", created_at AS "createdAt"
      FROM version WHERE version.workflow_id = asked.workflow_id AND version.workspace_id = ${workspaceId}
      ORDER BY number DESC LIMIT 1
    ) AS v`;
}

function quarantinesOf(db: Context['db'], workspaceId: string, workflowIds: string[]): PromiseLike<unknown> {
  return db.$queryRaw`
    SELECT DISTINCT ON (q.version_id) q.workflow_id AS "workflowId", q.version_id AS "versionId", r.by, r.at, r.reason
    FROM quarantine q JOIN rollback r ON r.id = q.rollback_id
    WHERE q.workspace_id = ${workspaceId} AND q.workflow_id = ANY(${workflowIds}::uuid[]) AND q.lifted_at IS NULL
    ORDER BY q.version_id, q.at DESC, q.id`;
}

function unknownVersion(): Refusal {
  return new Refusal(
    'unknown_version',
    'That version is not known here. `/towpath history WORKFLOW` lists the versions of a workflow.',
  );
}
