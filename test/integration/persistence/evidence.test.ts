import { beforeEach, describe, expect, test } from 'vitest';
import type { Environment } from '../../../src/domain/environment.ts';
import type { Promotion } from '../../../src/domain/promotion.ts';
import type { Version, Workflow } from '../../../src/domain/version.ts';
import type { NewCheck, Reading, Transaction } from '../../../src/use-cases/ports.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import {
  activate,
  createVersion,
  createWorkflow,
  requestPromotion,
  seedWorkspace,
} from '../../support/database/seed.ts';
import { withTestPersistence } from '../../support/database/with-test-persistence.ts';
import { aRun } from '../../support/runs/a-run.ts';
import { times } from '../../support/use-cases/at-once.ts';

let db: TestPersistence;
let here: { workspaceId: string; development: Environment; staging: Environment };
let workflow: Workflow;
let version: Version;
let promotion: Promotion;
withTestPersistence((opened) => {
  db = opened;
});
beforeEach(async () => {
  here = await seedWorkspace(db.ports);
  await write(async (tx) => {
    workflow = await createWorkflow(tx);
    version = await createVersion(tx, workflow.id);
    promotion = await requestPromotion(tx, version, here.development, here.staging);
  });
});

const write = <T>(work: (tx: Transaction) => Promise<T>) => db.ports.inTransaction(here.workspaceId, work);
const read = <T>(work: (tx: Reading) => Promise<T>) => db.ports.reading(here.workspaceId, work);
const check = (more: Partial<NewCheck> = {}): NewCheck => ({
  ...{ kind: 'tests', name: 'suite', environmentId: here.staging.id, versionId: version.id, by: 'ci' },
  ...{ at: new Date(1_000), state: 'passed', source: 'api', passed: 3, failed: 0 },
  ...more,
});
const record = (more: Partial<NewCheck> = {}) => write((tx) => tx.evidence.recordCheck(check(more)));

describe('check results', () => {
  test('count as the newest of each kind and name of a version in an environment, with what they were told', async () => {
    await record({ at: new Date(2_000), passed: 1, failed: 2, state: 'failed', url: 'https://ci.example.com/1' });
    await record({ at: new Date(1_000) });
    await record({ name: 'other', costPerRun: 0.031, p95: 1_200.5 });
    await record({ kind: 'quality', name: 'accuracy', score: 4.2, of: 5 });
    await record({ environmentId: here.development.id, name: 'elsewhere' });
    const found = await read((tx) => tx.evidence.checks([version.id], here.staging.id));
    expect(found).toMatchObject([
      { kind: 'quality', name: 'accuracy', score: 4.2, of: 5 },
      { kind: 'tests', name: 'other', costPerRun: 0.031, p95: 1_200.5 },
      { kind: 'tests', name: 'suite', at: new Date(2_000), passed: 1, failed: 2, url: 'https://ci.example.com/1' },
    ]);
    expect(found[0]).not.toHaveProperty('costPerRun');
  });

  test('that run may say how far they are, until they ended', async () => {
    const { id } = await record({ state: 'running', detail: '1 of 3' });
    const step = check({ state: 'running', detail: '2 of 3' });
    await write((tx) => tx.evidence.changeCheck(id, step));
    await write((tx) => tx.evidence.changeCheck(id, check({ cases: [{ name: 'a', passed: true }] })));
    expect(await read((tx) => tx.evidence.findCheck(id))).toMatchObject({ id, state: 'passed', passed: 3 });
    expect(await read((tx) => tx.evidence.cases(id))).toEqual([{ name: 'a', passed: true }]);
    await expect(write((tx) => tx.evidence.changeCheck(id, step))).rejects.toThrow('does not run');
  });

  test('are kept as many as people look back at, of as many names as are judged by', async () => {
    const insert = (name: string, count: number) =>
      db.sql(
        `INSERT INTO check_result (workspace_id, workflow_id, version_id, environment_id, kind, name, at, state, source, by, received_at)
         SELECT $1, $2, $3, $4, 'tests', $5 || CASE WHEN $5 = 'suite' THEN '' ELSE i::text END, now() - make_interval(mins => i), 'passed', 'api', 'ci', now()
         FROM generate_series(1, $6) i`,
        [here.workspaceId, workflow.id, version.id, here.staging.id, name, count],
      );
    await insert('suite', 60);
    await insert('other ', 199);
    await record({ at: new Date() });
    const [kept] = await db.sql(
      "SELECT count(*)::int AS n FROM check_result WHERE name = 'suite' AND version_id = $1",
      [version.id],
    );
    expect(kept).toEqual({ n: 50 });
    await expect(record({ name: 'one more' })).rejects.toMatchObject({ code: 'too_many' });
    expect(await read((tx) => tx.evidence.checks([version.id], here.staging.id))).toHaveLength(200);
  });

  test('of a version of another workspace are not kept, and not found', async () => {
    const { id } = await record();
    const other = await seedWorkspace(db.ports);
    const there = <T>(work: (tx: Transaction) => Promise<T>) => db.ports.inTransaction(other.workspaceId, work);
    await expect(there((tx) => tx.evidence.recordCheck(check()))).rejects.toThrow('no version');
    expect(await there((tx) => tx.evidence.checks([version.id], here.staging.id))).toEqual([]);
    expect(await there((tx) => tx.evidence.findCheck(id))).toBeNull();
  });
});

describe('how a version did', () => {
  test('is told of each stretch: its runs but for cancelled ones, and the last replay since it began beside what is live', async () => {
    await write((tx) => activate(tx, version, here.development));
    const [from, middle] = [new Date(Date.now() - 7_200_000), new Date(Date.now() - 3_600_000)];
    await db.sql('UPDATE deployment_stretch SET started_at = $1 WHERE workspace_id = $2', [from, here.workspaceId]);
    const run = (minutes: number, outcome: 'succeeded' | 'failed' | 'cancelled') =>
      aRun(here.development, workflow, {
        started: new Date(middle.getTime() + minutes * 60_000),
        outcome,
        version: version.number,
      });
    await write((tx) =>
      tx.runs.record([
        run(-30, 'failed'),
        run(0, 'succeeded'),
        run(10, 'failed'),
        run(11, 'succeeded'),
        run(12, 'cancelled'),
      ]),
    );
    const another = (tx: Transaction) => createVersion(tx, workflow.id);
    const [live, gone] = [await write(another), await write(another)];
    const replay = {
      kind: 'shadow' as const,
      name: 'replay',
      environmentId: here.development.id,
      liveVersionId: live.id,
    };
    await record({ ...replay, at: middle, passed: 5, failed: 5 });
    await record({ ...replay, at: new Date(middle.getTime() + 1), passed: 9, failed: 1 });
    await record({ ...replay, at: new Date(middle.getTime() + 2), liveVersionId: gone.id, passed: 0, failed: 10 });
    expect(await read((tx) => tx.evidence.stretches(version.id, here.development.id))).toEqual([{ from, to: null }]);
    const asked = { workflowId: workflow.id, environmentId: here.development.id, versionId: version.id };
    const figuresBeside = (liveVersionId: string | null) => {
      const stretches = [
        { from: middle, to: null },
        { from, to: middle },
        { from: new Date(middle.getTime() + 3), to: null },
      ];
      return read((tx) => tx.evidence.runFigures({ ...asked, liveVersionId, stretches }));
    };
    expect(await figuresBeside(live.id)).toEqual([
      { runs: 3, failed: 1, divergence: expect.closeTo(0.1) },
      { runs: 1, failed: 1, divergence: expect.closeTo(0.1) },
      { runs: 2, failed: 1, divergence: null },
    ]);
    expect((await figuresBeside(null))[0]).toMatchObject({ runs: 3, divergence: null });
  });
});

describe('a tick', () => {
  test('is one, whoever of twenty gives it at once', async () => {
    const given = await Promise.all(
      times(20).map((i) => write((tx) => tx.evidence.tick(promotion.id, { item: 'Tested', by: `U${i}`, at: tx.now }))),
    );
    expect(given.filter(Boolean)).toHaveLength(1);
    expect(await read((tx) => tx.evidence.ticks(promotion.id))).toHaveLength(1);
    expect(await write((tx) => tx.evidence.untick(promotion.id, 'Tested'))).toBe(true);
    expect(await write((tx) => tx.evidence.untick(promotion.id, 'Tested'))).toBe(false);
  });
});

describe('a gate', () => {
  const asked = { url: 'https://gate.example.com', fingerprint: 'f', tokenHash: 'h' };
  const ask = (more = {}) => write((tx) => tx.evidence.askGate({ promotionId: promotion.id, ...asked, ...more }));

  test('is asked once about what is proposed, and again when that moved', async () => {
    expect(await ask()).toMatchObject({ state: 'asked', url: asked.url });
    expect(await ask({ tokenHash: 'h2' })).toBeNull();
    expect(await ask({ tokenHash: 'h3', fingerprint: 'g' })).not.toBeNull();
    expect(await read((tx) => tx.evidence.gates(promotion.id))).toMatchObject([
      { fingerprint: 'f' },
      { fingerprint: 'g' },
    ]);
    expect(await read((tx) => tx.evidence.findGate('h3'))).toMatchObject({
      fingerprint: 'g',
      promotionId: promotion.id,
    });
  });

  test('answers once, and may answer though it could not be reached', async () => {
    const { id } = (await ask({ tokenHash: 'h4', fingerprint: 'x' })) ?? { id: '' };
    const answer = (state: 'approved' | 'rejected' | 'unreachable') =>
      write((tx) => tx.evidence.answerGate(id, { state, detail: 'because' }));
    expect(await answer('unreachable')).toBe(true);
    expect(await answer('approved')).toBe(true);
    expect(await answer('rejected')).toBe(false);
    expect(await read((tx) => tx.evidence.findGate('h4'))).toMatchObject({ state: 'approved', detail: 'because' });
    const tamper = db.sql("UPDATE gate_request SET state = 'rejected' WHERE id = $1", [id]);
    await expect(tamper).rejects.toMatchObject({ code: '23000' });
  });
});

test('what was found of a target takes the place of what was found before', async () => {
  const save = (fingerprint: string) =>
    write((tx) =>
      tx.evidence.saveParity(promotion.id, {
        fingerprint,
        findings: [{ what: 'secret', name: 'KEY', isThere: false }],
      }),
    );
  await save('f');
  await save('g');
  expect(await read((tx) => tx.evidence.parity(promotion.id))).toMatchObject({
    ...{ fingerprint: 'g', findings: [{ what: 'secret', name: 'KEY', isThere: false }] },
  });
});
