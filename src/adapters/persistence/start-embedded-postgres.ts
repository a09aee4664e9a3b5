import { realpath } from 'node:fs/promises';
import type { Logger } from 'pino';
import { locateBinaries } from './embedded-binaries.ts';
import { ensureCluster } from './embedded-cluster.ts';
import { databaseUrl, untilReady } from './embedded-database.ts';
import { lockFolder } from './embedded-folder-lock.ts';
import { choosePlace, type Place } from './embedded-place.ts';
import { EmbeddedRefusal } from './embedded-refusal.ts';
import { ensurePassword } from './embedded-secrets.ts';
import { clearOldServer, endServer, type Server, spawnServer } from './embedded-server.ts';
import { supervise } from './embedded-supervisor.ts';

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

/**
 * Starts a PostgreSQL server of Towpath's own on the loopback address, with its data kept in `dataDir` between starts. Its
 * password is random and in a file that only its owner can read; its port is a free one, another at each start.
 * @throws EmbeddedRefusal folder_in_use when another Towpath runs on the folder; folder_unusable; database_not_started; unsupported_machine
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir, log, systemFolder = '/var/lib/towpath' } = options;
  const password = await ensurePassword(dataDir);
  const place = await choosePlace(await realpath(dataDir), await locateBinaries(), systemFolder);
  const lock = await lockFolder(place.folder);
  try {
    await ensureCluster(place, password);
    const start = (port?: number) =>
      startServer(place, password, { ...options, ...(port === undefined ? {} : { port }) });
    const server = await start();
    const supervisor = supervise(server, start, log);
    return {
      connectionString: databaseUrl(server.port, password),
      dataDir: place.data,
      ...(place.notice === undefined ? {} : { notice: place.notice }),
      stop: () => supervisor.stop().finally(() => lock.release()),
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
  let said = '';
  for (let tries = 0; tries < 5; tries++) {
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, 300 * tries));
    await clearOldServer(place, log);
    const server = await spawnServer(place, settings, log, port);
    const ready = await untilReady(server, password).catch(async (error: unknown) => {
      await endServer(server.pid);
      throw error;
    });
    if (ready) return server;
    said = server.tail();
  }
  throw new EmbeddedRefusal(
    'database_not_started',
    `The embedded database in ${place.data} does not start. It says: ${said.slice(-1500)}`,
  );
}
