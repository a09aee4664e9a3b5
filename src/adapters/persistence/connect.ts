import { PrismaPg } from '@prisma/adapter-pg';
import type { Pool } from 'pg';
import type { BaseLogger } from 'pino';
import type { Ports, ResolvedChanges } from '../../use-cases/ports.ts';
import { openPool } from './connection-pool.ts';
import { endPastHolds } from './end-past-holds.ts';
import { PrismaClient } from './generated/client.ts';
import { type HandledRequests, makeHandledRequests } from './handled-requests.ts';
import { purgeDeliveries } from './purge.ts';
import { type EvidenceAges, purgeEvidence } from './purge-evidence.ts';
import { makeResolvedChanges } from './resolved-changes.ts';
import { ensureRunPartitions, forgetRuns, type RunRetention } from './run-retention.ts';
import { makePorts } from './transaction.ts';

export interface PersistenceOptions {
  connectionString: string;
  log: Pick<BaseLogger, 'warn'>;
  /** Connections at most; 10 if not said. */
  poolSize?: number;
  /** Milliseconds until a connection that gives no answer is given up; 15,000 if not said. */
  answerTimeout?: number;
}

/** All of Towpath's state. */
export interface Persistence {
  ports: Ports;
  handledRequests: HandledRequests;
  resolvedChanges: ResolvedChanges;
  /** Forgets webhook deliveries that ended longer ago than this. Returns how many there were. */
  purgeDeliveries(olderThanDays: number): Promise<number>;
  /** Deletes evidence that no promotion can be judged by any more; returns how many rows. */
  purgeEvidence(olderThanDays: EvidenceAges): Promise<number>;
  /** Ends locks and freezes whose time is long over; returns how many. */
  endPastHolds(): Promise<number>;
  /** Makes the parts of the run records' table that the coming two days need. */
  ensureRunPartitions(): Promise<void>;
  /** Forgets what a workspace keeps no longer of its runs. `now`: the time, unless told. */
  forgetRuns(workspaceId: string, retention: RunRetention, now?: Date): Promise<void>;
  /** Whether the database answers within two seconds and is migrated, the queue's part too. Never throws. */
  ready(): Promise<boolean>;
  /** Waits for what runs, then closes every connection. */
  close(): Promise<void>;
}

const POOL_SIZE = 10;
const READY_PATIENCE = 2_000;

/** Connects when first used, and again whenever the database was away: it need not be there yet, nor for ever. */
export async function connectPersistence(options: PersistenceOptions): Promise<Persistence> {
  const { log, poolSize = POOL_SIZE, ...connection } = options;
  let closing = false;
  const pool = openPool({ ...connection, max: poolSize }, (error) => {
    // A database that is stopped right after may be the first to hang up.
    if (!closing) log.warn({ err: error }, 'an idle connection to the database broke');
  });
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    ports: makePorts(prisma, log),
    handledRequests: makeHandledRequests(prisma, log),
    resolvedChanges: makeResolvedChanges(prisma, log),
    purgeDeliveries: (olderThanDays) => purgeDeliveries(prisma, log, olderThanDays),
    purgeEvidence: (olderThanDays) => purgeEvidence(prisma, log, olderThanDays),
    endPastHolds: () => endPastHolds(prisma, log),
    ensureRunPartitions: () => ensureRunPartitions(prisma, log),
    forgetRuns: (workspaceId, retention, now = new Date()) => forgetRuns(prisma, log, workspaceId, retention, now),
    ready: () => isReady(pool),
    async close() {
      closing = true;
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

async function isReady(pool: Pool): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), READY_PATIENCE);
  });
  try {
    return await Promise.race([isMigrated(pool), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function isMigrated(pool: Pool): Promise<boolean> {
  try {
    const { rows } = await pool.query<{ there: boolean }>(
      "SELECT to_regclass('_prisma_migrations') IS NOT NULL AND to_regclass('graphile_worker.migrations') IS NOT NULL AS there",
    );
    return rows[0]?.there === true;
  } catch {
    return false;
  }
}
