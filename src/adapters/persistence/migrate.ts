import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MigrationDirectory, MigrationList } from '@prisma/schema-engine-wasm';
import { Logger, runMigrations } from 'graphile-worker';
import { Client, Pool } from 'pg';
import type { BaseLogger } from 'pino';
import { withSchemaEngine } from './schema-engine.ts';

/** Any number that nobody else locks by: it makes processes that start at once migrate one after the other. */
export const MIGRATION_LOCK = 7_215_118_404;
/** How long to wait for another process that migrates. */
const LOCK_PATIENCE = '5min';

/**
 * Brings the database up to date: Towpath's tables by prisma/migrations, the job queue's by its own migrations. Does next to
 * nothing where all is done. Any number of processes may call it at once.
 * @throws Error when the database can't be reached or a migration fails; what a failed migration did is undone
 */
export async function migrate(
  connectionString: string,
  log: Pick<BaseLogger, 'info' | 'debug' | 'warn'>,
): Promise<void> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 10_000 });
  // A connection lost in between rejects the query that waits; without a listener it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(`SET lock_timeout = '${LOCK_PATIENCE}'`);
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const migrations = await readMigrations();
    if (!(await areApplied(client, migrations))) await applyMigrations(connectionString, migrations, log);
    await migrateQueue(connectionString, log);
  } finally {
    // Ending the session gives the lock back.
    await client.end();
  }
}

/** Starting the engine takes longer than all the rest: one query tells that it is not needed. */
async function areApplied(client: Client, migrations: MigrationDirectory[]): Promise<boolean> {
  const table = await client.query<{ name: string | null }>("SELECT to_regclass('_prisma_migrations')::text AS name");
  if (table.rows[0]?.name == null) return false;
  const applied = await client.query<{ name: string }>(
    'SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  );
  const names = new Set(applied.rows.map((row) => row.name));
  return migrations.every((migration) => names.has(migration.path));
}

async function applyMigrations(
  connectionString: string,
  migrationDirectories: MigrationDirectory[],
  log: Pick<BaseLogger, 'info'>,
): Promise<void> {
  const folder = prismaFolder();
  const schema = await readFile(join(folder, 'schema.prisma'), 'utf8');
  const migrationsList: MigrationList = {
    baseDir: join(folder, 'migrations'),
    lockfile: {
      path: 'migration_lock.toml',
      content: await readFile(join(folder, 'migrations', 'migration_lock.toml'), 'utf8'),
    },
    shadowDbInitScript: '',
    migrationDirectories,
  };
  const filters = { externalTables: [], externalEnums: [] };
  const { appliedMigrationNames } = await withSchemaEngine(connectionString, schema, (engine) =>
    engine.applyMigrations({ migrationsList, filters }),
  );
  log.info({ migrations: appliedMigrationNames }, 'brought the database up to date');
}

async function migrateQueue(connectionString: string, log: Pick<BaseLogger, 'debug' | 'warn'>): Promise<void> {
  // Without `allowExitOnIdle` the pool's timer for idle connections holds an ending process up for ten seconds.
  const pgPool = new Pool({ connectionString, max: 2, connectionTimeoutMillis: 10_000, allowExitOnIdle: true });
  pgPool.on('error', () => undefined);
  pgPool.on('connect', (connection) => connection.on('error', () => undefined));
  try {
    await runMigrations({ pgPool, logger: quietLogger(log) });
  } finally {
    await pgPool.end();
  }
}

async function readMigrations(): Promise<MigrationDirectory[]> {
  const folder = join(prismaFolder(), 'migrations');
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (path) => {
      const value = await readFile(join(folder, path, 'migration.sql'), 'utf8');
      return { path, migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value } } };
    }),
  );
}

/** `prisma/` in the package's root, seen from src/adapters/persistence as from dist/adapters/persistence. */
function prismaFolder(): string {
  return join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'prisma');
}

function quietLogger(log: Pick<BaseLogger, 'debug' | 'warn'>): Logger {
  return new Logger(() => (level, message) => {
    if (level === 'error' || level === 'warning') log.warn({ worker: message }, 'job queue');
    else log.debug({ worker: message }, 'job queue');
  });
}
