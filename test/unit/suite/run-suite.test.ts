import { describe, expect, it } from 'vitest';
import { parseSuite } from '../../../src/domain/suite/parse-suite.ts';
import type { Json } from '../../../src/domain/workflow/json.ts';
import { type Judge, type RunAnswer, RunnerFailure, type RunRequest } from '../../../src/use-cases/ports/runners.ts';
import { runSuite, type SuiteProgress, type SuiteRun } from '../../../src/use-cases/suite/run-suite.ts';
import { runRequest } from '../../support/runners/run-request.ts';

/** Cases that want “yes”, given by their names. */
const suiteOf = (names: readonly string[], more: object = {}) =>
  parseSuite(
    JSON.stringify({
      cases: names.map((name) => ({ name, input: name, assert: [{ type: 'exact', value: 'yes' }] })),
      ...more,
    }),
  );

type Behaviour = (request: RunRequest) => Promise<Partial<RunAnswer> & { output: Json }>;

function setUp(names: readonly string[], behaviour: Behaviour, more: Partial<SuiteRun> & { suiteMore?: object } = {}) {
  const { suiteMore, ...others } = more;
  const state = { running: 0, most: 0, requests: [] as RunRequest[] };
  const {
    input: _input,
    limits,
    signal: _signal,
    shadow: _shadow,
    ...request
  } = runRequest({ runner: { kind: 'exec', command: 'x' } });
  const run: SuiteRun = {
    suite: suiteOf(names, suiteMore),
    judge: null,
    request,
    limits: { concurrency: 3, timeMs: 20_000, budget: null, run: limits },
    signal: new AbortController().signal,
    runner: {
      async run(one) {
        state.requests.push(one);
        state.most = Math.max(state.most, ++state.running);
        try {
          return { latencyMs: 10, ...(await behaviour(one)) };
        } finally {
          state.running--;
        }
      },
    },
    ...others,
  };
  return { run, state };
}

const yes: Behaviour = async () => ({ output: 'yes' });
const soon = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('running a suite', () => {
  it('tells cases that pass, fail and error apart, in the order of the suite', async () => {
    const { run } = setUp(['a', 'b', 'c', 'd'], async ({ input }) => {
      if (input === 'c') throw new RunnerFailure('timeout', 'The run took longer than 5 s.');
      if (input === 'd') throw new Error('a bug with sk-secret in it');
      return { output: input === 'a' ? 'yes' : 'no' };
    });
    const outcome = await runSuite(run);
    expect(outcome).toMatchObject({ end: 'completed', total: 4, passed: 1, failed: 1, errored: 2, passRate: 0.25 });
    expect(outcome.cases.map(({ name, state }) => [name, state])).toEqual([
      ['a', 'passed'],
      ['b', 'failed'],
      ['c', 'errored'],
      ['d', 'errored'],
    ]);
    expect(outcome.cases[2]?.error).toMatchObject({
      kind: 'timeout',
      message: expect.stringContaining('longer than 5 s'),
    });
    expect(JSON.stringify(outcome)).not.toContain('sk-secret');
  });

  it('gives each case its input, never as a shadow, with the time that the suite allows', async () => {
    const { run, state } = setUp(['a'], yes, { suiteMore: { timeout: '5s' } });
    await runSuite(run);
    expect(state.requests[0]).toMatchObject({ input: 'a', shadow: false, limits: { timeoutMs: 5_000 } });
  });

  it('runs so many cases at a time and no more', async () => {
    const names = Array.from({ length: 12 }, (_, index) => String(index));
    const slow: Behaviour = async () => {
      await soon();
      return { output: 'yes' };
    };
    const three = setUp(names, slow);
    await runSuite(three.run);
    expect(three.state.most).toBe(3);
    const one = setUp(names, slow, { suiteMore: { concurrency: 1 } });
    await runSuite(one.run);
    expect(one.state.most).toBe(1);
    const many = setUp(names, slow, { suiteMore: { concurrency: 20 } });
    await runSuite(many.run);
    expect(many.state.most).toBe(3);
  });

  it('stops beginning cases once the money is spent, and lets those end that run', async () => {
    const { run, state } = setUp(['a', 'b', 'c', 'd', 'e', 'f'], async () => ({ output: 'yes', cost: 0.3 }), {
      suiteMore: { budget: 1 },
    });
    const outcome = await runSuite(run);
    expect(outcome).toMatchObject({ end: 'budget', passed: 3, notRun: 3, passRate: 0.5 });
    expect(outcome.cost).toBeCloseTo(0.9);
    expect(state.requests).toHaveLength(3);
    expect(outcome.cases[5]?.error?.message).toContain('budget');
  });

  it('counts what runs spent that came to nothing', async () => {
    const failing: Behaviour = async () => {
      throw new RunnerFailure('died', 'The last step failed.', null, 0.3);
    };
    const { run, state } = setUp(['a', 'b', 'c', 'd', 'e', 'f'], failing, { suiteMore: { budget: 1, concurrency: 1 } });
    const outcome = await runSuite(run);
    expect(outcome).toMatchObject({ end: 'budget', errored: 3, notRun: 3, costPerRun: null });
    expect(outcome.cost).toBeCloseTo(0.9);
    expect(state.requests).toHaveLength(3);
  });

  it('takes the time of a run that was given up for how long it takes', async () => {
    const late: Behaviour = async () => {
      await soon();
      throw new RunnerFailure('timeout', 'The run took longer than 5 s.');
    };
    const { p95 } = await runSuite(setUp(['a'], late).run);
    expect(p95).toBeGreaterThan(0);
    const died: Behaviour = () => Promise.reject(new RunnerFailure('died', 'It ended.'));
    expect(await runSuite(setUp(['a'], died).run)).toMatchObject({ p95: null });
  });

  it('takes the smaller of the suite’s budget and the one it is given', async () => {
    const costly: Behaviour = async () => ({ output: 'yes', cost: 1 });
    const { run } = setUp(['a', 'b', 'c'], costly, { suiteMore: { budget: 100 } });
    expect(await runSuite({ ...run, limits: { ...run.limits, budget: 1 } })).toMatchObject({
      end: 'budget',
      passed: 1,
    });
  });

  it('stops at once when it is told to, whatever the runner does', async () => {
    const stop = new AbortController();
    const deaf: Behaviour = ({ input }) => {
      if (input === 'a') return yes({} as RunRequest);
      queueMicrotask(() => stop.abort());
      return new Promise(() => undefined);
    };
    const { run, state } = setUp(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], deaf, {
      signal: stop.signal,
      suiteMore: { concurrency: 1 },
    });
    const outcome = await runSuite(run);
    expect(outcome).toMatchObject({ end: 'stopped', passed: 1, notRun: 7, errored: 0 });
    expect(state.requests.map(({ input }) => input)).toEqual(['a', 'b']);
    expect(state.requests[1]?.signal.aborted).toBe(true);
  });

  it('begins nothing where it was stopped before', async () => {
    const { run, state } = setUp(['a'], yes, { signal: AbortSignal.abort() });
    expect(await runSuite(run)).toMatchObject({ end: 'stopped', notRun: 1 });
    expect(state.requests).toHaveLength(0);
  });

  it('ends when its time is up', async () => {
    const { run } = setUp(['a', 'b'], () => new Promise(() => undefined));
    const outcome = await runSuite({ ...run, limits: { ...run.limits, timeMs: 50 } });
    expect(outcome).toMatchObject({ end: 'time', notRun: 2 });
  });

  it('does not wait for a runner that does not keep its time', async () => {
    const { run } = setUp(['a', 'b'], ({ input }) =>
      input === 'a' ? new Promise(() => undefined) : yes({} as RunRequest),
    );
    const limits = { ...run.limits, run: { ...run.limits.run, timeoutMs: 100 } };
    const outcome = await runSuite({ ...run, limits });
    expect(outcome).toMatchObject({ end: 'completed', passed: 1, errored: 1 });
    expect(outcome.cases[0]?.error).toMatchObject({ kind: 'timeout' });
  });

  it('tells its progress after each case, and minds no error in the telling', async () => {
    const told: SuiteProgress[] = [];
    const onProgress = (progress: SuiteProgress) => {
      told.push(progress);
      throw new Error('Slack is down');
    };
    const { run } = setUp(['a', 'b', 'c'], yes, { onProgress });
    expect(await runSuite(run)).toMatchObject({ passed: 3 });
    expect(told.map(({ done, total, passed }) => [done, total, passed])).toEqual([
      [1, 3, 1],
      [2, 3, 2],
      [3, 3, 3],
    ]);
  });

  it('keeps the beginning of an output only', async () => {
    const { run } = setUp(['a'], async () => ({ output: 'x'.repeat(1_000_000) }));
    expect((await runSuite(run)).cases[0]?.output).toHaveLength(4_000);
  });
});

describe('a suite that needs a judge', () => {
  const suite = parseSuite(
    JSON.stringify({
      cases: [
        {
          name: 'a',
          input: 'q',
          assert: [
            { type: 'llm-rubric', value: 'is polite', scale: 'tone', of: 5 },
            { type: 'similar', value: 'hello' },
          ],
        },
      ],
    }),
  );
  const judge = (more: Partial<Judge> = {}): Judge => ({
    similarity: async () => ({ score: 0.9, cost: 0.01 }),
    grade: async () => ({ score: 0.8, passes: true, cost: 0.02, reason: 'Kind.' }),
    ...more,
  });

  it('passes by what the judge says, and counts what it costs', async () => {
    const { run } = setUp(['z'], async () => ({ output: 'hi', cost: 0.1 }), {});
    const outcome = await runSuite({ ...run, suite, judge: judge() });
    expect(outcome).toMatchObject({ passed: 1, costPerRun: 0.1, scales: [{ name: 'tone', score: 4, of: 5 }] });
    expect(outcome.cost).toBeCloseTo(0.13);
  });

  it('passes nothing without a judge', async () => {
    const { run } = setUp(['z'], yes);
    expect(await runSuite({ ...run, suite })).toMatchObject({ passed: 0, notJudged: 1, passRate: 0, scales: [] });
  });

  it('judges nothing where the judge fails, and says why', async () => {
    const failing = judge({
      grade: () => Promise.reject(new RunnerFailure('rate_limited', 'The runner asks to come later (429).')),
    });
    const { run } = setUp(['z'], yes);
    const outcome = await runSuite({ ...run, suite, judge: failing });
    expect(outcome).toMatchObject({ notJudged: 1, errored: 0 });
    expect(outcome.cases[0]?.assertions[0]?.reason).toContain('come later');
  });
});
