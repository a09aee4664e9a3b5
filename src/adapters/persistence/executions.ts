import { z } from 'zod';
import type { ExecutionReader, ExecutionState, ExecutionWriter, WorkResult } from '../../use-cases/ports.ts';
import { type Context, isUuid, parseFirst } from './context.ts';
import { Prisma } from './generated/client.ts';
import { charge, forgetSpending, IS_SPENT, isSpent, LEAVES_MONEY, MONEY_LEFT } from './spending.ts';

/** After this long without a word, nobody waits for a run any more. */
const STILL_ASKED = Prisma.sql`interval '10 seconds'`;
/** Whoever waits says so this often at most. */
const SAID_LATELY = Prisma.sql`interval '2 seconds'`;
const AGENT_PRESENT = Prisma.sql`interval '2 minutes'`;

/** Of a token `t`. By the database's clock, so that none counts for longer than anybody was told. */
const LETS_IN = Prisma.sql`t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > clock_timestamp())`;

const There = z.object({ registered: z.int(), present: z.int() });
const WorkRow = z.object({ id: z.string(), message: z.string(), until: z.date(), left: z.number().nullable() });
const TakenRow = z.object({ left: z.number().nullable() });
const StandingRow = z.object({ state: z.enum(['full', 'costly', 'spent']) });
const PayerRow = z.object({ environmentId: z.string(), workflow: z.string() });
const StateRow = z.object({
  state: z.enum(['waiting', 'leased', 'done', 'failed', 'gone']),
  agent: z.string().nullable(),
  money: z.enum(['costly', 'spent']).nullable(),
  result: z.string().nullable(),
  isLate: z.boolean(),
  heldMs: z.number(),
});
const Id = z.object({ id: z.string() });

export function executionReader(context: Context): ExecutionReader {
  const { db, workspaceId } = context;
  return {
    async agents(environmentId) {
      const counted = await parseFirst(
        db.$queryRaw`
          SELECT count(*)::int AS registered,
            count(*) FILTER (WHERE a.last_seen_at > clock_timestamp() - ${AGENT_PRESENT})::int AS present
          FROM agent a JOIN api_token t ON t.id = a.token_id
          WHERE a.workspace_id = ${workspaceId} AND a.environment_id = ${environmentId}::uuid AND ${LETS_IN}`,
        There,
      );
      return counted ?? { registered: 0, present: 0 };
    },
    async hasWork(environmentId) {
      const found = await parseFirst(
        db.$queryRaw`
          SELECT id FROM execution
          WHERE workspace_id = ${workspaceId} AND environment_id = ${environmentId}::uuid AND ${IS_WORK} LIMIT 1`,
        Id,
      );
      return found !== null;
    },
    isSpent: (environmentId, workflow, costPerDay) => isSpent(context, { environmentId, workflow }, costPerDay),
  };
}

const IS_WORK = Prisma.sql`state = 'waiting' AND message IS NOT NULL AND seen_at > clock_timestamp() - ${STILL_ASKED}`;

export function executionWriter(context: Context): ExecutionWriter {
  const { db, workspaceId } = context;
  return {
    async add({ id, environmentId, workflow, version, concurrency, mostCost, costPerDay, timeLimitMs, message }, most) {
      const added = await db.$executeRaw`
        INSERT INTO execution (id, workspace_id, environment_id, workflow, version, concurrency, most_cost, cost_per_day, time_limit_ms,
          message, asked_at, seen_at)
        SELECT ${id}::uuid, ${workspaceId}, ${environmentId}::uuid, ${workflow}, ${version}::int, ${concurrency}::int, ${mostCost}::float8,
          ${costPerDay}::float8, ${timeLimitMs}::int, ${message}, clock_timestamp(), clock_timestamp()
        WHERE (SELECT count(*) FROM execution WHERE environment_id = ${environmentId}::uuid AND state = 'waiting'
          AND seen_at > clock_timestamp() - ${STILL_ASKED}) < ${most}::int`;
      return added === 1;
    },
    async takePlace(id, environmentId, leaseMs) {
      await lockPlaces(db, environmentId);
      const taken = await parseFirst(
        db.$queryRaw`
          UPDATE execution e SET state = 'leased', ${until(leaseMs)}
          WHERE e.id = ${id}::uuid AND e.workspace_id = ${workspaceId} AND e.state = 'waiting' AND ${LEAVES_A_PLACE} AND ${LEAVES_MONEY}
          RETURNING ${MONEY_LEFT} AS left`,
        TakenRow,
      );
      if (taken !== null) return { state: 'taken', left: taken.left };
      const standing = await parseFirst(
        db.$queryRaw`
          WITH said AS (
            UPDATE execution SET seen_at = clock_timestamp()
            WHERE id = ${id}::uuid AND workspace_id = ${workspaceId} AND state = 'waiting'
              AND seen_at < clock_timestamp() - ${SAID_LATELY}
          )
          SELECT coalesce(${MONEY_STATE}, 'full') AS state FROM execution e WHERE e.id = ${id}::uuid AND e.workspace_id = ${workspaceId}`,
        StandingRow,
      );
      return standing ?? { state: 'full' };
    },
    async keepPlace(id, leaseMs) {
      await db.$executeRaw`
        UPDATE execution SET ${until(leaseMs)}, seen_at = clock_timestamp()
        WHERE id = ${id}::uuid AND workspace_id = ${workspaceId} AND state = 'leased'`;
    },
    async takeWork(environmentId, { agent, tokenId }) {
      await lockPlaces(db, environmentId);
      return parseFirst(
        db.$queryRaw`
          UPDATE execution e SET state = 'leased', agent = ${agent},
            lease_until = clock_timestamp() + time_limit_ms * interval '1 millisecond'
          WHERE e.id = (
            SELECT e.id FROM execution e
            WHERE e.workspace_id = ${workspaceId} AND e.environment_id = ${environmentId}::uuid AND ${IS_WORK}
              AND ${LEAVES_A_PLACE} AND ${LEAVES_MONEY}
              AND EXISTS (SELECT FROM api_token t WHERE t.id = ${tokenId}::uuid AND t.environment_id = e.environment_id AND ${LETS_IN})
            ORDER BY e.asked_at, e.id LIMIT 1
          )
          RETURNING e.id, e.message, e.lease_until AS until, ${MONEY_LEFT} AS left`,
        WorkRow,
      );
    },
    async answer(id, environmentId, result) {
      if (!isUuid(id)) return false;
      const answered = await parseFirst(
        db.$queryRaw`
          UPDATE execution SET state = ${'error' in result ? 'failed' : 'done'}, result = ${JSON.stringify(result)}, message = NULL,
            ended_at = clock_timestamp()
          WHERE id = ${id}::uuid AND workspace_id = ${workspaceId} AND environment_id = ${environmentId}::uuid AND state = 'leased'
            AND agent IS NOT NULL AND lease_until > clock_timestamp()
          RETURNING environment_id AS "environmentId", workflow`,
        PayerRow,
      );
      if (answered !== null && 'answer' in result) await charge(context, answered, result.answer.cost ?? 0);
      return answered !== null;
    },
    async look(id) {
      const row = await parseFirst(
        db.$queryRaw`
          WITH said AS (
            UPDATE execution SET seen_at = clock_timestamp()
            WHERE id = ${id}::uuid AND workspace_id = ${workspaceId} AND ended_at IS NULL AND seen_at < clock_timestamp() - ${SAID_LATELY}
          )
          SELECT state, agent, result, CASE WHEN state = 'waiting' THEN ${MONEY_STATE} END AS money, coalesce(state = 'leased' AND lease_until <= clock_timestamp(), false) AS "isLate",
            coalesce(extract(epoch FROM coalesce(ended_at, clock_timestamp())
              - (lease_until - time_limit_ms * interval '1 millisecond')) * 1000, 0)::float8 AS "heldMs"
          FROM execution e WHERE id = ${id}::uuid AND workspace_id = ${workspaceId}`,
        StateRow,
      );
      return row && stateOf(row);
    },
    async end(id, state, cost = 0) {
      const ended = await parseFirst(
        db.$queryRaw`
          UPDATE execution SET state = ${state}, message = NULL, ended_at = clock_timestamp()
          WHERE id = ${id}::uuid AND workspace_id = ${workspaceId} AND ended_at IS NULL
          RETURNING environment_id AS "environmentId", workflow`,
        PayerRow,
      );
      if (ended !== null) return charge(context, ended, cost);
      await db.$executeRaw`
        UPDATE execution SET message = NULL, result = NULL WHERE id = ${id}::uuid AND workspace_id = ${workspaceId}`;
    },
    async forget() {
      await db.$executeRaw`
        DELETE FROM execution
        WHERE workspace_id = ${workspaceId} AND asked_at < clock_timestamp() - interval '1 day'
          AND coalesce(ended_at, lease_until, seen_at) < clock_timestamp() - interval '1 day'`;
      await forgetSpending(context);
    },
  };
}

/** Those that hold a place, and those that have waited longer and that somebody still waits for. `e` is the one that asks. */
const LEAVES_A_PLACE = Prisma.sql`(
  SELECT count(*) FROM execution o
  WHERE o.environment_id = e.environment_id AND o.workflow = e.workflow AND (
    (o.state = 'leased' AND o.lease_until > clock_timestamp())
    OR (o.state = 'waiting' AND o.seen_at > clock_timestamp() - ${STILL_ASKED} AND (o.asked_at, o.id) < (e.asked_at, e.id))
  )
) < e.concurrency`;

/** Why one that waits is given nothing for its money; null: it is not for that. */
const MONEY_STATE = Prisma.sql`CASE WHEN ${IS_SPENT} THEN 'spent' WHEN NOT ${LEAVES_MONEY} AND ${LEAVES_A_PLACE} THEN 'costly' END`;

function until(leaseMs: number): Prisma.Sql {
  return Prisma.sql`lease_until = clock_timestamp() + ${leaseMs}::float8 * interval '1 millisecond'`;
}

/** Until the commit nobody else counts the environment's places. Its own statement, so that what is read next is what it left. */
async function lockPlaces(db: Context['db'], environmentId: string): Promise<void> {
  await db.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`places of ${environmentId}`}, 0))::text AS locked`;
}

function stateOf({ result, ...row }: z.infer<typeof StateRow>): ExecutionState {
  // Written here, as `WorkResult`.
  return { ...row, result: result === null ? null : (JSON.parse(result) as WorkResult) };
}
