import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { locateBinaries } from '../../../src/adapters/persistence/embedded-binaries.ts';
import { choosePlace } from '../../../src/adapters/persistence/embedded-place.ts';
import { endServer, type Server, spawnServer } from '../../../src/adapters/persistence/embedded-server.ts';
import { migrate } from '../../../src/adapters/persistence/migrate.ts';
import { startEmbeddedPostgres } from '../../../src/adapters/persistence/start-embedded-postgres.ts';

const log = pino({ level: 'silent' });
const SETTINGS = { fsync: 'off' };

/** A migrated database on a server of its own, which a test may take away and give back at the same address. */
export interface StoppableDatabase {
  url: string;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Ends the server and removes its files. */
  end(): Promise<void>;
}

export async function startStoppableDatabase(): Promise<StoppableDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'towpath-test-'));
  await chmod(folder, 0o711);
  const systemFolder = join(folder, 'system');
  const first = await startEmbeddedPostgres({ dataDir: folder, systemFolder, log, settings: SETTINGS });
  await migrate(first.connectionString, log);
  const place = await choosePlace(folder, await locateBinaries(), systemFolder);
  const port = Number(new URL(first.connectionString).port);
  let server: Server | null = null;
  let running = true;
  const stop = async () => {
    if (!running) return;
    running = false;
    await (server === null ? first.stop() : endServer(server.pid));
  };
  return {
    url: first.connectionString,
    stop,
    async start() {
      server = await spawnServer(place, SETTINGS, log, port);
      running = true;
    },
    async end() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
