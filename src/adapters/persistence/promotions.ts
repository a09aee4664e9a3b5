import { z } from 'zod';
import type { Reviewed } from '../../domain/fingerprint.ts';
import { ROLES } from '../../domain/person.ts';
import { policySchema } from '../../domain/policy/policy.ts';
import type { Approval, Promotion } from '../../domain/promotion.ts';
import type { PromotionReader, PromotionWriter } from '../../use-cases/ports.ts';
import { byId, type Context, isUuid, parseFirst, parseRows, uuidsOf } from './context.ts';
import { Prisma } from './generated/client.ts';
import { pageSize, timeCursor, toPage } from './paging.ts';

const ReviewedJson: z.ZodType<Reviewed> = z.looseObject({
  versionId: z.string(),
  replacesDeploymentId: z.string().nullable(),
  replacesVersionId: z.string().nullable(),
  settings: z.record(z.string(), z.unknown()),
  policy: policySchema,
  canary: z.int().exactOptional(),
});
const ApprovalRow = z.object({
  userId: z.string(),
  role: z.enum(ROLES),
  fingerprint: z.string(),
  reviewed: ReviewedJson,
  // Inside JSON, where a time is text.
  at: z.coerce.date(),
});
const PromotionRow = z.object({
  id: z.string(),
  workflowId: z.string(),
  versionId: z.string(),
  sourceEnvironmentId: z.string(),
  targetEnvironmentId: z.string(),
  status: z.enum(['open', 'deployed', 'rejected', 'cancelled', 'expired', 'stale']),
  requestedBy: z.string(),
  reason: z.string().nullable(),
  canary: z.int().nullable(),
  originChannel: z.string().nullable(),
  requestedAt: z.date(),
  expiresAt: z.date(),
  closedAt: z.date().nullable(),
  closedBy: z.string().nullable(),
  closeReason: z.string().nullable(),
  approvals: z.array(ApprovalRow),
});

/** With its approvals in one question: both together are what nearly every act asks for first. */
const COLUMNS = Prisma.sql`
  p.id, p.workflow_id AS "workflowId", p.version_id AS "versionId", p.source_environment_id AS "sourceEnvironmentId",
  p.target_environment_id AS "targetEnvironmentId", p.status, p.requested_by AS "requestedBy", p.reason, p.canary,
  p.origin_channel AS "originChannel", p.requested_at AS "requestedAt", p.expires_at AS "expiresAt", p.closed_at AS "closedAt",
  p.closed_by AS "closedBy", p.close_reason AS "closeReason",
  COALESCE((
    SELECT jsonb_agg(jsonb_build_object('userId', a.user_id, 'role', a.role, 'fingerprint', a.fingerprint, 'reviewed', a.reviewed,
      'at', a.at) ORDER BY a.at, a.id)
    FROM approval a WHERE a.promotion_id = p.id AND a.workspace_id = p.workspace_id
  ), '[]') AS approvals`;
const OLDEST_FIRST = Prisma.sql`ORDER BY p.requested_at, p.id`;
const NEWEST_FIRST = Prisma.sql`ORDER BY p.requested_at DESC, p.id DESC`;
const OPEN = Prisma.sql`p.status = 'open'`;

export function promotionReader({ db, workspaceId }: Context): PromotionReader {
  const select = async (condition: Prisma.Sql, rest: Prisma.Sql = Prisma.empty): Promise<Promotion[]> => {
    const rows = db.$queryRaw`
      SELECT ${COLUMNS} FROM promotion p WHERE p.workspace_id = ${workspaceId} AND ${condition} ${rest}`;
    return (await parseRows(rows, PromotionRow)).map(toPromotion);
  };
  return {
    find: async (id) => (isUuid(id) ? ((await select(Prisma.sql`p.id = ${id}::uuid`))[0] ?? null) : null),
    getMany: async (ids) => byId(await select(Prisma.sql`p.id = ANY(${uuidsOf(ids)}::uuid[])`)),
    async findOpen(workflowId, targetEnvironmentId) {
      if (!isUuid(workflowId) || !isUuid(targetEnvironmentId)) return null;
      const place = Prisma.sql`p.workflow_id = ${workflowId}::uuid AND p.target_environment_id = ${targetEnvironmentId}::uuid`;
      return (await select(Prisma.sql`${place} AND ${OPEN}`))[0] ?? null;
    },
    listOpen: (workflowIds) =>
      select(Prisma.sql`p.workflow_id = ANY(${uuidsOf(workflowIds)}::uuid[]) AND ${OPEN}`, OLDEST_FIRST),
    listAllOpen: (limit) => select(OPEN, Prisma.sql`${OLDEST_FIRST} LIMIT ${limit}`),
    async list({ status, workflowId }, page) {
      const cursor = timeCursor(page);
      if (workflowId !== undefined && !isUuid(workflowId)) return { items: [], cursor: null };
      const wanted = [
        ...(status === undefined ? [] : [Prisma.sql`p.status = ${status}`]),
        ...(workflowId === undefined ? [] : [Prisma.sql`p.workflow_id = ${workflowId}::uuid`]),
        ...(cursor === null ? [] : [Prisma.sql`(p.requested_at, p.id) < (${cursor.at}, ${cursor.id}::uuid)`]),
      ];
      const found = await select(
        wanted.length === 0 ? Prisma.sql`true` : Prisma.join(wanted, ' AND '),
        Prisma.sql`${NEWEST_FIRST} LIMIT ${pageSize(page.limit) + 1}`,
      );
      return toPage(found, page.limit, (last) => [last.requestedAt.toISOString(), last.id]);
    },
  };
}

/** A due promotion may be decided between being found and its workflow's lock: how many such are passed over at one go. */
const TRIES = 20;

export function promotionWriter(context: Context): PromotionWriter {
  const { db, workspaceId } = context;
  return {
    async create(promotion) {
      const data = { workspaceId, requestedAt: context.clock.now, ...promotion };
      return toPromotion(PromotionRow.parse({ ...(await db.promotion.create({ data })), approvals: [] }));
    },
    async save({ id, status, closedAt, closedBy, closeReason, approvals }) {
      const data = { status, closedAt, closedBy, closeReason };
      const { count } = await db.promotion.updateMany({ where: { id, workspaceId, status: 'open' }, data });
      if (count !== 1) throw new Error(`Promotion ${id} is not open, so it can't be changed.`);
      if (approvals.length > 0) await addApprovals(context, id, approvals);
    },
    async takeDue() {
      const { find } = promotionReader(context);
      for (let tries = 0; tries < TRIES; tries++) {
        const due = await lockNextDue(context);
        if (due === null) return null;
        const promotion = await find(due);
        if (promotion?.status === 'open') return promotion;
      }
      return null;
    },
  };
}

const DueRow = z.object({ id: z.string(), now: z.date() });

/** By the database's clock, which is the same for every process. Only the workflow is locked, as every other act does. */
async function lockNextDue({ db, workspaceId, clock }: Context): Promise<string | null> {
  const due = await parseFirst(
    db.$queryRaw`
      WITH due AS MATERIALIZED (
        SELECT p.id FROM promotion p JOIN workflow w ON w.id = p.workflow_id
        WHERE p.workspace_id = ${workspaceId} AND w.workspace_id = ${workspaceId} AND p.status = 'open' AND p.expires_at <= statement_timestamp()
        ORDER BY p.expires_at, p.id LIMIT 1 FOR NO KEY UPDATE OF w SKIP LOCKED
      )
      SELECT id, date_trunc('milliseconds', clock_timestamp()) AS now FROM due`,
    DueRow,
  );
  if (due === null) return null;
  clock.now = due.now;
  return due.id;
}

function toPromotion({ approvals, ...promotion }: z.infer<typeof PromotionRow>): Promotion {
  return { ...promotion, approvals: approvals.map(({ userId, ...approval }) => ({ by: userId, ...approval })) };
}

/** Those that are not there yet. */
async function addApprovals(
  { db, workspaceId }: Context,
  promotionId: string,
  approvals: readonly Approval[],
): Promise<void> {
  await db.$executeRaw`
    INSERT INTO approval (workspace_id, promotion_id, user_id, role, fingerprint, reviewed, at)
    SELECT ${workspaceId}, ${promotionId}::uuid, by, role, fingerprint, reviewed, at
    FROM jsonb_to_recordset(${JSON.stringify(approvals)}::jsonb)
      AS given(by text, role text, fingerprint text, reviewed jsonb, at timestamptz)
    ORDER BY at ON CONFLICT DO NOTHING`;
}
