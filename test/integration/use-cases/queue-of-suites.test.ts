import { beforeEach, expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { askMore, letTimePass } from '../../support/use-cases/ask-more.ts';
import type { Canal } from '../../support/use-cases/open-canal.ts';
import { settingsActs } from '../../support/use-cases/settings-acts.ts';
import { type SuiteActs, suiteActs, suiteOf } from '../../support/use-cases/suite-acts.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

const RUNNER = { runner: { kind: 'http' as const, url: 'https://runner.example', shadowSafe: false } };
const HOUR = 3_600_000;
let db: TestPersistence;
let canal: Canal;
let acts: SuiteActs;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});
const { byFile } = settingsActs(() => canal);

beforeEach(async () => {
  acts = suiteActs({ db, canal });
  await byFile('development', RUNNER);
  await byFile('staging', RUNNER);
  await canal.reach('development', 'one');
  await acts.save(suiteOf(1));
});

const test = (version: string, workflow = 'summarize-flow', environment = 'development') =>
  canal.useCases.testVersion({ actor: canal.as('U0DEV'), workflow, version, environment });
const show = (id: string) => canal.useCases.showSuiteRun({ workspaceId: canal.workspaceId, id });
const jobs = () =>
  db.sql<{ runId: string; priority: number }>(
    `SELECT p.payload->>'runId' AS "runId", p.priority::int FROM graphile_worker._private_jobs p
     WHERE p.payload->>'workspaceId' = $1 AND p.payload->>'runId' IS NOT NULL ORDER BY p.priority, p.run_at, p.id`,
    [canal.workspaceId],
  );

it('runs of a workflow wait for no other workflow’s', async () => {
  await test('v1');
  // Two may share a queue by chance, but hardly four.
  for (const name of ['second-flow', 'third-flow', 'fourth-flow']) {
    const actor = canal.as('U0DEV');
    await canal.useCases.pushVersion({ actor, source: sourceOf(name), fileName: 'flow.yaml' });
    await canal.useCases.saveSuite({ actor, workflow: name, source: suiteOf(1) });
    await test('v1', name);
  }
  const queues = (await acts.queued()).map(({ queue }) => queue);
  expect(queues).toHaveLength(4);
  expect(new Set(queues).size).toBeGreaterThan(1);
});

it('five runs of a workflow may wait in an environment, besides those of promotions, which go first', async () => {
  const asked: string[] = [];
  for (const version of ['v1', 'v2', 'v3', 'v4', 'v5']) {
    if (version !== 'v1') await canal.push(version);
    asked.push((await test(version)).id);
  }
  await canal.push('six');
  await expect(test('v6')).rejects.toMatchObject({ code: 'too_many' });
  await askMore(db, canal, 'staging', { tests: { minPassRate: 0.8, maxAge: 24 * HOUR } });
  await canal.open('staging');
  const waiting = await jobs();
  expect(waiting.slice(1).map(({ runId }) => runId)).toEqual(asked);
  expect(await show(waiting[0]?.runId ?? '')).toMatchObject({ promotionId: expect.any(String), state: 'queued' });
  await canal.useCases.stopSuiteRun({ actor: canal.as('U0DEV'), id: asked[0] ?? '' });
  expect(await test('v6')).toMatchObject({ state: 'queued' });
  expect(await test('v2', 'summarize-flow', 'staging')).toMatchObject({ state: 'queued' });
});

it('a run whose job is gone or was given up is told to have failed, and one that only waits is not', async () => {
  const [gone, given, waits] = [await test('v1'), await pushed('two'), await pushed('three')];
  expect(await jobs()).toHaveLength(3);
  await db.sql("DELETE FROM graphile_worker._private_jobs WHERE payload->>'runId' = $1", [gone.id]);
  await db.sql("UPDATE graphile_worker._private_jobs SET attempts = max_attempts WHERE payload->>'runId' = $1", [
    given.id,
  ]);
  expect(await canal.useCases.failLostSuiteRuns(canal.workspaceId)).toBe(0);
  await letTimePass(db, canal, 3 * HOUR);
  expect(await canal.useCases.failLostSuiteRuns(canal.workspaceId)).toBe(2);
  for (const { id } of [gone, given])
    expect(await show(id)).toMatchObject({
      ...{ state: 'failed', detail: 'It could never be begun. Run it again.', results: [{ state: 'errored' }] },
    });
  expect(await show(waits.id)).toMatchObject({ state: 'queued' });
});

async function pushed(prompt: string) {
  const { number } = await canal.push(prompt);
  return test(`v${number}`);
}

function sourceOf(name: string): string {
  return `apiVersion: towpath/v1
name: ${name}
steps:
  - { id: one, type: llm, label: One, provider: anthropic, model: claude-haiku, task: Say it }
`;
}
