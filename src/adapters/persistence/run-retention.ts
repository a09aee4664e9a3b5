import type { PrismaClient } from './generated/client.ts';
import { type FailureLog, translated } from './transaction.ts';

/** How long a workspace keeps what, in milliseconds. */
export interface RunRetention {
  keep: number;
  keepPayloads: number;
}

/** Rows at one go, so that no statement holds many for long. */
const AT_ONCE = 2_000;
/** Goes of one tick; the next tick goes on. */
const MOST_GOES = 500;
const DAY = 24 * 60 * 60_000;

/** Makes the parts of the table for the days that runs may start in. */
export function ensureRunPartitions(prisma: PrismaClient, log: FailureLog): Promise<void> {
  return translated(log, async () => void (await prisma.$executeRaw`SELECT ensure_run_partitions()`));
}

/**
 * Forgets what a workspace keeps no longer: whole days, dropped with their part of the table where nobody else has anything in
 * it, and inputs and outputs by the row. Harmless on several processes at once.
 */
export function forgetRuns(
  prisma: PrismaClient,
  log: FailureLog,
  workspaceId: string,
  { keep, keepPayloads }: RunRetention,
  now: Date,
): Promise<void> {
  const before = new Date(Math.floor((now.getTime() - keep) / DAY) * DAY);
  const payloadsBefore = new Date(now.getTime() - keepPayloads);
  return translated(log, async () => {
    while (await dropPartition(prisma, workspaceId, before));
    await repeating(() => deleteRuns(prisma, workspaceId, before));
    await repeating(() => clearPayloads(prisma, workspaceId, payloadsBefore));
  });
}

async function dropPartition(prisma: PrismaClient, workspaceId: string, before: Date): Promise<boolean> {
  const [row] = await prisma.$queryRaw<
    { dropped: boolean }[]
  >`SELECT drop_run_partition(${workspaceId}, ${before}::timestamptz) AS dropped`;
  return row?.dropped === true;
}

async function repeating(some: () => Promise<number>): Promise<void> {
  for (let go = 0; go < MOST_GOES; go++) if ((await some()) < AT_ONCE) return;
}

/** Of days that another workspace keeps. */
async function deleteRuns(prisma: PrismaClient, workspaceId: string, before: Date): Promise<number> {
  return prisma.$executeRaw`
    DELETE FROM run_record WHERE (environment_id, started_at, run_id) IN (
      SELECT environment_id, started_at, run_id FROM run_record
      WHERE environment_id IN (SELECT id FROM environment WHERE workspace_id = ${workspaceId}) AND started_at < ${before}::timestamptz
      LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED)`;
}

async function clearPayloads(prisma: PrismaClient, workspaceId: string, before: Date): Promise<number> {
  return prisma.$executeRaw`
    UPDATE run_record SET input = NULL, output = NULL WHERE (environment_id, started_at, run_id) IN (
      SELECT environment_id, started_at, run_id FROM run_record
      WHERE workspace_id = ${workspaceId} AND started_at < ${before}::timestamptz AND (input IS NOT NULL OR output IS NOT NULL)
      ORDER BY started_at LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED)`;
}
