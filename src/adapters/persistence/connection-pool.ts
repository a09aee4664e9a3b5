import type { Duplex } from 'node:stream';
import { Client, DatabaseError, Pool } from 'pg';

/**
 * The connection to the database failed, in whatever way the driver said it: some of its errors carry no code, and these are
 * told apart here, where all that does not come from the server itself is the connection. Looks like the system's own error to
 * Prisma's adapter, which knows what to make of that.
 */
export class ConnectionLost extends Error {
  readonly code = 'ECONNRESET';
  readonly syscall = 'read';
  readonly errno = -104;

  constructor(cause: unknown) {
    super('The connection to the database was lost.', { cause });
    this.name = 'ConnectionLost';
  }
}

function named(error: unknown): unknown {
  return error instanceof DatabaseError ? error : new ConnectionLost(error);
}

export interface PoolOptions {
  connectionString: string;
  /** Connections at most. */
  max: number;
  /** Milliseconds after which a connection that gives no answer is taken for dead; more than a statement may take. */
  answerTimeout?: number;
}

const STATEMENT_TIMEOUT = 10_000;
const ANSWER_TIMEOUT = 15_000;
/**
 * What writing transactions run in, whatever the server's own default: they need not say so each time. Not among the `options` of
 * the connection, which give way to those that the operator's connection string may have.
 */
const ISOLATION = "SET default_transaction_isolation = 'read committed'";

/**
 * Its queries fail by what the server said or by `ConnectionLost`. A connection that says nothing at all (the server's machine
 * is gone, and nothing tells) is closed: the system alone would wait for a quarter of an hour, and the pool with it.
 */
function namingClient(answerTimeout: number): typeof Client {
  return class NamingClient extends Client {
    override query(...args: unknown[]): never {
      const answer: unknown = Reflect.apply(super.query, this, args);
      if (!(answer instanceof Promise)) return answer as never;
      const { connection } = this as unknown as { connection: { stream: Duplex } };
      const timer = setTimeout(
        () => connection.stream.destroy(new Error('The database does not answer.')),
        answerTimeout,
      );
      const failed = (error: unknown) => {
        throw named(error);
      };
      return answer.catch(failed).finally(() => clearTimeout(timer)) as never;
    }
  };
}

class NamingPool extends Pool {
  override connect(...args: unknown[]): never {
    const answer: unknown = Reflect.apply(super.connect, this, args);
    if (!(answer instanceof Promise)) return answer as never;
    return answer.catch((error: unknown) => {
      throw named(error);
    }) as never;
  }
}

/** A pool whose connections never hang for ever and whose failures can be told apart. */
export function openPool(
  { connectionString, max, answerTimeout = ANSWER_TIMEOUT }: PoolOptions,
  onIdleError: (error: Error) => void,
): Pool {
  const pool = new NamingPool({
    connectionString,
    max,
    Client: namingClient(answerTimeout),
    application_name: 'towpath',
    connectionTimeoutMillis: 8_000,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
    keepAlive: true,
    statement_timeout: STATEMENT_TIMEOUT,
    lock_timeout: 8_000,
    idle_in_transaction_session_timeout: 30_000,
    // Awaited, though the type does not say so.
    onConnect: (client) => client.query(ISOLATION) as unknown as undefined,
  });
  // Without a listener a connection that breaks while nobody uses it ends the process.
  pool.on('error', onIdleError);
  return pool;
}
