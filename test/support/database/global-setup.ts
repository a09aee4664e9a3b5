import { rmSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../../src/adapters/persistence/migrate.ts';
import { startEmbeddedPostgres } from '../../../src/adapters/persistence/start-embedded-postgres.ts';
import { databaseUrl, onServer } from './on-server.ts';
import { FOLDER_PREFIX, sweepAbandoned } from './sweep-abandoned.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL server on which tests may make and drop databases. */
    databaseServer: string;
    /** The migrated and otherwise empty database that test databases are cloned from. */
    templateDatabase: string;
  }
}

interface Server {
  url: string;
  stop(): Promise<void>;
}

/**
 * One PostgreSQL server for the whole run: the one that TEST_DATABASE_URL names (its user must be allowed to make databases),
 * or an embedded one that is gone with its files when the run ends, however it ends.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['TEST_DATABASE_URL'];
  const server = given === undefined ? await startOwnServer() : { url: given, stop: async () => undefined };
  const template = `towpath_template_${process.pid}_${Date.now()}`;
  try {
    await onServer(server.url, `CREATE DATABASE ${template}`);
    await migrate(databaseUrl(server.url, template), pino({ level: 'silent' }));
  } catch (error) {
    await server.stop();
    throw error;
  }
  project.provide('databaseServer', server.url);
  project.provide('templateDatabase', template);
  return async () => {
    if (given !== undefined) await onServer(server.url, `DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
    await server.stop();
  };
}

/** Not a byte of it is missed after a crash, so nothing is waited for to reach the disk. */
const CARELESS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' };

async function startOwnServer(): Promise<Server> {
  await sweepAbandoned();
  const folder = await mkdtemp(join(tmpdir(), FOLDER_PREFIX));
  // The server may run as another user, who has to reach its files through this folder.
  await chmod(folder, 0o711);
  const removeAtExit = () => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  process.once('exit', removeAtExit);
  const remove = async () => {
    await rm(folder, { recursive: true, force: true });
    process.removeListener('exit', removeAtExit);
  };
  try {
    const server = await startEmbeddedPostgres({
      dataDir: folder,
      systemFolder: join(folder, 'system'),
      log: pino({ level: 'silent' }),
      settings: CARELESS,
    });
    return { url: server.connectionString, stop: () => server.stop().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}
