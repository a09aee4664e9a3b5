import { realpath } from 'node:fs/promises';
import { Client } from 'pg';
import type { Logger } from 'pino';
import { locateBinaries } from './embedded-binaries.ts';
import { DATABASE_USER, ensureCluster } from './embedded-cluster.ts';
import { lockFolder } from './embedded-folder-lock.ts';
import { choosePlace, type Place } from './embedded-place.ts';
import { signal } from './embedded-process.ts';
import { EmbeddedRefusal } from './embedded-refusal.ts';
import { ensurePassword } from './embedded-secrets.ts';
import { clearOldServer, endServer, type Server, spawnServer } from './embedded-server.ts';

export interface EmbeddedPostgresOptions {
  /** Made if missing. Holds the data and the secrets, unless root runs this in a closed folder (see `notice`). */
  dataDir: string;
  log: Logger;
  /** PostgreSQL settings besides the usual, such as `fsync=off` for a database that nobody will miss. */
  settings?: Readonly<Record<string, string>>;
  /** A free one unless named. */
  port?: number;
  /** Where data and program go when the server's user can't reach `dataDir`. */
  systemFolder?: string;
}

export interface EmbeddedPostgres {
  /** With the password in it: never log it. */
  connectionString: string;
  /** Where the data really is. */
  dataDir: string;
  /** A line for the person who started Towpath. */
  notice?: string;
  stop(): Promise<void>;
}

const DATABASE = 'towpath';

/**
 * Starts a PostgreSQL server of Towpath's own on the loopback address, with its data kept in `dataDir` between starts. Its
 * password is random and in a file that only its owner can read; its port is a free one, another at each start.
 * @throws EmbeddedRefusal folder_in_use when another Towpath runs on the folder; folder_unusable; database_not_started; unsupported_machine
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const password = await ensurePassword(options.dataDir);
  const place = await choosePlace(
    await realpath(options.dataDir),
    await locateBinaries(),
    options.systemFolder ?? '/var/lib/towpath',
  );
  const lock = await lockFolder(place.folder);
  try {
    await ensureCluster(place, password);
    await clearOldServer(place, options.log);
    const server = await startServer(place, password, options);
    const connectionString = url(server.port, password, DATABASE);
    return {
      connectionString,
      dataDir: place.data,
      ...(place.notice === undefined ? {} : { notice: place.notice }),
      stop: stopper(server, lock),
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** A port may be taken between choosing and using it, and a killed server's last processes take a moment to leave: some tries. */
async function startServer(
  place: Place,
  password: string,
  { settings = {}, log, port }: EmbeddedPostgresOptions,
): Promise<Server> {
  let tail = '';
  for (let tries = 0; tries < 5; tries++) {
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, 300 * tries));
    const server = await spawnServer(place, settings, log, port);
    if (await isReady(server, password)) return server;
    tail = server.tail();
  }
  throw new EmbeddedRefusal(
    'database_not_started',
    `The embedded database in ${place.data} does not start: ${tail.slice(-1500)}`,
  );
}

/** Waits as long as the server lives: recovery after a crash takes what it takes. */
async function isReady(server: Server, password: string): Promise<boolean> {
  while (!server.hasEnded()) {
    if (await ensureDatabase(server.port, password)) return true;
    await Promise.race([server.ended, new Promise((resolve) => setTimeout(resolve, 25))]);
  }
  return false;
}

const NOT_YET = new Set(['ECONNREFUSED', 'ECONNRESET', '57P03']);

async function ensureDatabase(port: number, password: string): Promise<boolean> {
  const client = new Client({
    connectionString: url(port, password, 'postgres'),
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
    return true;
  } catch (error) {
    if (NOT_YET.has((error as { code?: string }).code ?? '')) return false;
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Ends the server also when the process ends without `stop`, as far as that can be done: by a signal, not waiting. */
function stopper(server: Server, lock: { release(): Promise<void> }): () => Promise<void> {
  const atExit = () => signal(server.pid, 'SIGINT');
  process.once('exit', atExit);
  let stopping: Promise<void> | undefined;
  return () => {
    stopping ??= (async () => {
      process.removeListener('exit', atExit);
      if (!server.hasEnded()) await endServer(server.pid);
      await lock.release();
    })();
    return stopping;
  };
}

function url(port: number, password: string, database: string): string {
  return `postgresql://${DATABASE_USER}:${password}@127.0.0.1:${port}/${database}`;
}
