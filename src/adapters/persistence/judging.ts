import { z } from 'zod';
import type { Promotion } from '../../domain/promotion.ts';
import type { Concerned, JudgedPromotion, PromotionWriter } from '../../use-cases/ports.ts';
import { type Context, isUuid, parseFirst } from './context.ts';
import { Prisma } from './generated/client.ts';

type Find = (id: string) => Promise<Promotion | null>;

const NextRow = z.object({ id: z.string(), now: z.date() });
const JudgedRow = z.object({
  judgedAt: z.date().nullable(),
  judgedAs: z.string().nullable(),
  missedAt: z.date().nullable(),
});

/** A due promotion may be decided between being found and its workflow's lock: how many such are passed over at one go. */
const TRIES = 20;

/** What the clock judges, and when. */
export function judgingWriter(
  context: Context,
  find: Find,
): Pick<PromotionWriter, 'judgeAt' | 'markForJudging' | 'takeToJudge' | 'findHeld' | 'postponeJudging' | 'judged'> {
  const { db, workspaceId } = context;
  return {
    async judgeAt(id, at) {
      if (!isUuid(id)) return;
      await db.$executeRaw`
        UPDATE promotion SET judge_at = LEAST(judge_at, ${at}::timestamptz)
        WHERE id = ${id}::uuid AND workspace_id = ${workspaceId} AND status = 'open'`;
    },
    markForJudging: (concerned) => mark(context, concerned),
    takeToJudge: () => takeNext(context, Prisma.sql`p.judge_at`, find),
    async findHeld(id) {
      if (!isUuid(id)) return null;
      const row = await parseFirst(
        db.$queryRaw`
          SELECT judged_at AS "judgedAt", judged_as AS "judgedAs", missed_at AS "missedAt" FROM promotion
          WHERE id = ${id}::uuid AND workspace_id = ${workspaceId} FOR NO KEY UPDATE`,
        JudgedRow,
      );
      const promotion = row === null ? null : await find(id);
      return row === null || promotion === null ? null : ({ promotion, ...row } satisfies JudgedPromotion);
    },
    async postponeJudging(id, until) {
      await db.$executeRaw`
        UPDATE promotion SET judge_at = ${until}::timestamptz
        WHERE id = ${id}::uuid AND workspace_id = ${workspaceId} AND status = 'open'`;
    },
    async judged(id, { again, as, missed }) {
      const at = context.clock.now;
      await db.$executeRaw`
        UPDATE promotion SET judge_at = ${again}::timestamptz, judged_at = ${at}::timestamptz, judged_as = ${as},
          missed_at = CASE WHEN ${missed} THEN ${at}::timestamptz ELSE missed_at END
        WHERE id = ${id}::uuid AND workspace_id = ${workspaceId}`;
    },
  };
}

/** By the database's clock, which is the same for every process. Only the workflow is locked, as every other act does. */
export async function takeNext(context: Context, dueAt: Prisma.Sql, find: Find): Promise<Promotion | null> {
  for (let tries = 0; tries < TRIES; tries++) {
    const due = await lockNext(context, dueAt);
    if (due === null) return null;
    const promotion = await find(due);
    if (promotion?.status === 'open') return promotion;
  }
  return null;
}

async function lockNext({ db, workspaceId, clock }: Context, dueAt: Prisma.Sql): Promise<string | null> {
  const due = await parseFirst(
    db.$queryRaw`
      WITH due AS MATERIALIZED (
        SELECT p.id FROM promotion p JOIN workflow w ON w.id = p.workflow_id
        WHERE p.workspace_id = ${workspaceId} AND w.workspace_id = ${workspaceId} AND p.status = 'open' AND ${dueAt} <= statement_timestamp()
        ORDER BY ${dueAt}, p.id LIMIT 1 FOR NO KEY UPDATE OF w SKIP LOCKED
      )
      SELECT id, date_trunc('milliseconds', clock_timestamp()) AS now FROM due`,
    NextRow,
  );
  if (due === null) return null;
  clock.now = due.now;
  return due.id;
}

/**
 * The rows are locked first, in one order, also where they are marked already: whoever judges one holds it, so this waits until they are
 * done and marks it again, since they may not have seen what this transaction wrote. What is marked already is told by the locked row and
 * not by the one to update, which would be looked at as it was before the wait.
 */
async function mark({ db, workspaceId, clock }: Context, concerned: Concerned): Promise<void> {
  const which = conditionOf(concerned, workspaceId);
  if (which === null) return;
  await db.$executeRaw`
    WITH held AS MATERIALIZED (
      SELECT p.id, p.judge_at, GREATEST(${clock.now}::timestamptz, p.judged_at + interval '1 second') AS soonest
      FROM promotion p
      WHERE p.workspace_id = ${workspaceId} AND p.status = 'open' AND ${which} ORDER BY p.id FOR NO KEY UPDATE
    )
    UPDATE promotion p SET judge_at = held.soonest FROM held
    WHERE p.id = held.id AND p.status = 'open' AND (held.judge_at IS NULL OR held.judge_at > held.soonest)`;
}

function conditionOf(concerned: Concerned, workspaceId: string): Prisma.Sql | null {
  if ('promotionId' in concerned)
    return isUuid(concerned.promotionId) ? Prisma.sql`p.id = ${concerned.promotionId}::uuid` : null;
  if ('ran' in concerned) return concerned.ran.length === 0 ? null : ranThere(concerned.ran);
  if ('scope' in concerned) {
    const { workflowId, environmentId } = concerned.scope;
    if ([workflowId, environmentId].some((id) => id !== null && !isUuid(id))) return null;
    return Prisma.sql`(${workflowId}::uuid IS NULL OR p.workflow_id = ${workflowId}::uuid)
      AND (${environmentId}::uuid IS NULL OR p.target_environment_id = ${environmentId}::uuid)`;
  }
  const { versionId, environmentId } = concerned;
  if (!isUuid(versionId) || !isUuid(environmentId)) return null;
  // What replays find out in the environment before is a part of how the version did there; with what is found out of what is live,
  // that is compared which would take its place.
  return Prisma.sql`p.workflow_id = (SELECT v.workflow_id FROM version v WHERE v.workspace_id = ${workspaceId} AND v.id = ${versionId}::uuid)
    AND (
      p.version_id = ${versionId}::uuid
        AND (p.target_environment_id = ${environmentId}::uuid OR p.source_environment_id = ${environmentId}::uuid)
      OR p.target_environment_id = ${environmentId}::uuid AND EXISTS (
        SELECT 1 FROM deployment d
        WHERE d.workspace_id = ${workspaceId} AND d.workflow_id = p.workflow_id AND d.environment_id = ${environmentId}::uuid
          AND d.version_id = ${versionId}::uuid AND d.status = 'active'
      )
    )`;
}

/** Only those whose target asks how runs went, of whichever workflow: others would be judged over and over for nothing. */
function ranThere(ran: Extract<Concerned, { ran: unknown }>['ran']): Prisma.Sql {
  return Prisma.sql`EXISTS (
    SELECT 1 FROM jsonb_to_recordset(${JSON.stringify(ran)}::jsonb) AS told(workflow text, version int, "environmentId" uuid)
    JOIN workflow w ON w.workspace_id = p.workspace_id AND w.slug = told.workflow AND w.id = p.workflow_id
    JOIN version v ON v.workflow_id = w.id AND v.number = told.version AND v.id = p.version_id
    JOIN environment e ON e.id = p.target_environment_id
    WHERE told."environmentId" = p.source_environment_id
      AND (e.policy -> 'soak' IS NOT NULL OR e.policy @? '$.stricter[*].soak')
  )`;
}
