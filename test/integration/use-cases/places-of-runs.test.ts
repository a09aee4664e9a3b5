import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Runner } from '../../../src/use-cases/ports/runners.ts';
import {
  openPersistence,
  openTestPersistence,
  type TestPersistence,
} from '../../support/database/open-test-persistence.ts';
import { type HeldRunner, heldRunner, placed, requestAt } from '../../support/runners/placed.ts';
import { failureOf, type RequestParts } from '../../support/runners/run-request.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';
import { openCanal } from '../../support/use-cases/open-canal.ts';

let one: TestPersistence;
let other: TestPersistence;
let held: HeldRunner;
let runners: [Runner, Runner];
let where: Record<string, { workspaceId: string; environmentId: string }>;

beforeAll(async () => {
  one = await openTestPersistence();
  other = await openPersistence(one.url);
});
afterAll(async () => {
  await other?.end();
  await one?.end();
});
beforeEach(async () => {
  const { workspaceId } = await openCanal(one.ports);
  const pipeline = await one.ports.glance(workspaceId, (tx) => tx.environments.pipeline());
  where = Object.fromEntries(pipeline.map(({ id, name }) => [name, { workspaceId, environmentId: id }]));
  held = heldRunner();
  // As two processes on one database.
  runners = [placed(one.ports, held), placed(other.ports, held)];
});

const ANSWER = { output: 'done', latencyMs: 5 };
const at = (environment: string, concurrency: number, parts: Partial<RequestParts> = {}) =>
  requestAt(where[environment] as { workspaceId: string; environmentId: string }, {
    settings: { limits: { concurrency } },
    ...parts,
  });
const states = async () =>
  (
    await one.sql<{ state: string }>('SELECT state FROM execution WHERE workspace_id = $1 ORDER BY asked_at', [
      where['staging']?.workspaceId,
    ])
  ).map(({ state }) => state);

describe('runs of one workflow in one environment', () => {
  it('go on no more at a time than the settings allow, whichever process they were asked of', async () => {
    const all = Array.from({ length: 20 }, (_, i) => (runners[i % 2] as Runner).run(at('staging', 3)));
    await waitUntil('all to be asked for', async () => (await states()).length === 20);
    for (let left = 20; left > 0; left--) {
      // All places are taken before one is given up, so that one too many would show.
      await waitUntil('the places to be taken', () => held.going.length >= Math.min(3, left));
      const [going] = held.going;
      going?.end(ANSWER);
      await waitUntil('it to end', () => !held.going.some((one) => one === going));
    }
    expect(await Promise.all(all)).toEqual(Array(20).fill(ANSWER));
    expect(held.most).toBe(3);
    expect(await states()).toEqual(Array(20).fill('done'));
  });

  it('begin in the order in which they were asked for', async () => {
    const first = runners[0].run(at('staging', 1, { input: 1 }));
    await waitUntil('the first', () => held.going[0]);
    const second = runners[1].run(at('staging', 1, { input: 2 }));
    await waitUntil('the second to wait', async () => (await states()).length === 2);
    const third = runners[0].run(at('staging', 1, { input: 3 }));
    await waitUntil('the third to wait', async () => (await states()).length === 3);
    for (const input of [1, 2, 3]) {
      const going = await waitUntil('the next', () => held.going[0]);
      expect(going.request.input).toBe(input);
      going.end(ANSWER);
      await waitUntil('it to end', () => !held.going.includes(going));
    }
    await Promise.all([first, second, third]);
  });

  it('are refused once they waited as long as they may take, and say what to do', async () => {
    const first = runners[0].run(at('staging', 1));
    await waitUntil('the first', () => held.going[0]);
    const failure = await failureOf(runners[1].run(at('staging', 1, { limits: { timeoutMs: 300 } })));
    expect([failure.kind, failure.code]).toEqual(['too_busy', 'runner_too_busy']);
    expect(failure.userMessage).toMatch(/1 run of it goes on in staging.*limits\.concurrency/);
    held.going[0]?.end(ANSWER);
    await first;
    expect(await states()).toEqual(['done', 'gone']);
  });

  it('hold up neither another environment nor another workflow', async () => {
    const all = [
      runners[0].run(at('staging', 1)),
      runners[0].run(at('production', 1)),
      runners[1].run(at('staging', 1, { workflow: 'another-flow' })),
    ];
    await waitUntil('all three', () => held.going.length === 3);
    for (const going of [...held.going]) going.end(ANSWER);
    await Promise.all(all);
  });

  it('give up their places when they fail, and when whoever asked goes away, waiting or running', async () => {
    const leaves = [new AbortController(), new AbortController()] as const;
    const running = runners[0].run(at('staging', 1, { signal: leaves[0].signal }));
    await waitUntil('the first', () => held.going[0]);
    const waiting = runners[1].run(at('staging', 1, { signal: leaves[1].signal }));
    await waitUntil('the second to wait', async () => (await states()).length === 2);
    leaves[1].abort(new Error('left while it waited'));
    await expect(waiting).rejects.toThrow('left while it waited');
    leaves[0].abort(new Error('left while it ran'));
    await expect(running).rejects.toThrow('left while it ran');
    expect(await states()).toEqual(['failed', 'gone']);
    const next = runners[1].run(at('staging', 1));
    (await waitUntil('the next', () => held.going[0])).end(ANSWER);
    await next;
  });

  it('get the places of a process that died once its lease is over', async () => {
    void runners[0].run(at('staging', 1)).catch(() => {});
    await waitUntil('the first', () => held.going[0]);
    const next = runners[1].run(at('staging', 1));
    await waitUntil('the second to wait', async () => (await states()).length === 2);
    await one.sql("UPDATE execution SET lease_until = now() - interval '1 second' WHERE state = 'leased'");
    await waitUntil('the second', () => held.going.length === 2);
    for (const going of [...held.going]) going.end(ANSWER);
    await next;
  });

  it('are forgotten a day after they ended, and no earlier', async () => {
    const run = runners[0].run(at('staging', 1));
    (await waitUntil('the run', () => held.going[0])).end(ANSWER);
    await run;
    const { workspaceId } = where['staging'] as { workspaceId: string };
    const forget = () => one.ports.inTransaction(workspaceId, (tx) => tx.executions.forget());
    const ago = (hours: number) =>
      one.sql(
        'UPDATE execution SET asked_at = now() - make_interval(hours => $1), ended_at = now() - make_interval(hours => $1)',
        [hours],
      );
    await ago(23);
    await forget();
    expect(await states()).toEqual(['done']);
    await ago(25);
    await forget();
    expect(await states()).toEqual([]);
  });
});

describe('a run that nothing can run', () => {
  it('says what to set', async () => {
    const failure = await failureOf(runners[0].run({ ...at('staging', 1), runner: null }));
    expect([failure.kind, held.most]).toEqual(['unsupported', 0]);
    expect(failure.userMessage).toContain('no runner');
  });
});
