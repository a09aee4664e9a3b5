import { Client } from 'pg';
import type { Logger } from 'pino';

/**
 * Tells the other processes that this one lives: a connection of its own that holds a session-level advisory lock for each
 * of its worker pools. PostgreSQL lets go of them the moment the process is gone, however it went.
 */
export interface LifeSign {
  /** Holds the lock of this pool from now on, also after the connection was lost and came back. */
  add(poolId: string): void;
  /** Lets go of it: what the pool still has locked is anybody's. */
  remove(poolId: string): void;
  isHeld(poolId: string): boolean;
  /** Settled when the pool's lock is held. No worker may take a job before: it would look dead with it. */
  held(poolId: string): Promise<void>;
  pools(): string[];
  /** The connection; null while there is none. Another one after each loss. */
  client(): Client | null;
  /** Gives up a connection that turned out dead, to make another. */
  renew(): void;
  end(): Promise<void>;
}

/** The advisory lock's number for a pool id, as SQL. */
export const lockNumber = (poolId: string): string => `hashtextextended('towpath:' || ${poolId}, 0)`;

/** Milliseconds. Far below the time after which others take a pool for dead (`DEAD_AFTER`). */
const RECONNECT_AFTER = 300;

/** A server that lost its network drops us within half a minute, and we it within `query_timeout`. */
const KEEPALIVE = 'SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3';

interface Hold {
  promise: Promise<void>;
  resolve(): void;
  held: boolean;
}

export function openLifeSign(connectionString: string, log: Logger): LifeSign {
  const holds = new Map<string, Hold>();
  let current: Client | null = null;
  let timer: NodeJS.Timeout | undefined;
  let ended = false;

  async function connect(): Promise<void> {
    const fresh = new Client({
      connectionString,
      application_name: 'towpath life sign',
      keepAlive: true,
      connectionTimeoutMillis: 5000,
      query_timeout: 5000,
    });
    fresh.on('error', (error) => lose(fresh, error));
    fresh.on('end', () => lose(fresh));
    current = fresh;
    try {
      await fresh.connect();
      await fresh.query(KEEPALIVE);
      for (const poolId of holds.keys()) await lock(fresh, poolId);
    } catch (error) {
      lose(fresh, error);
    }
  }

  /** Waits for the lock: while others look whether it is free, they have it for a moment. */
  async function lock(client: Client, poolId: string): Promise<void> {
    await client.query(`SELECT pg_advisory_lock(${lockNumber('$1::text')})`, [poolId]);
    const hold = holds.get(poolId);
    if (client !== current || hold === undefined) return;
    hold.held = true;
    hold.resolve();
  }

  function lose(client: Client, error?: unknown): void {
    if (client !== current) return;
    current = null;
    client.end().catch(() => undefined);
    for (const [poolId, hold] of holds) if (hold.held) holds.set(poolId, newHold());
    if (ended) return;
    log.warn({ err: error }, 'the connection that tells other processes that this one lives was lost; making it anew');
    timer = setTimeout(() => void connect(), RECONNECT_AFTER);
  }

  function add(poolId: string): void {
    holds.set(poolId, newHold());
    const client = current;
    if (client !== null) lock(client, poolId).catch((error: unknown) => lose(client, error));
  }

  function remove(poolId: string): void {
    const hold = holds.get(poolId);
    holds.delete(poolId);
    hold?.resolve();
    const client = current;
    if (client === null || hold?.held !== true) return;
    client
      .query(`SELECT pg_advisory_unlock(${lockNumber('$1::text')})`, [poolId])
      .catch((error: unknown) => lose(client, error));
  }

  void connect();
  return {
    add,
    remove,
    isHeld: (poolId) => holds.get(poolId)?.held === true,
    held: async (poolId) => holds.get(poolId)?.promise,
    pools: () => [...holds.keys()],
    client: () => current,
    renew: () => current !== null && lose(current),
    async end() {
      ended = true;
      clearTimeout(timer);
      for (const hold of holds.values()) hold.resolve();
      const last = current;
      current = null;
      await last?.end();
    },
  };
}

function newHold(): Hold {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { promise, resolve, held: false };
}
