import { z } from 'zod';
import type { Reviewed } from '../../domain/fingerprint.ts';
import { ROLES } from '../../domain/person.ts';
import type { Approval, Promotion } from '../../domain/promotion.ts';
import type { PromotionReader, PromotionWriter } from '../../use-cases/ports.ts';
import { byId, type Context, isUuid, parseFirst, uuidsOf } from './context.ts';
import { PolicyJson } from './environments.ts';
import type { Prisma } from './generated/client.ts';
import { after, pageSize, timeCursor, toPage } from './paging.ts';

const ReviewedJson: z.ZodType<Reviewed> = z.looseObject({
  versionId: z.string(),
  replacesDeploymentId: z.string().nullable(),
  replacesVersionId: z.string().nullable(),
  settings: z.record(z.string(), z.unknown()),
  policy: PolicyJson,
});
const ApprovalRow = z.object({
  userId: z.string(),
  role: z.enum(ROLES),
  fingerprint: z.string(),
  reviewed: ReviewedJson,
  at: z.date(),
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
  originChannel: z.string().nullable(),
  requestedAt: z.date(),
  expiresAt: z.date(),
  closedAt: z.date().nullable(),
  closedBy: z.string().nullable(),
  closeReason: z.string().nullable(),
  approvals: z.array(ApprovalRow),
});
const WITH_APPROVALS = { approvals: { orderBy: [{ at: 'asc' }, { id: 'asc' }] } } satisfies Prisma.PromotionInclude;
const NEWEST_FIRST = [{ requestedAt: 'desc' as const }, { id: 'desc' as const }];

export function promotionReader({ db, workspaceId }: Context): PromotionReader {
  const select = async (where: Prisma.PromotionWhereInput, how: { take?: number; oldestFirst?: boolean } = {}) => {
    const orderBy = how.oldestFirst ? [{ requestedAt: 'asc' as const }, { id: 'asc' as const }] : NEWEST_FIRST;
    const rows = await db.promotion.findMany({
      where: { workspaceId, ...where },
      include: WITH_APPROVALS,
      orderBy,
      ...(how.take === undefined ? {} : { take: how.take }),
    });
    return rows.map(toPromotion);
  };
  return {
    find: async (id) => (isUuid(id) ? ((await select({ id }))[0] ?? null) : null),
    getMany: async (ids) => byId(await select({ id: { in: uuidsOf(ids) } })),
    async findOpen(workflowId, targetEnvironmentId) {
      if (!isUuid(workflowId) || !isUuid(targetEnvironmentId)) return null;
      return (await select({ workflowId, targetEnvironmentId, status: 'open' }))[0] ?? null;
    },
    listOpen: (workflowIds) =>
      select({ workflowId: { in: uuidsOf(workflowIds) }, status: 'open' }, { oldestFirst: true }),
    listAllOpen: (limit) => select({ status: 'open' }, { take: limit, oldestFirst: true }),
    async list({ status, workflowId }, page) {
      const cursor = timeCursor(page);
      if (workflowId !== undefined && !isUuid(workflowId)) return { items: [], cursor: null };
      const found = await select(
        {
          ...(status === undefined ? {} : { status }),
          ...(workflowId === undefined ? {} : { workflowId }),
          ...after('requestedAt', cursor),
        },
        { take: pageSize(page.limit) + 1 },
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
      return toPromotion(await db.promotion.create({ data, include: WITH_APPROVALS }));
    },
    async save({ id, status, closedAt, closedBy, closeReason, approvals }) {
      const data = { status, closedAt, closedBy, closeReason };
      const { count } = await db.promotion.updateMany({ where: { id, workspaceId, status: 'open' }, data });
      if (count !== 1) throw new Error(`Promotion ${id} is not open, so it can't be changed.`);
      await db.approval.createMany({
        data: approvals.map((approval) => toApprovalRow(context, id, approval)),
        skipDuplicates: true,
      });
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

function toPromotion(row: unknown): Promotion {
  const { approvals, ...promotion } = PromotionRow.parse(row);
  return { ...promotion, approvals: approvals.map(({ userId, ...approval }) => ({ by: userId, ...approval })) };
}

function toApprovalRow(
  { workspaceId }: Context,
  promotionId: string,
  { by, role, fingerprint, reviewed, at }: Approval,
) {
  const json = reviewed as unknown as Prisma.InputJsonObject;
  return { workspaceId, promotionId, userId: by, role, fingerprint, reviewed: json, at };
}
