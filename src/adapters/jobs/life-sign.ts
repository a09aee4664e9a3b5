import type { Logger } from 'pino';
import { openSteadyConnection, type SteadyConnection } from './steady-connection.ts';

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
  /** The same connection, for others' queries: each shows that it still stands. */
  connection: Pick<SteadyConnection, 'current' | 'query'>;
  end(): Promise<void>;
}

/** The advisory lock's number for a pool id, as SQL. */
export const lockNumber = (poolId: string): string => `hashtextextended('towpath:' || ${poolId}, 0)`;

const LOCK = `SELECT pg_advisory_lock(${lockNumber('$1::text')})`;
const UNLOCK = `SELECT pg_advisory_unlock(${lockNumber('$1::text')})`;

export function openLifeSign(connectionString: string, log: Logger): LifeSign {
  const wanted = new Map<string, PromiseWithResolvers<void>>();
  const locked = new Set<string>();
  let settling = false;

  const connection = openSteadyConnection(connectionString, {
    gained: () => void settle(),
    lost(error) {
      for (const poolId of locked) if (wanted.has(poolId)) wanted.set(poolId, Promise.withResolvers());
      locked.clear();
      log.warn(
        { err: error },
        'the connection that shows other processes that this one lives was lost; making it anew',
      );
    },
  });

  /** Locks what is wanted and unlocks what isn't any more, one by one: a lock taken twice would have to be given back twice. */
  async function settle(): Promise<void> {
    if (settling) return;
    settling = true;
    try {
      while (connection.current() !== null && (await lockOne()));
    } catch (error) {
      log.debug({ err: error }, 'a life sign has to wait for the next connection');
    } finally {
      settling = false;
    }
  }
  async function lockOne(): Promise<boolean> {
    const surplus = [...locked].find((poolId) => !wanted.has(poolId));
    if (surplus !== undefined) {
      await connection.query(UNLOCK, [surplus]);
      return locked.delete(surplus);
    }
    const missing = [...wanted.keys()].find((poolId) => !locked.has(poolId));
    if (missing === undefined) return false;
    // Waits for it: while others look whether it is free, they have it for a moment.
    await connection.query(LOCK, [missing]);
    locked.add(missing);
    wanted.get(missing)?.resolve();
    return true;
  }

  return {
    add(poolId) {
      wanted.set(poolId, Promise.withResolvers());
      void settle();
    },
    remove(poolId) {
      wanted.get(poolId)?.resolve();
      wanted.delete(poolId);
      void settle();
    },
    isHeld: (poolId) => locked.has(poolId),
    held: async (poolId) => wanted.get(poolId)?.promise,
    pools: () => [...wanted.keys()],
    connection,
    async end() {
      for (const { resolve } of wanted.values()) resolve();
      await connection.end();
    },
  };
}
