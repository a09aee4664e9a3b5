import { beforeEach, describe, expect, test } from 'vitest';
import type { NewRun, RunFilter } from '../../../src/use-cases/ports.ts';
import { activate, createVersion, createWorkflow, seedWorkspace } from '../../support/database/seed.ts';
import { type SeededWorkspace, withSeededWorkspace } from '../../support/database/with-seeded-workspace.ts';
import { aRun } from '../../support/runs/a-run.ts';

const DAY = 86_400_000;

let here: SeededWorkspace;
let workflow: { id: string; slug: string };
let versions: { id: string }[];
const { write } = withSeededWorkspace((seeded) => {
  here = seeded;
});
beforeEach(async () => {
  [workflow, versions] = await write(async (tx) => {
    const created = await createWorkflow(tx);
    const both = [await createVersion(tx, created.id), await createVersion(tx, created.id)] as const;
    for (const version of both) {
      await activate(tx, version, here.staging);
      await activate(tx, version, here.production);
    }
    return [created, [...both]];
  });
});

const record = (runs: readonly NewRun[]) => write((tx) => tx.runs.record(runs));
const list = async (filter: Partial<RunFilter> = {}, limit = 100) => {
  const asked = { environmentIds: [here.staging.id], ...filter };
  return (await here.db.ports.reading(here.workspaceId, (tx) => tx.runs.list(asked, { limit, payloads: true }))).items;
};
const run = (more: Partial<NewRun> = {}) => aRun(here.staging, workflow, more);
const midnight = () => new Date(Math.floor(Date.now() / DAY) * DAY);

describe('a batch of run records', () => {
  test('comes back as it was written, empty fields as nothing', async () => {
    const full = run({
      ...{
        version: 2,
        outcome: 'failed',
        durationMs: 1_250,
        error: 'It broke: “why?”',
        cost: 0.012345,
        key: 'customer 7',
      },
      ...{
        inputTokens: 900,
        outputTokens: 0,
        traceUrl: 'https://traces.example.com/1',
        input: '{"a":"\\u0000"}',
        output: '[]',
      },
    });
    expect(await record([full, run()])).toEqual({ accepted: 2, known: ['known', 'known'] });
    const found = await list();
    const { workflow: _slug, version: _number, ...kept } = full;
    expect(found.find(({ runId }) => runId === full.runId)).toEqual({
      ...kept,
      workflowId: workflow.id,
      versionId: versions[1]?.id,
      received: expect.any(Date),
    });
    expect(found.find(({ runId }) => runId !== full.runId)).toMatchObject({
      cost: null,
      error: null,
      input: null,
      key: null,
    });
  });

  test('is written once, however often it comes and whatever it says the second time', async () => {
    const runs = [run(), run()];
    expect(await record(runs)).toMatchObject({ accepted: 2 });
    const again = [...runs.map((one) => ({ ...one, outcome: 'failed' as const })), run()];
    expect(await record(again)).toMatchObject({ accepted: 1 });
    expect((await list()).map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded', 'succeeded']);
  });

  test('may hold the same run twice', async () => {
    const one = run();
    expect(await record([one, one])).toMatchObject({ accepted: 1 });
  });

  test('that comes from many at once, in other orders, is written once and ends no one in a deadlock', async () => {
    const runs = Array.from({ length: 300 }, () => run());
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => record(i % 2 === 0 ? runs : [...runs].reverse())),
    );
    expect(answers.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(300);
    const [row] = await here.db.sql<{ count: number }>(
      'SELECT count(*)::int AS count FROM run_record WHERE workspace_id = $1',
      [here.workspaceId],
    );
    expect(row?.count).toBe(300);
  });

  test('is written but for runs of workflows and versions that are not known, which are named', async () => {
    const answer = await record([run({ workflow: 'nothing' }), run(), run({ version: 3 })]);
    expect(answer).toEqual({ accepted: 1, known: ['unknown_workflow', 'known', 'unknown_version'] });
  });

  test('is written but for runs where their version was never live', async () => {
    const { accepted, known } = await record([aRun(here.development, workflow), run()]);
    expect([accepted, known]).toEqual([1, ['never_live', 'known']]);
  });

  test("finds no workflow of another workspace's, even by its very name", async () => {
    const theirs = await seedWorkspace(here.db.ports);
    const hidden = await here.db.ports.inTransaction(theirs.workspaceId, async (tx) => {
      const created = await createWorkflow(tx, 'their-secret-flow');
      await activate(tx, await createVersion(tx, created.id), theirs.staging);
      return created;
    });
    expect(await record([run({ workflow: hidden.slug })])).toEqual({ accepted: 0, known: ['unknown_workflow'] });
    expect(await record([aRun(theirs.staging, hidden)])).toEqual({ accepted: 0, known: ['unknown_workflow'] });
    expect(await record([aRun(theirs.staging, workflow)])).toEqual({ accepted: 0, known: ['never_live'] });
    await record([run()]);
    const seen = await here.db.ports.reading(theirs.workspaceId, (tx) =>
      tx.runs.list({ environmentIds: [here.staging.id] }, { limit: 10 }),
    );
    expect(seen.items).toEqual([]);
  });
});

describe('the day of a run', () => {
  test('is that of its start in UTC, to the millisecond', async () => {
    const start = midnight().getTime();
    const runs = [start - 1, start, start + 1].map((at) => run({ started: new Date(at) }));
    expect(await record(runs)).toMatchObject({ accepted: 3 });
    const rows = await here.db.sql<{ run_id: string; part: string }>(
      'SELECT run_id, tableoid::regclass::text AS part FROM run_record WHERE workspace_id = $1 ORDER BY started_at',
      [here.workspaceId],
    );
    const part = (at: number) => `run_record_${new Date(at).toISOString().slice(0, 10).replaceAll('-', '')}`;
    expect(rows.map((row) => row.part)).toEqual([part(start - DAY), part(start), part(start)]);
    expect((await list({ since: new Date(start) })).map(({ started }) => started.getTime())).toEqual([
      start + 1,
      start,
    ]);
  });

  test('has a place for the earliest and the latest start that is taken', async () => {
    const edges = [Date.now() - 7 * DAY, Date.now() + DAY].map((at) => run({ started: new Date(at) }));
    expect(await record(edges)).toMatchObject({ accepted: 2 });
  });
});

describe('the list', () => {
  test('goes through all environments page by page, leaving none out that started in the same millisecond', async () => {
    const started = new Date(Date.now() - 1_000);
    const [staging, production] = [here.staging, here.production];
    const runs = ['a', 'b', 'c', 'd'].flatMap((runId) =>
      [staging, production].map((environment) => aRun(environment, workflow, { runId, started })),
    );
    await record([...runs, run({ runId: 'older', started: new Date(Date.now() - 2 * DAY) })]);
    const environmentIds = [staging.id, production.id];
    const seen: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await here.db.ports.reading(here.workspaceId, (tx) =>
        tx.runs.list({ environmentIds, workflowId: workflow.id }, { limit: 3, ...(cursor && { cursor }) }),
      );
      seen.push(...page.items.map(({ runId, environmentId }) => `${runId} ${environmentId}`));
      if (page.cursor === null) break;
      cursor = page.cursor;
    }
    const all = [...runs.map(({ runId, environmentId }) => `${runId} ${environmentId}`), `older ${staging.id}`];
    expect(seen).toHaveLength(9);
    expect([...seen].sort()).toEqual(all.sort());
    expect(seen.at(-1)).toBe(`older ${staging.id}`);
  });

  test('is narrowed by workflow, version, outcome, start and run id', async () => {
    const old = run({ started: new Date(Date.now() - DAY) });
    const [second, failed] = [run({ version: 2 }), run({ outcome: 'failed' })];
    await record([old, second, failed]);
    const ids = async (filter: Partial<RunFilter>) => (await list(filter)).map(({ runId }) => runId).sort();
    expect(await ids({ versionId: versions[1]?.id ?? '' })).toEqual([second.runId]);
    expect(await ids({ outcome: 'failed' })).toEqual([failed.runId]);
    expect(await ids({ since: new Date(Date.now() - DAY / 2) })).toEqual([second.runId, failed.runId].sort());
    expect(await ids({ runId: old.runId })).toEqual([old.runId]);
    expect(await ids({ workflowId: versions[0]?.id ?? '' })).toEqual([]);
    expect(await ids({ environmentIds: [] })).toEqual([]);
    expect(await ids({ environmentIds: ['not an id'] })).toEqual([]);
  });

  test('shows inputs and outputs only where they are asked for', async () => {
    await record([run({ input: '"in"', output: '"out"' })]);
    const filter = { environmentIds: [here.staging.id] };
    const { items } = await here.db.ports.reading(here.workspaceId, (tx) => tx.runs.list(filter, { limit: 1 }));
    expect(items).toMatchObject([{ input: null, output: null }]);
  });

  test.each(['nonsense', Buffer.from('["2026-01-01T00:00:00.000Z","x"]').toString('base64url')])(
    'refuses the cursor %s, which it never gave',
    async (cursor) => {
      const asked = here.db.ports.reading(here.workspaceId, (tx) =>
        tx.runs.list({ environmentIds: [here.staging.id] }, { limit: 1, cursor }),
      );
      await expect(asked).rejects.toMatchObject({ code: 'invalid_input' });
    },
  );
});

describe('the figures', () => {
  test('count runs, errors, latency, cost and tokens by version and environment', async () => {
    const of = (durationMs: number, more: Partial<NewRun> = {}) => run({ durationMs, ...more });
    await record([
      ...Array.from({ length: 18 }, (_, i) => of(i + 1)),
      of(500, { outcome: 'failed', cost: 0.25, inputTokens: 10, outputTokens: 3 }),
      of(1_000, { outcome: 'cancelled', cost: 0.5, inputTokens: 7 }),
      of(7, { version: 2, started: new Date(Date.now() + 1_000) }),
      of(9, { started: new Date(Date.now() - 3 * DAY) }),
      aRun(here.production, workflow, { durationMs: 3 }),
    ]);
    const figures = await here.db.ports.reading(here.workspaceId, (tx) =>
      tx.runs.figures({
        ...{ environmentIds: [here.staging.id], workflowId: workflow.id },
        since: new Date(Date.now() - DAY),
      }),
    );
    expect(figures).toMatchObject([
      { versionId: versions[1]?.id, runs: 1, failed: 0, p50: 7, p95: 7, cost: null, inputTokens: null },
      {
        ...{ versionId: versions[0]?.id, environmentId: here.staging.id, runs: 20, failed: 1, cancelled: 1 },
        ...{ p50: 10, p95: 500, cost: 0.75, inputTokens: 17, outputTokens: 3 },
      },
    ]);
  });

  test('compare versions in one environment since a moment, by one question, those without runs left out', async () => {
    const since = new Date(Date.now() - 60_000);
    const of = (version: number, more: Partial<NewRun> = {}) => run({ version, ...more });
    await record([
      of(1, { durationMs: 10, cost: 0.1 }),
      of(1, { durationMs: 20, cost: 0.3 }),
      of(1, { durationMs: 30, outcome: 'failed' }),
      of(2, { durationMs: 5, outcome: 'cancelled' }),
      of(1, { durationMs: 900, cost: 9, started: new Date(since.getTime() - 1) }),
      aRun(here.production, workflow, { durationMs: 900, cost: 9 }),
    ]);
    const compare = (versionIds: string[], environmentId = here.staging.id) =>
      here.db.ports.reading(here.workspaceId, (tx) =>
        tx.runs.figuresOfVersions({ workflowId: workflow.id, environmentId, versionIds, since }),
      );
    const [first, second] = versions.map(({ id }) => id) as [string, string];
    const both = await compare([first, second]);
    const figures = { runs: 3, failed: 1, cancelled: 0, p50: 20, p95: 30, costPerRun: 0.2 };
    expect(both.find(({ versionId }) => versionId === first)).toEqual({ versionId: first, ...figures });
    expect(both.find(({ versionId }) => versionId === second)).toEqual({
      ...{ versionId: second, runs: 1, failed: 0, cancelled: 1, p50: 5, p95: 5, costPerRun: null },
    });
    expect(await compare([second])).toHaveLength(1);
    expect(await compare([first, second], here.development.id)).toEqual([]);
    const theirs = await seedWorkspace(here.db.ports);
    const asked = { workflowId: workflow.id, environmentId: here.staging.id, versionIds: [first], since };
    expect(await here.db.ports.reading(theirs.workspaceId, (tx) => tx.runs.figuresOfVersions(asked))).toEqual([]);
  });
});
