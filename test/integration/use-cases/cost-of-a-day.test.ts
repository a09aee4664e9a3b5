import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunAnswer, type Runner, RunnerFailure } from '../../../src/use-cases/ports/runners.ts';
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
let where: { workspaceId: string; environmentId: string };

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
  where = { workspaceId, environmentId: pipeline.find(({ name }) => name === 'staging')?.id as string };
  held = heldRunner();
  // As two processes on one database.
  runners = [placed(one.ports, held), placed(other.ports, held)];
});

const cost = (dollars: number): RunAnswer => ({ output: 'done', latencyMs: 5, cost: dollars });
/** A run of a workflow whose runs may cost so much a day, and one of them `perRun`. */
const within = (costPerDay: number, perRun: number | null, { limits, ...parts }: Partial<RequestParts> = {}) =>
  requestAt(where, {
    settings: { limits: { concurrency: 10, costPerDay } },
    limits: { cost: perRun, ...limits },
    ...parts,
  });
const states = async () =>
  (
    await one.sql<{ state: string }>('SELECT state FROM execution WHERE workspace_id = $1 ORDER BY asked_at', [
      where.workspaceId,
    ])
  ).map(({ state }) => state);
const spent = async () =>
  (await one.sql<{ dollars: number }>('SELECT dollars FROM spending WHERE workspace_id = $1', [where.workspaceId])).map(
    ({ dollars }) => Math.round(dollars * 1_000) / 1_000,
  );
const going = (count: number) => waitUntil(`${count} to go on`, () => held.going.length === count);
/** Ends the first that goes on, and waits until it has given up its place. */
async function end(answer: RunAnswer): Promise<void> {
  const before = (await states()).filter((state) => state === 'done').length;
  held.going[0]?.end(answer);
  await waitUntil('it to end', async () => (await states()).filter((state) => state === 'done').length > before);
}
async function ranAtOnce(runs: readonly Promise<RunAnswer>[]) {
  const ended = await Promise.allSettled(runs);
  return {
    ran: ended.filter(({ status }) => status === 'fulfilled').length,
    refused: ended.flatMap((each) => (each.status === 'rejected' ? [(each.reason as RunnerFailure).kind] : [])),
  };
}

describe('runs that may cost so much a day', () => {
  it('don’t pass it together, however many are asked for at once and of whichever process', async () => {
    const runs = Array.from({ length: 20 }, (_, i) => (runners[i % 2] as Runner).run(within(1, 0.3)));
    const all = ranAtOnce(runs);
    await waitUntil('all to be asked for', async () => (await states()).length === 20);
    await going(4);
    const allowed = held.going.map(({ request }) => request.limits.cost ?? 0).sort((a, b) => b - a);
    expect(allowed.map((dollars) => dollars.toFixed(2))).toEqual(['0.30', '0.30', '0.30', '0.10']);
    for (let left = 4; left > 0; left--) await end(cost(0.3));
    expect(await all).toEqual({ ran: 4, refused: Array(16).fill('cost_reached') });
    expect([held.most, await spent()]).toEqual([4, [1.2]]);
  });

  it('reach it to the cent, where fractions don’t add up to it', async () => {
    for (let i = 0; i < 10; i++) {
      const run = runners[0].run(within(1, null));
      await going(1);
      await end(cost(0.1));
      await run;
    }
    const failure = await failureOf(runners[1].run(within(1, null)));
    expect([failure.kind, failure.cost]).toEqual(['cost_reached', 0]);
    expect(failure.userMessage).toMatch(/summarize-flow in staging.*suites.*\$1 of today.*limits\.costPerDay/);
  });

  it('begin again as soon as one cost less than it might have', async () => {
    const all = ranAtOnce(Array.from({ length: 5 }, () => runners[0].run(within(1, 0.3))));
    await waitUntil('all to be asked for', async () => (await states()).length === 5);
    await going(4);
    const [first] = held.going;
    await end(cost(0.01));
    await waitUntil('the fifth', () => held.going.length === 4 && !held.going.includes(first as never));
    for (let left = 4; left > 0; left--) await end(cost(0.01));
    expect(await all).toEqual({ ran: 5, refused: [] });
    expect(await spent()).toEqual([0.05]);
  });

  it('count with the dearest of the day where nothing says what one may cost', async () => {
    const first = runners[0].run(within(1, null));
    await going(1);
    expect(held.going[0]?.request.limits.cost).toBe(1);
    await end(cost(0.4));
    await first;
    const all = ranAtOnce(Array.from({ length: 6 }, (_, i) => (runners[i % 2] as Runner).run(within(1, null))));
    await waitUntil('all to be asked for', async () => (await states()).length === 7);
    await going(2);
    for (let left = 2; left > 0; left--) await end(cost(0.4));
    expect(await all).toEqual({ ran: 2, refused: Array(4).fill('cost_reached') });
    expect(held.most).toBe(2);
  });

  it('say that those that go on may cost the rest, where none of them ended in time', async () => {
    const first = runners[0].run(within(1, 1));
    await going(1);
    const failure = await failureOf(runners[1].run(within(1, 1, { limits: { timeoutMs: 300 } })));
    expect(failure.kind).toBe('too_busy');
    expect(failure.userMessage).toMatch(/^What goes on already may cost the rest of the \$1 /);
    await end(cost(0.1));
    await first;
  });

  it('count what was spent in vain, and what one had spent that was given up', async () => {
    const spends = (error: unknown): Runner => ({
      async run({ spent: told }) {
        if (told !== undefined) told.dollars = 0.2;
        throw error;
      },
    });
    const failed = new RunnerFailure('refused', 'It said no.', null, 0.6);
    await failureOf(placed(one.ports, spends(failed)).run(within(1, null)));
    expect(await spent()).toEqual([0.6]);
    const leave = new AbortController();
    const leaves: Runner = {
      run(request) {
        leave.abort(new Error('left'));
        return spends(leave.signal.reason).run(request);
      },
    };
    const left = placed(one.ports, leaves).run(within(1, null, { signal: leave.signal }));
    await expect(left).rejects.toThrow('left');
    expect(await spent()).toEqual([0.8]);
  });

  it('begin again at 00:00 UTC', async () => {
    const run = runners[0].run(within(0.5, null));
    await going(1);
    await end(cost(0.5));
    await run;
    expect((await failureOf(runners[0].run(within(0.5, null)))).kind).toBe('cost_reached');
    await one.sql('UPDATE spending SET day = day - 1 WHERE workspace_id = $1', [where.workspaceId]);
    const next = runners[0].run(within(0.5, null));
    await going(1);
    await end(cost(0.5));
    expect((await next).cost).toBe(0.5);
  });

  it('hold up neither another workflow nor what has no such limit', async () => {
    const run = runners[0].run(within(0.5, null));
    await going(1);
    await end(cost(0.5));
    await run;
    const others = [
      runners[0].run(within(0.5, null, { workflow: 'another-flow' })),
      runners[1].run(within(0.5, null, { settings: {} })),
    ];
    await going(2);
    expect(held.going.map(({ request }) => request.limits.cost).sort()).toEqual([0.5, null]);
    for (const each of [...held.going]) each.end(cost(0));
    await Promise.all(others);
  });
});
