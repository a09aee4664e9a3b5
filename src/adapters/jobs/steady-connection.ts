import { Client, type QueryResult, type QueryResultRow } from 'pg';

/** One connection, made anew whenever it is lost. */
export interface SteadyConnection {
  /** The number of the connection that stands now, another one after each loss; null while none does. */
  current(): number | null;
  /**
   * Runs a query after those asked before it. One that fails costs the connection: whatever it was, a new one is known to be
   * good.
   * @throws Error also when there is no connection
   */
  query<T extends QueryResultRow>(text: string, values?: unknown[]): Promise<QueryResult<T>>;
  end(): Promise<void>;
}

interface Watcher {
  /** A connection stands. */
  gained(): void;
  lost(error: unknown): void;
}

const RECONNECT_AFTER = 300;
const TIMEOUT = 5000;

/** A server that lost its network lets go of us within half a minute. */
const KEEPALIVE = 'SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3';

export function openSteadyConnection(connectionString: string, watcher: Watcher): SteadyConnection {
  let client: Client | null = null;
  let standing: number | null = null;
  let made = 0;
  let ended = false;
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  async function connect(): Promise<void> {
    const fresh = new Client({
      connectionString,
      application_name: 'towpath life sign',
      keepAlive: true,
      connectionTimeoutMillis: TIMEOUT,
      query_timeout: TIMEOUT,
    });
    client = fresh;
    fresh.on('error', (error) => lose(fresh, error));
    fresh.on('end', () => lose(fresh, new Error('The connection was ended.')));
    try {
      await fresh.connect();
      await fresh.query(KEEPALIVE);
    } catch (error) {
      lose(fresh, error);
    }
    if (client !== fresh) return;
    made += 1;
    standing = made;
    watcher.gained();
  }

  function lose(lost: Client, error: unknown): void {
    if (client !== lost) return;
    client = null;
    standing = null;
    lost.end().catch(() => undefined);
    if (ended) return;
    watcher.lost(error);
    timer = setTimeout(() => void connect(), RECONNECT_AFTER);
  }

  async function ask<T extends QueryResultRow>(text: string, values: unknown[]): Promise<QueryResult<T>> {
    const asked = client;
    if (asked === null || standing === null) throw new Error('There is no connection to the database.');
    try {
      return await asked.query<T>(text, values);
    } catch (error) {
      lose(asked, error);
      throw error;
    }
  }

  void connect();
  return {
    current: () => standing,
    query(text, values = []) {
      const answer = turn.then(() => ask(text, values)) as ReturnType<SteadyConnection['query']>;
      turn = answer.catch(() => undefined);
      return answer as never;
    },
    async end() {
      ended = true;
      clearTimeout(timer);
      await client?.end();
    },
  };
}
