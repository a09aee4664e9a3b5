import type { Logger } from 'pino';
import { type LifeSign, lockNumber } from './life-sign.ts';

/**
 * Milliseconds for which a pool's lock has to be seen free before the pool counts as dead. A living process whose connection
 * was cut, or whose PostgreSQL restarted, has it again long before.
 */
export const DEAD_AFTER = 3000;

const FREE_POOLS = `
  WITH pool AS MATERIALIZED (
    SELECT DISTINCT locked_by AS id FROM graphile_worker.jobs WHERE locked_by IS NOT NULL AND locked_by <> ALL ($1::text[])
  )
  SELECT pool.id FROM pool WHERE NOT EXISTS (
    SELECT FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 1
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND (classid::bigint << 32 | objid::bigint) = ${lockNumber('pool.id')}
  )`;

/** Holding the pools' own locks meanwhile: one that comes back at this moment takes its next job after this, not during it. */
const UNLOCK = `
  WITH dead AS MATERIALIZED (SELECT id FROM unnest($1::text[]) AS id WHERE pg_try_advisory_xact_lock(${lockNumber('id')}))
  SELECT array_agg(id) AS ids, graphile_worker.force_unlock_workers(array_agg(id)), pg_notify('jobs:insert', '{"count":100}')
  FROM dead HAVING count(*) > 0`;

/**
 * A queue is locked exactly while one of its jobs is; both change in one statement. When a pool was taken for dead wrongly and
 * its job ran twice, whoever ends second finds no job and leaves the queue locked.
 */
const UNLOCK_IDLE_QUEUES = `
  UPDATE graphile_worker._private_job_queues AS queue SET locked_at = NULL, locked_by = NULL
  WHERE locked_at < now() - interval '10 seconds'
    AND NOT EXISTS (SELECT FROM graphile_worker._private_jobs AS job WHERE job.job_queue_id = queue.id AND job.locked_at IS NOT NULL)`;

/**
 * Returns the tick that gives back what killed processes had taken: graphile-worker itself would keep it for four hours.
 * Every worker of the database has to show a life sign; any other one would be taken for dead.
 */
export function makeUnlockDeadPools(sign: LifeSign, log: Logger): () => Promise<void> {
  const freeSince = new Map<string, number>();
  let seenBy: number | null = null;

  /** Counted anew with each connection: what this process didn't see, it doesn't judge. */
  async function findDead(now: number): Promise<string[]> {
    const { rows } = await sign.connection.query<{ id: string }>(FREE_POOLS, [sign.pools()]);
    const free = new Set(rows.map((row) => row.id));
    if (seenBy !== sign.connection.current()) freeSince.clear();
    seenBy = sign.connection.current();
    for (const id of freeSince.keys()) if (!free.has(id)) freeSince.delete(id);
    for (const id of free) if (!freeSince.has(id)) freeSince.set(id, now);
    return [...free].filter((id) => now - (freeSince.get(id) ?? now) >= DEAD_AFTER);
  }

  return async () => {
    // Nothing to tell of: the connection is being made, and who makes it says so.
    if (sign.connection.current() === null) return;
    const dead = await findDead(performance.now());
    if (dead.length > 0) {
      const { rows } = await sign.connection.query<{ ids: string[] }>(UNLOCK, [dead]);
      if (rows[0] !== undefined) log.warn({ pools: rows[0].ids }, 'gave back the jobs of processes that are gone');
    }
    await sign.connection.query(UNLOCK_IDLE_QUEUES);
  };
}
