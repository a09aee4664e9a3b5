import { z } from 'zod';
import { type Context, parseFirst } from './context.ts';
import { Prisma } from './generated/client.ts';

/** Days begin at 00:00 UTC, by the database's clock. */
const TODAY = Prisma.sql`(clock_timestamp() AT TIME ZONE 'UTC')::date`;
/** US dollars: sums of fractions miss the whole by less. */
const NOTHING = Prisma.sql`0.000000001`;

/** The row of today of the workflow and environment of an execution `e`. */
const TODAYS = Prisma.sql`FROM spending s WHERE s.environment_id = e.environment_id AND s.workflow = e.workflow AND s.day = ${TODAY}`;
const SPENT = Prisma.sql`coalesce((SELECT s.dollars ${TODAYS}), 0)`;

/** What those that hold a place may still cost: as much as they may, or else as the dearest of today. */
const AT_STAKE = Prisma.sql`coalesce((
  SELECT sum(coalesce(o.most_cost, (SELECT s.dearest ${TODAYS}), 0)) FROM execution o
  WHERE o.environment_id = e.environment_id AND o.workflow = e.workflow AND o.state = 'leased' AND o.lease_until > clock_timestamp()
), 0)`;

/** US dollars that an execution `e` finds left of its day; null where its day has no limit. */
export const MONEY_LEFT = Prisma.sql`CASE WHEN e.cost_per_day IS NOT NULL THEN e.cost_per_day - ${SPENT} - ${AT_STAKE} END`;

/** Whether those that go on leave an execution `e` any money. Read where nobody else is given a place meanwhile. */
export const LEAVES_MONEY = Prisma.sql`coalesce((${MONEY_LEFT}) > ${NOTHING}, true)`;

/** Whether there is nothing to wait for: all that `e`'s day may cost is spent. */
export const IS_SPENT = Prisma.sql`CASE WHEN e.cost_per_day IS NULL THEN false ELSE ${SPENT} > e.cost_per_day - ${NOTHING} END`;

/** Whose runs are counted together. */
export interface Payer {
  readonly environmentId: string;
  /** Slug. */
  readonly workflow: string;
}

const Spent = z.object({ isSpent: z.boolean() });

/** Whether the runs of today have cost so many US dollars. */
export async function isSpent(
  { db, workspaceId }: Context,
  { environmentId, workflow }: Payer,
  costPerDay: number,
): Promise<boolean> {
  const found = await parseFirst(
    db.$queryRaw`
      SELECT ${IS_SPENT} AS "isSpent"
      FROM (SELECT ${environmentId}::uuid AS environment_id, ${workflow}::text AS workflow, ${costPerDay}::float8 AS cost_per_day) e
      WHERE EXISTS (SELECT FROM environment WHERE workspace_id = ${workspaceId} AND id = e.environment_id)`,
    Spent,
  );
  return found?.isSpent ?? false;
}

const ADDED = Prisma.sql`ON CONFLICT (environment_id, workflow, day) DO UPDATE
  SET dollars = spending.dollars + excluded.dollars, dearest = greatest(spending.dearest, excluded.dearest)`;

/** Adds what a run has cost to its day, which is the one that it ended on. */
export async function charge(
  { db, workspaceId }: Context,
  { environmentId, workflow }: Payer,
  cost: number,
): Promise<void> {
  if (!(cost > 0)) return;
  await db.$executeRaw`
    INSERT INTO spending (workspace_id, environment_id, workflow, day, dollars, dearest)
    VALUES (${workspaceId}, ${environmentId}::uuid, ${workflow}, ${TODAY}, ${cost}::float8, ${cost}::float8) ${ADDED}`;
}

/**
 * Adds what was `written` of runs (environment, workflow, start and cost of each) to today, where they started today. In the order
 * of its key, so that batches wait for each other in one order.
 */
export function chargeWritten(workspaceId: string): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO spending (workspace_id, environment_id, workflow, day, dollars, dearest)
    SELECT ${workspaceId}, written.environment_id, w.slug, ${TODAY}, sum(written.cost)::float8, max(written.cost)::float8
    FROM written JOIN workflow w ON w.id = written.workflow_id
    WHERE written.cost > 0 AND (written.started_at AT TIME ZONE 'UTC')::date = ${TODAY}
    GROUP BY written.environment_id, w.slug ORDER BY written.environment_id, w.slug
    ${ADDED}`;
}

/** Forgets days that nothing is counted by any more. */
export async function forgetSpending({ db, workspaceId }: Context): Promise<void> {
  await db.$executeRaw`DELETE FROM spending WHERE workspace_id = ${workspaceId} AND day < ${TODAY} - 2`;
}
