import { beforeEach, describe, expect, test } from 'vitest';
import type { NewRun } from '../../../src/use-cases/ports.ts';
import { activate, createVersion, createWorkflow, seedWorkspace } from '../../support/database/seed.ts';
import { type SeededWorkspace, withSeededWorkspace } from '../../support/database/with-seeded-workspace.ts';
import { aRun } from '../../support/runs/a-run.ts';

const DAY = 86_400_000;
const RETENTION = { keep: 30 * DAY, keepPayloads: 7 * DAY };

let here: SeededWorkspace;
let workflow: { id: string; slug: string };
withSeededWorkspace((seeded) => {
  here = seeded;
});
beforeEach(async () => {
  await here.db.sql('TRUNCATE run_record');
  workflow = await flowIn(here);
});

async function flowIn({ workspaceId, staging }: Pick<SeededWorkspace, 'workspaceId' | 'staging'>) {
  return here.db.ports.inTransaction(workspaceId, async (tx) => {
    const created = await createWorkflow(tx);
    await activate(tx, await createVersion(tx, created.id), staging);
    return created;
  });
}
const record = (...runs: NewRun[]) => here.db.ports.inTransaction(here.workspaceId, (tx) => tx.runs.record(runs));
const daysAgo = (days: number, more: Partial<NewRun> = {}) =>
  aRun(here.staging, workflow, { started: new Date(Date.now() - days * DAY), ...more });
const forget = (daysAhead: number, workspaceId = here.workspaceId) =>
  here.db.forgetRuns(workspaceId, RETENTION, new Date(Date.now() + daysAhead * DAY));
const partName = (at: number) => `run_record_${new Date(at).toISOString().slice(0, 10).replaceAll('-', '')}`;
const parts = async () =>
  (
    await here.db.sql<{ name: string }>(
      "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'run_record'::regclass",
    )
  )
    .map(({ name }) => name)
    .sort();
const rows = async () =>
  here.db.sql<{ run_id: string; workspace_id: string; input: string | null; output: string | null }>(
    'SELECT run_id, workspace_id, input, output FROM run_record ORDER BY started_at',
  );

describe('the parts of the table', () => {
  test('are made from eight days ago to two days ahead, again where one is missing, by many at once', async () => {
    const wanted = Array.from({ length: 11 }, (_, i) => partName(Date.now() + (i - 8) * DAY));
    await here.db.sql(`DROP TABLE ${wanted[0]}, ${wanted[10]}`);
    await Promise.all(Array.from({ length: 10 }, () => here.db.ensureRunPartitions()));
    expect(await parts()).toEqual(expect.arrayContaining(wanted));
  });

  test('are made without waiting for anybody where none is missing', async () => {
    await here.db.ensureRunPartitions();
    await here.db.ports.inTransaction(here.workspaceId, async (tx) => {
      await tx.runs.record([daysAgo(0)]);
      await here.db.ensureRunPartitions();
    });
  });
});

describe('forgetting', () => {
  test('drops whole days once their last moment is older than what is kept, and no later one', async () => {
    const [older, younger] = [daysAgo(6), daysAgo(4)];
    await record(older, younger);
    // Thirty days after the end of the day six days ago: the day four days ago ended two days later.
    const until = Math.floor(older.started.getTime() / DAY) * DAY + DAY + RETENTION.keep;
    const before = await parts();
    await here.db.forgetRuns(here.workspaceId, RETENTION, new Date(until - 1));
    expect(await rows()).toHaveLength(2);
    expect(await parts()).toContain(partName(older.started.getTime()));
    await here.db.forgetRuns(here.workspaceId, RETENTION, new Date(until));
    expect((await rows()).map((row) => row.run_id)).toEqual([younger.runId]);
    const gone = before.filter((name) => name <= partName(older.started.getTime()));
    expect(await parts()).toEqual(before.filter((name) => !gone.includes(name)));
    await here.db.ensureRunPartitions();
  });

  test("leaves another workspace's runs of the same day, and its own go all the same", async () => {
    const theirs = await seedWorkspace(here.db.ports);
    const theirRun = aRun(theirs.staging, await flowIn(theirs), { started: new Date(Date.now() - 6 * DAY) });
    await here.db.ports.inTransaction(theirs.workspaceId, (tx) => tx.runs.record([theirRun]));
    await record(daysAgo(6), daysAgo(0));
    await forget(26);
    expect((await rows()).map((row) => row.workspace_id)).toEqual([theirs.workspaceId, here.workspaceId]);
    await forget(26, theirs.workspaceId);
    expect((await rows()).map((row) => row.workspace_id)).toEqual([here.workspaceId]);
    await here.db.ensureRunPartitions();
  });

  test('clears inputs and outputs after their own time and keeps the record, in goes of two thousand', async () => {
    const many = Array.from({ length: 900 }, () => daysAgo(5, { input: '"in"', output: '"out"' }));
    for (const _ of [1, 2, 3]) await record(...many.map((run, i) => ({ ...run, runId: `${run.runId}-${_}-${i}` })));
    const fresh = daysAgo(1, { input: '"in"', output: null });
    await record(fresh);
    await forget(3);
    const kept = await rows();
    expect(kept).toHaveLength(2_701);
    expect(kept.filter(({ input, output }) => input !== null || output !== null)).toMatchObject([
      { run_id: fresh.runId, input: '"in"' },
    ]);
  });

  test('may be done by many at once', async () => {
    await record(...Array.from({ length: 500 }, () => daysAgo(5, { input: '1' })), daysAgo(6));
    await Promise.all(Array.from({ length: 8 }, () => forget(26)));
    expect(await rows()).toEqual([]);
    await here.db.ensureRunPartitions();
  });
});
