import { z } from 'zod';
import type { Reviewed } from '../../domain/fingerprint.ts';
import { ROLES } from '../../domain/person.ts';
import { policySchema } from '../../domain/policy/policy.ts';
import type { Approval, Promotion, Rejection } from '../../domain/promotion.ts';
import type { PromotionReader, PromotionWriter } from '../../use-cases/ports.ts';
import { byId, type Context, isUuid, parseRows, uuidsOf } from './context.ts';
import { Prisma } from './generated/client.ts';
import { judgingWriter, takeNext } from './judging.ts';
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
const RejectionRow = z.object({ by: z.string(), reason: z.string(), at: z.coerce.date() });
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
  deployAt: z.date().nullable(),
  heldSince: z.date().nullable(),
  approvals: z.array(ApprovalRow),
  rejections: z.array(RejectionRow),
});

/** With its approvals and noes in one question: all together are what nearly every act asks for first. */
const COLUMNS = Prisma.sql`
  p.id, p.workflow_id AS "workflowId", p.version_id AS "versionId", p.source_environment_id AS "sourceEnvironmentId",
  p.target_environment_id AS "targetEnvironmentId", p.status, p.requested_by AS "requestedBy", p.reason, p.canary,
  p.origin_channel AS "originChannel", p.requested_at AS "requestedAt", p.expires_at AS "expiresAt", p.closed_at AS "closedAt",
  p.closed_by AS "closedBy", p.close_reason AS "closeReason", p.deploy_at AS "deployAt", p.held_since AS "heldSince",
  COALESCE((
    SELECT jsonb_agg(jsonb_build_object('by', r.user_id, 'reason', r.reason, 'at', r.at) ORDER BY r.at, r.id)
    FROM promotion_rejection r WHERE r.promotion_id = p.id AND r.workspace_id = p.workspace_id
  ), '[]') AS rejections,
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

export function promotionWriter(context: Context): PromotionWriter {
  const { db, workspaceId } = context;
  const { find } = promotionReader(context);
  return {
    async create(promotion) {
      const data = { workspaceId, requestedAt: context.clock.now, ...promotion };
      const row = await db.promotion.create({ data });
      return toPromotion(PromotionRow.parse({ ...row, approvals: [], rejections: [] }));
    },
    async save(promotion, judgeAgain = null) {
      const { id, approvals, rejections = [] } = promotion;
      await saveEnd(context, promotion, judgeAgain);
      if (approvals.length > 0) await addApprovals(context, id, approvals);
      if (rejections.length > 0) await addRejections(context, id, rejections);
    },
    async keepBack(id, since) {
      if (!isUuid(id)) return;
      await db.promotion.updateMany({ where: { id, workspaceId, status: 'open' }, data: { heldSince: since } });
    },
    takeDue: () => takeNext(context, Prisma.sql`p.expires_at`, find),
    ...judgingWriter(context, find),
  };
}

/** Whoever judges it sooner than that was told to by others, and stays so. */
async function saveEnd(
  { db, workspaceId }: Context,
  { id, status, closedAt, closedBy, closeReason }: Promotion,
  judgeAgain: Date | null,
): Promise<void> {
  const count = await db.$executeRaw`
    UPDATE promotion SET status = ${status}, closed_at = ${closedAt}::timestamptz, closed_by = ${closedBy},
      close_reason = ${closeReason}, judge_at = LEAST(judge_at, ${judgeAgain}::timestamptz)
    WHERE id = ${id}::uuid AND workspace_id = ${workspaceId} AND status = 'open'`;
  if (count !== 1) throw new Error(`Promotion ${id} is not open, so it can't be changed.`);
}

/** What there is none of is left out: nobody said no, and no time was asked for. */
function toPromotion({
  approvals,
  rejections,
  deployAt,
  heldSince,
  ...promotion
}: z.infer<typeof PromotionRow>): Promotion {
  return {
    ...promotion,
    approvals: approvals.map(({ userId, ...approval }) => ({ by: userId, ...approval })),
    ...(rejections.length > 0 && { rejections }),
    ...(deployAt !== null && { deployAt }),
    ...(heldSince !== null && { heldSince }),
  };
}

/** Those that are not there yet. One that was given anew after a no takes the earlier one's place. */
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
    ORDER BY at
    ON CONFLICT (promotion_id, user_id, fingerprint) DO UPDATE SET role = EXCLUDED.role, reviewed = EXCLUDED.reviewed, at = EXCLUDED.at
    WHERE approval.at < EXCLUDED.at`;
}

async function addRejections(
  { db, workspaceId }: Context,
  promotionId: string,
  rejections: readonly Rejection[],
): Promise<void> {
  await db.$executeRaw`
    INSERT INTO promotion_rejection (workspace_id, promotion_id, user_id, reason, at)
    SELECT ${workspaceId}, ${promotionId}::uuid, given.by, given.reason, given.at
    FROM jsonb_to_recordset(${JSON.stringify(rejections)}::jsonb) AS given(by text, reason text, at timestamptz)
    WHERE NOT EXISTS (
      SELECT 1 FROM promotion_rejection r
      WHERE r.promotion_id = ${promotionId}::uuid AND r.user_id = given.by AND r.at = given.at
    ) ORDER BY given.at`;
}
