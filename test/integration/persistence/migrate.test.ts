import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { Client } from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { MIGRATION_LOCK, migrate } from '../../../src/adapters/persistence/migrate.ts';
import { withSchemaEngine } from '../../../src/adapters/persistence/schema-engine.ts';
import { createTestDatabase } from '../../support/database/create-test-database.ts';
import { databaseUrl, onServer, queryOn } from '../../support/database/on-server.ts';

const log = pino({ level: 'silent' });
const NO_FILTERS = { externalTables: [], externalEnums: [] };
const name = `test_${randomBytes(8).toString('hex')}`;
const url = databaseUrl(inject('databaseServer'), name);

beforeAll(() => onServer(inject('databaseServer'), `CREATE DATABASE ${name}`));
afterAll(() => onServer(inject('databaseServer'), `DROP DATABASE ${name} WITH (FORCE)`));

test('eight processes that start at once on an empty database migrate it once', async () => {
  await Promise.all(Array.from({ length: 8 }, () => migrate(url, log)));
  const applied = await queryOn(
    url,
    'SELECT migration_name, checksum, finished_at, logs FROM _prisma_migrations ORDER BY migration_name',
  );
  const folders = (await readdir('prisma/migrations', { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  expect(applied.map((row) => row['migration_name'])).toEqual(folders.sort());
  const sql = await readFile(`prisma/migrations/${folders[0]}/migration.sql`);
  // What `prisma migrate deploy` compares: it would find nothing left to do.
  expect(applied[0]).toMatchObject({
    checksum: createHash('sha256').update(sql).digest('hex'),
    finished_at: expect.any(Date),
    logs: null,
  });
  const queue = await queryOn(url, "SELECT to_regclass('graphile_worker._private_jobs') AS jobs");
  expect(queue).toEqual([{ jobs: 'graphile_worker._private_jobs' }]);
});

test('who comes second waits until the first has migrated', async () => {
  const first = new Client({ connectionString: url });
  await first.connect();
  await first.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
  let done = false;
  const second = migrate(url, log).then(() => {
    done = true;
  });
  const waits = () =>
    queryOn(url, "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()");
  await expect.poll(waits, { timeout: 5000 }).toHaveLength(1);
  expect(done).toBe(false);
  await first.end();
  await second;
});

test('a database that is up to date is left alone', async () => {
  const lines: string[] = [];
  await migrate(url, pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }));
  expect(lines).toEqual([]);
});

/** Columns, keys, references and whole indexes of all tables, but not of their partitions: what Prisma knows of a schema. */
const SHAPE = `
  WITH mine AS (
    SELECT oid, relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND NOT relispartition AND relname <> '_prisma_migrations'
  )
  SELECT relname AS "table", concat_ws(' ', column_name, udt_name, datetime_precision, is_nullable, column_default) AS what
  FROM information_schema.columns JOIN mine ON relname = table_name WHERE table_schema = 'public'
  UNION ALL SELECT relname, pg_get_constraintdef(pg_constraint.oid) FROM pg_constraint JOIN mine ON mine.oid = conrelid
  WHERE contype IN ('p', 'f', 'u')
  UNION ALL SELECT relname, replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') FROM pg_index JOIN mine ON mine.oid = indrelid
  WHERE indpred IS NULL AND indexprs IS NULL
  ORDER BY 1, 2`;

test('the migrations make what schema.prisma says', async () => {
  const schema = await readFile('prisma/schema.prisma', 'utf8');
  const wanted = await createTestDatabase();
  await onServer(wanted.url, 'DROP SCHEMA public CASCADE');
  const to = { tag: 'schemaDatamodel' as const, files: [{ path: 'schema.prisma', content: schema }] };
  const { stdout } = await withSchemaEngine(wanted.url, schema, (engine) =>
    engine.diff({ from: { tag: 'empty' }, to, script: true, exitCode: null, filters: NO_FILTERS }),
  );
  await onServer(wanted.url, stdout ?? '');
  const shape = await queryOn(wanted.url, SHAPE);
  expect(shape.length).toBeGreaterThan(150);
  expect(await queryOn(url, SHAPE)).toEqual(shape);
  await wanted.drop();
});

test('a migration that fails leaves nothing behind', async () => {
  const database = await createTestDatabase();
  const schema = await readFile('prisma/schema.prisma', 'utf8');
  const broken =
    'CREATE TABLE half (id int);\nCREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END; $$;\nSELECT nothing FROM nowhere;';
  const failing = withSchemaEngine(database.url, schema, (engine) =>
    engine.applyMigrations({
      migrationsList: {
        baseDir: '',
        lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"' },
        shadowDbInitScript: '',
        migrationDirectories: [
          {
            path: '20990101000000_broken',
            migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: broken } },
          },
        ],
      },
      filters: NO_FILTERS,
    }),
  );
  await expect(failing).rejects.toThrow('nowhere');
  expect(await queryOn(database.url, "SELECT to_regclass('half') AS half")).toEqual([{ half: null }]);
  await database.drop();
});

test('a database that cannot be reached is an error that says so', async () => {
  await expect(migrate('postgresql://nobody@127.0.0.1:1/nothing', log)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
