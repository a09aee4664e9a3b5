import { beforeEach, expect, test } from 'vitest';
import type { NewRun } from '../../../src/use-cases/ports.ts';
import { activate, createVersion, createWorkflow } from '../../support/database/seed.ts';
import { type SeededWorkspace, withSeededWorkspace } from '../../support/database/with-seeded-workspace.ts';
import { aRun } from '../../support/runs/a-run.ts';

const DAY = 86_400_000;

let here: SeededWorkspace;
let workflows: { id: string; slug: string }[];
const { write } = withSeededWorkspace((seeded) => {
  here = seeded;
});
beforeEach(async () => {
  workflows = await write(async (tx) => {
    const created = [await createWorkflow(tx), await createWorkflow(tx)];
    for (const { id } of created) {
      const version = await createVersion(tx, id);
      for (const environment of [here.staging, here.production]) await activate(tx, version, environment);
    }
    return created;
  });
});

const workflow = (index: number) => workflows[index] as { id: string; slug: string };
const run = (more: Partial<NewRun> = {}, of = 0) => aRun(here.staging, workflow(of), more);
const record = (runs: readonly NewRun[]) => write((tx) => tx.runs.record(runs));
const spending = async () =>
  Object.fromEntries(
    (
      await here.db.sql<{ environment_id: string; workflow: string; dollars: number; dearest: number }>(
        'SELECT environment_id, workflow, dollars, dearest FROM spending WHERE workspace_id = $1',
        [here.workspaceId],
      )
    ).map((row) => [
      `${workflows.findIndex(({ slug }) => slug === row.workflow)} in ${row.environment_id === here.staging.id ? 'staging' : 'production'}`,
      [Number(row.dollars.toFixed(6)), row.dearest],
    ]),
  );

test('a batch adds what its runs cost to each workflow’s day in each environment, and its dearest run', async () => {
  await record([
    ...[run({ cost: 0.1 }), run({ cost: 0.3 }), run({ cost: 0.2, outcome: 'failed' }), run(), run({ cost: 1 }, 1)],
    aRun(here.production, workflow(0), { cost: 5 }),
  ]);
  await record([run({ cost: 0.05 }), run({ cost: 2 }, 1)]);
  expect(await spending()).toEqual({ '0 in staging': [0.65, 0.3], '1 in staging': [3, 2], '0 in production': [5, 5] });
});

test('a run that is reported again is added once, and one that is refused never', async () => {
  const told = run({ cost: 0.5 });
  await record([told, told]);
  await record([told, run({ cost: 9, version: 7 }), run({ cost: 9, workflow: 'no-such-flow' })]);
  expect(await spending()).toEqual({ '0 in staging': [0.5, 0.5] });
});

test('a run of another day, one that cost nothing and one that was counted before are not added', async () => {
  await record([run({ cost: 1, started: new Date(Date.now() - DAY) }), run({ cost: 0 })]);
  await write((tx) => tx.runs.record([run({ cost: 1 })], { isCharged: true }));
  expect(await spending()).toEqual({});
});

test('batches of the same workflows that come at once are all added', async () => {
  const batches = Array.from({ length: 12 }, (_, i) => {
    const runs = Array.from({ length: 40 }, (_one, j) => run({ cost: 0.01 }, (i + j) % 2));
    return record(runs);
  });
  await Promise.all(batches);
  expect(await spending()).toEqual({ '0 in staging': [2.4, 0.01], '1 in staging': [2.4, 0.01] });
});

test('a day is known to be spent where it is, and in no other workspace', async () => {
  await record([run({ cost: 0.5 })]);
  const isSpent = (most: number, id = here.staging.id) =>
    write((tx) => tx.executions.isSpent(id, workflow(0).slug, most));
  expect([await isSpent(0.5), await isSpent(0.51), await isSpent(0.5, here.production.id)]).toEqual([
    true,
    false,
    false,
  ]);
  await here.db.sql('UPDATE spending SET day = day - 1');
  expect(await isSpent(0.5)).toBe(false);
});

test('what a day cost is forgotten when the third has begun, and no earlier', async () => {
  await record([run({ cost: 1 }), run({ cost: 1 }, 1)]);
  await here.db.sql('UPDATE spending SET day = day - (CASE workflow WHEN $1 THEN 2 ELSE 3 END)', [workflow(0).slug]);
  await write((tx) => tx.executions.forget());
  expect(await spending()).toEqual({ '0 in staging': [1, 1] });
});
