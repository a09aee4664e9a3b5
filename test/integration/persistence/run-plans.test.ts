import { pino } from 'pino';
import { beforeAll, expect, test } from 'vitest';
import { connectPersistence } from '../../../src/adapters/persistence/connect.ts';
import type { Reading } from '../../../src/use-cases/ports.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { seedWorkspace } from '../../support/database/seed.ts';
import { withTestPersistence } from '../../support/database/with-test-persistence.ts';

/** Of 300 workflows in one environment, 100 runs each, all of one day. */
const CROWD = `
  INSERT INTO workflow (workspace_id, slug, owner_id, format, created_by)
    SELECT $1, 'flow-' || i, 'U', 'towpath', 'U' FROM generate_series(1, 300) i;`;
const RUNS = `
  INSERT INTO run_record (workspace_id, environment_id, started_at, run_id, workflow_id, version_id, outcome, duration_ms, input, received_at)
    SELECT $1, $2, now() - interval '1 millisecond' * (i * 300 + 1), slug || '/' || i, id, gen_random_uuid(), 'succeeded', i,
      CASE WHEN i = 1 THEN '1' END, now()
    FROM workflow, generate_series(1, 100) i WHERE workspace_id = $1;`;

let db: TestPersistence;
let seeded: Awaited<ReturnType<typeof seedWorkspace>>;
let workflowId: string;
withTestPersistence((opened) => {
  db = opened;
});
beforeAll(async () => {
  seeded = await seedWorkspace(db.ports);
  await db.sql(CROWD, [seeded.workspaceId]);
  await db.sql(RUNS, [seeded.workspaceId, seeded.staging.id]);
  await db.sql('ANALYZE');
  const [flow] = await db.sql<{ id: string }>("SELECT id FROM workflow WHERE slug = 'flow-7'");
  workflowId = flow?.id ?? '';
});

/** How often a part of the table was read as a whole, and how many of its rows through an index. Parts without rows don't count. */
async function reads(): Promise<{ whole: number; some: number }> {
  await db.sql('SELECT pg_stat_force_next_flush()');
  const [row] = await db.sql<{ whole: number; some: number }>(
    "SELECT sum(seq_scan)::int AS whole, COALESCE(sum(idx_tup_fetch), 0)::int AS some FROM pg_stat_user_tables WHERE relname ~ '^run_record_' AND n_live_tup > 0",
  );
  return row ?? { whole: 0, some: 0 };
}

/** Rows of run records that a question read, on a connection whose counts are told when it closes. */
async function rowsReadBy(ask: (tx: Reading) => Promise<unknown>): Promise<number> {
  const before = await reads();
  const log = pino({ level: 'silent' });
  const persistence = await connectPersistence({ connectionString: db.url, log, poolSize: 1 });
  await persistence.ports.reading(seeded.workspaceId, ask);
  await persistence.close();
  await expect.poll(async () => (await reads()).some, { timeout: 10_000 }).toBeGreaterThan(before.some);
  const after = await reads();
  expect(after.whole).toBe(before.whole);
  return after.some - before.some;
}

const environmentIds = () => [seeded.development.id, seeded.staging.id, seeded.production.id];
const since = () => new Date(Date.now() - 3 * 86_400_000);

test("a page reads little more than itself, whoever else's runs lie between", async () => {
  const asked = { environmentIds: environmentIds(), workflowId };
  expect(await rowsReadBy((tx) => tx.runs.list(asked, { limit: 10 }))).toBeLessThan(60);
});

test('a page of an environment reads little more than itself', async () => {
  const asked = { environmentIds: environmentIds() };
  expect(await rowsReadBy((tx) => tx.runs.list(asked, { limit: 10 }))).toBeLessThan(60);
});

test('figures of a workflow read its own runs alone', async () => {
  const asked = { environmentIds: environmentIds(), workflowId, since: since() };
  expect(await rowsReadBy((tx) => tx.runs.figures(asked))).toBeLessThan(250);
});

test('figures of two versions of a workflow read its own runs in that environment alone', async () => {
  const rows = await db.sql<{ id: string }>('SELECT version_id AS id FROM run_record WHERE workflow_id = $1 LIMIT 2', [
    workflowId,
  ]);
  const asked = { workflowId, environmentId: seeded.staging.id, versionIds: rows.map(({ id }) => id), since: since() };
  expect(await rowsReadBy((tx) => tx.runs.figuresOfVersions(asked))).toBeLessThan(250);
});

test('clearing inputs and outputs reads only runs that have some', async () => {
  const before = await reads();
  await db.forgetRuns(seeded.workspaceId, { keep: 30 * 86_400_000, keepPayloads: 0 });
  const [left] = await db.sql<{ left: number }>('SELECT count(*)::int AS left FROM run_record WHERE input IS NOT NULL');
  expect(left).toEqual({ left: 0 });
  expect((await reads()).some - before.some).toBeLessThan(3_000);
});
