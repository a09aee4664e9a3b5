import { z } from 'zod';
import type { Lock } from '../../domain/requirements/lock.ts';
import type { HoldReader, HoldWriter, InTheWay, KeptFreeze } from '../../use-cases/ports.ts';
import { type Context, isUuid, parseFirst } from './context.ts';
import { CandidateRow } from './deployments.ts';

const lockFields = {
  id: z.string(),
  workflowId: z.string().nullable(),
  environmentId: z.string().nullable(),
  reason: z.string(),
  by: z.string(),
  promotionId: z.string().nullable(),
};
const LockRow: z.ZodType<Lock> = z.object({ ...lockFields, at: z.date(), until: z.date().nullable() });
const freezeFields = { id: z.string(), environmentId: z.string(), reason: z.string(), by: z.string() };
const FreezeRow: z.ZodType<KeptFreeze> = z.object({ ...freezeFields, at: z.date(), until: z.date().nullable() });

// Inside JSON, where a time is text.
const inJson = { at: z.coerce.date(), until: z.coerce.date().nullable() };
const CandidateJson = z.looseObject({ deployedAt: z.coerce.date() });
const WayRow = z.object({
  candidate: CandidateJson.nullable(),
  locks: z.array(z.object({ ...lockFields, ...inJson })),
  freezes: z.array(z.object({ ...freezeFields, ...inJson })),
});

/** More of either at once are a mistake, which is refused where they are made. */
const MOST = 200;
const OLDEST_FIRST = [{ at: 'asc' as const }, { id: 'asc' as const }];

export function holdReader(context: Context): HoldReader {
  const { db, workspaceId, clock } = context;
  const inForce = () => ({
    ...{ workspaceId, endedAt: null },
    OR: [{ until: null }, { until: { gt: clock.now } }],
  });
  return {
    inTheWay: (workflowId, environmentId) => inTheWay(context, workflowId, environmentId),
    async listLocks() {
      const rows = await db.resourceLock.findMany({ where: inForce(), orderBy: OLDEST_FIRST, take: MOST });
      return rows.map((row) => LockRow.parse(row));
    },
    async listFreezes() {
      const rows = await db.freeze.findMany({ where: inForce(), orderBy: OLDEST_FIRST, take: MOST });
      return rows.map((row) => FreezeRow.parse(row));
    },
  };
}

async function inTheWay(
  { db, workspaceId, clock }: Context,
  workflowId: string,
  environmentId: string,
): Promise<InTheWay> {
  if (!isUuid(workflowId) || !isUuid(environmentId)) return { candidate: null, locks: [], freezes: [] };
  const row = await parseFirst(
    db.$queryRaw`
      SELECT (
        SELECT jsonb_build_object('id', d.id, 'workflowId', d.workflow_id, 'environmentId', d.environment_id, 'versionId', d.version_id,
          'status', d.status, 'share', d.share, 'promotionId', d.promotion_id, 'replacesId', d.replaces_id, 'deployedBy', d.deployed_by,
          'deployedAt', d.deployed_at, 'endedAt', NULL, 'endedBy', d.ended_by, 'reason', d.reason, 'changes', d.changes)
        FROM deployment d WHERE d.workspace_id = ${workspaceId} AND d.workflow_id = ${workflowId}::uuid
          AND d.environment_id = ${environmentId}::uuid AND d.status = 'candidate'
      ) AS candidate,
      COALESCE((
        SELECT jsonb_agg(jsonb_build_object('id', l.id, 'workflowId', l.workflow_id, 'environmentId', l.environment_id, 'reason', l.reason,
          'by', l.by, 'at', l.at, 'until', l.until, 'promotionId', l.promotion_id) ORDER BY l.at, l.id)
        FROM resource_lock l WHERE l.workspace_id = ${workspaceId} AND l.ended_at IS NULL
          AND (l.until IS NULL OR l.until > ${clock.now}::timestamptz)
          AND (l.workflow_id IS NULL OR l.workflow_id = ${workflowId}::uuid)
          AND (l.environment_id IS NULL OR l.environment_id = ${environmentId}::uuid)
      ), '[]') AS locks,
      COALESCE((
        SELECT jsonb_agg(jsonb_build_object('id', f.id, 'environmentId', f.environment_id, 'reason', f.reason, 'by', f.by, 'at', f.at,
          'until', f.until) ORDER BY f.at, f.id)
        FROM "freeze" f WHERE f.workspace_id = ${workspaceId} AND f.environment_id = ${environmentId}::uuid AND f.ended_at IS NULL
          AND (f.until IS NULL OR f.until > ${clock.now}::timestamptz)
      ), '[]') AS freezes`,
    WayRow,
  );
  if (row === null) throw new Error('The database answers no question about holds.');
  return { ...row, candidate: row.candidate === null ? null : CandidateRow.parse(row.candidate) };
}

export function holdWriter({ db, workspaceId, clock }: Context): HoldWriter {
  const ended = (by: string) => ({ endedAt: clock.now, endedBy: by });
  return {
    async lock(lock) {
      return LockRow.parse(await db.resourceLock.create({ data: { workspaceId, at: clock.now, ...lock } }));
    },
    async unlock(id, by) {
      if (!isUuid(id)) return false;
      const { count } = await db.resourceLock.updateMany({
        where: { id, workspaceId, endedAt: null },
        data: ended(by),
      });
      return count === 1;
    },
    async freeze(freeze) {
      return FreezeRow.parse(await db.freeze.create({ data: { workspaceId, at: clock.now, ...freeze } }));
    },
    async unfreeze(id, by) {
      if (!isUuid(id)) return false;
      const { count } = await db.freeze.updateMany({ where: { id, workspaceId, endedAt: null }, data: ended(by) });
      return count === 1;
    },
    async unbind(promotionId) {
      if (!isUuid(promotionId)) return [];
      const rows = await db.resourceLock.updateManyAndReturn({
        where: { promotionId, workspaceId, endedAt: null },
        data: { promotionId: null },
      });
      return rows.map((row) => LockRow.parse(row));
    },
    async bind(lockIds, promotionId) {
      if (lockIds.length === 0) return;
      const which = { id: { in: [...lockIds] }, workspaceId, endedAt: null };
      await db.resourceLock.updateMany({ where: which, data: { promotionId } });
    },
  };
}
