import { distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { Refusal } from '../../domain/refusal.ts';
import type { Workflow } from '../../domain/version.ts';
import type { WorkflowReader, WorkflowWriter } from '../../use-cases/ports.ts';
import { byId, type Context, isUuid, parseFirst, parseRows, uuidsOf } from './context.ts';
import { Prisma } from './generated/client.ts';
import { after, pageSize, timeCursor, toPage } from './paging.ts';

const WorkflowRow: z.ZodType<Workflow> = z.object({
  id: z.string(),
  slug: z.string(),
  department: z.string().nullable(),
  ownerId: z.string(),
  format: z.string(),
  createdAt: z.date(),
});
const LockedRow = z.object({ now: z.date() });
const Slug = z.object({ slug: z.string() });

export function workflowReader({ db, workspaceId }: Context): WorkflowReader {
  return {
    async find(slug) {
      const row = await db.workflow.findFirst({ where: { workspaceId, slug } });
      return row === null ? null : WorkflowRow.parse(row);
    },
    async getById(id) {
      const row = isUuid(id) ? await db.workflow.findFirst({ where: { id, workspaceId } }) : null;
      if (row === null) throw unknownWorkflow();
      return WorkflowRow.parse(row);
    },
    async getMany(ids) {
      const rows = await db.workflow.findMany({ where: { workspaceId, id: { in: uuidsOf(ids) } } });
      return byId(rows.map((row) => WorkflowRow.parse(row)));
    },
    async nearestSlugs(slug, limit) {
      const found = await parseRows(likelySlugs(db, workspaceId, slug), Slug);
      const ranked = found.map((row) => ({ slug: row.slug, far: distance(slug, row.slug) }));
      ranked.sort((a, b) => a.far - b.far || (a.slug < b.slug ? -1 : 1));
      return ranked.slice(0, limit).map((row) => row.slug);
    },
    async list({ owner, ...page }) {
      const rows = await db.workflow.findMany({
        where: {
          workspaceId,
          ...(owner === undefined ? {} : { ownerId: owner }),
          ...after('createdAt', timeCursor(page)),
        },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: pageSize(page.limit) + 1,
      });
      return toPage(
        rows.map((row) => WorkflowRow.parse(row)),
        page.limit,
        (last) => [last.createdAt.toISOString(), last.id],
      );
    },
  };
}

/** At most 2,000 of however many there are: those that begin alike first, each part read in the index's order. */
function likelySlugs(db: Context['db'], workspaceId: string, slug: string): PromiseLike<unknown> {
  const start = (letters: number) => slug.slice(0, letters);
  return db.$queryRaw`
    (SELECT slug FROM workflow WHERE workspace_id = ${workspaceId} AND slug ^@ ${start(3)} ORDER BY slug LIMIT 1000)
    UNION (SELECT slug FROM workflow WHERE workspace_id = ${workspaceId} AND slug ^@ ${start(1)} ORDER BY slug LIMIT 600)
    UNION (SELECT slug FROM workflow WHERE workspace_id = ${workspaceId} ORDER BY slug LIMIT 400)`;
}

export function workflowWriter(context: Context): WorkflowWriter {
  const { db, workspaceId } = context;
  return {
    findLocked: (slug) => lockWorkflow(context, Prisma.sql`slug = ${slug}`),
    async findOfPromotionLocked(id) {
      if (!isUuid(id)) return null;
      return lockWorkflow(
        context,
        Prisma.sql`id = (SELECT workflow_id FROM promotion WHERE workspace_id = ${context.workspaceId} AND id = ${id}::uuid)`,
      );
    },
    async getByIdLocked(id) {
      const workflow = isUuid(id) ? await lockWorkflow(context, Prisma.sql`id = ${id}::uuid`) : null;
      if (workflow === null) throw unknownWorkflow();
      return workflow;
    },
    async create(workflow) {
      const row = await db.workflow.create({ data: { workspaceId, createdAt: context.clock.now, ...workflow } });
      return WorkflowRow.parse(row);
    },
    async update({ id, department, ownerId }) {
      const { count } = await db.workflow.updateMany({ where: { id, workspaceId }, data: { department, ownerId } });
      if (count === 0) throw unknownWorkflow();
    },
  };
}

/**
 * The clock is read when the lock is there: whoever waited for it is later than whoever held it. A materialized part of the
 * query waits for the lock before the rest looks at the clock; in one flat query the clock would be read first.
 */
async function lockWorkflow(context: Context, which: Prisma.Sql): Promise<Workflow | null> {
  const row = await parseFirst(
    context.db.$queryRaw`
      WITH locked AS MATERIALIZED (
        SELECT id, slug, department, owner_id AS "ownerId", format, created_at AS "createdAt"
        FROM workflow WHERE workspace_id = ${context.workspaceId} AND ${which} FOR NO KEY UPDATE
      )
      SELECT *, date_trunc('milliseconds', clock_timestamp()) AS now FROM locked`,
    z.intersection(WorkflowRow, LockedRow),
  );
  if (row === null) return null;
  const { now, ...workflow } = row;
  context.clock.now = now;
  return workflow;
}

function unknownWorkflow(): Refusal {
  return new Refusal(
    'unknown_workflow',
    'That workflow is not known here. `/towpath status` lists the workflows there are.',
  );
}
