import { Client, DatabaseError, Pool, type PoolConfig } from 'pg';

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

/** Its queries fail by what the server said or by `ConnectionLost`. */
class NamingClient extends Client {
  override query(...args: unknown[]): never {
    const answer: unknown = Reflect.apply(super.query, this, args);
    if (!(answer instanceof Promise)) return answer as never;
    return answer.catch((error: unknown) => {
      throw named(error);
    }) as never;
  }
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
export function openPool(options: Pick<PoolConfig, 'connectionString' | 'max'>, onIdleError: (error: Error) => void): Pool {
  const pool = new NamingPool({
    ...options,
    Client: NamingClient,
    application_name: 'towpath',
    connectionTimeoutMillis: 8_000,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
    keepAlive: true,
    statement_timeout: 10_000,
    lock_timeout: 8_000,
    idle_in_transaction_session_timeout: 30_000,
  });
  // Without a listener a connection that breaks while nobody uses it ends the process.
  pool.on('error', onIdleError);
  return pool;
}
