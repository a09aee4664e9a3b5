import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../../../src/domain/check-result.ts';
import { costRequirement } from '../../../src/domain/requirements/cost.ts';
import { latencyRequirement } from '../../../src/domain/requirements/latency.ts';
import { qualityRequirement } from '../../../src/domain/requirements/quality.ts';
import { testsRequirement } from '../../../src/domain/requirements/tests.ts';
import { afterNoon, DAY } from '../../support/domain-builders.ts';
import { factsOf, liveResult, result } from '../../support/facts.ts';

const WEEK = 7 * DAY;
const judgeTests = (checks: CheckResult[], liveChecks: CheckResult[] | null = [], minPassRate = 0.8) =>
  testsRequirement.evaluate(factsOf({ tests: { minPassRate, maxAge: WEEK } }, { checks, liveChecks }));

describe('tests', () => {
  it('pass at exactly the rate that is asked for, and not one case below', () => {
    expect(judgeTests([result('tests', { passed: 8, failed: 2 })]).state).toBe('met');
    expect(judgeTests([result('tests', { passed: 79_999, failed: 20_001 })]).state).toBe('failed');
    expect(judgeTests([result('tests', { passed: 29, failed: 71 })], [], 0.29).state).toBe('met');
  });

  it('are shown beside those of what is live', () => {
    const live = [liveResult('tests', { passed: 94, failed: 6 })];
    expect(judgeTests([result('tests', { passed: 96, failed: 4 })], live).summary).toBe('Pass rate 96% (live 94%)');
    expect(judgeTests([result('tests', { passed: 79_999, failed: 20_001 })], live).summary).toBe(
      'Pass rate 79.99% (live 94%); asked for: pass rate of at least 80%',
    );
  });

  it('do not pass by cases that nothing judged, by none at all, or by numbers that none can be', () => {
    expect(judgeTests([result('tests', { passed: 8, notJudged: 3 })]).state).toBe('failed');
    expect(judgeTests([result('tests', { passed: 0, failed: 0 })]).state).toBe('failed');
    expect(judgeTests([result('tests')]).state).toBe('failed');
    expect(judgeTests([result('tests', { passed: 10, failed: -9 })]).state).toBe('failed');
    expect(judgeTests([result('tests', { passed: Number.NaN, failed: 1 })]).state).toBe('failed');
  });

  it('count for as long as is said, to the millisecond, and those from the future as of now', () => {
    const passed = { passed: 1 };
    expect(judgeTests([result('tests', { ...passed, at: afterNoon(-WEEK) })]).state).toBe('met');
    expect(judgeTests([result('tests', { ...passed, at: afterNoon(-WEEK - 1) })])).toMatchObject({
      state: 'pending',
      detail: 'the newest test results are older than 7 d',
    });
    expect(judgeTests([result('tests', { ...passed, at: afterNoon(5 * DAY) })]).state).toBe('met');
  });

  it('that were not good enough do not get better by growing old, whatever was found out under other names', () => {
    const old = afterNoon(-WEEK - 1);
    const suite = result('tests', { passed: 1 });
    const integration = (but: Partial<CheckResult>) => result('tests', { name: 'integration', at: old, ...but });
    expect(judgeTests([suite, integration({ passed: 1, failed: 1 })])).toEqual({
      state: 'pending',
      summary: 'Pass rate 50% in integration; asked for: pass rate of at least 80%',
      detail: 'that is older than 7 d: run it again',
    });
    expect(judgeTests([suite, integration({ state: 'errored', detail: 'died' })]).state).toBe('pending');
    expect(judgeTests([suite, integration({ state: 'running' })]).state).toBe('pending');
    expect(judgeTests([result('tests', { failed: 1 }), integration({ failed: 1 })]).state).toBe('failed');
    expect(judgeTests([suite, integration({ passed: 1 })]).state).toBe('met');
    expect(judgeTests([suite, integration({ failed: 1 }), integration({ passed: 1, at: afterNoon(-1) })]).state).toBe(
      'met',
    );
  });

  it('are those of this version in this environment, the newest of each name', () => {
    const good = { passed: 1 };
    expect(judgeTests([result('tests', { ...good, versionId: 'v1' })]).state).toBe('pending');
    expect(judgeTests([result('tests', { ...good, environmentId: 'env-production' })]).state).toBe('pending');
    const older = result('tests', { ...good, at: afterNoon(-1) });
    expect(judgeTests([result('tests', { failed: 1 }), older]).state).toBe('failed');
    expect(judgeTests([older, result('tests', { failed: 1, name: 'unit' })]).state).toBe('failed');
  });

  it('are not outdone by a report under the name of those that Towpath ran, nor do they outdo it', () => {
    const own = result('tests', { failed: 1, source: 'suite', at: afterNoon(-1) });
    expect(judgeTests([own, result('tests', { passed: 1 })])).toMatchObject({
      state: 'failed',
      summary: 'Pass rate 0% in suite, as Towpath ran it; asked for: pass rate of at least 80%',
    });
    const reported = result('tests', { failed: 1, at: afterNoon(-1) });
    expect(judgeTests([reported, result('tests', { passed: 1, source: 'suite' })]).summary).toContain('as reported');
    const live = [liveResult('tests', { passed: 9, failed: 1 }), liveResult('tests', { passed: 1, source: 'suite' })];
    expect(judgeTests([result('tests', { passed: 1 })], live).summary).toBe('Pass rate 100% (live 90%)');
    expect(judgeTests([result('tests', { passed: 1, source: 'suite' })], live).summary).toContain('(live 100%)');
  });

  it('that Towpath ran are those of the newest run, also where the suite was called otherwise before', () => {
    const own = (but: Partial<CheckResult>) => result('tests', { source: 'suite', ...but });
    const before = own({ failed: 1, name: 'tests', at: afterNoon(-1) });
    expect(judgeTests([before, own({ passed: 1, name: 'summaries' })]).state).toBe('met');
    expect(judgeTests([before, result('tests', { passed: 1, name: 'summaries' })]).state).toBe('failed');
  });

  it('hold the promotion while they run, and where they could not be run say why', () => {
    const before = result('tests', { passed: 1, at: afterNoon(-1) });
    expect(judgeTests([before, result('tests', { state: 'running', detail: '3 of 9 cases' })])).toEqual({
      state: 'pending',
      summary: 'Pass rate of at least 80%',
      detail: '3 of 9 cases',
    });
    expect(judgeTests([result('tests', { state: 'errored', passed: 9, detail: 'the runner died' })])).toMatchObject({
      state: 'failed',
      detail: 'the runner died',
    });
  });
});

describe('quality', () => {
  const scale = { scale: 'helpfulness', minScore: 4, of: 5, maxAge: WEEK };
  const judge = (checks: CheckResult[], quality = [scale]) =>
    qualityRequirement.evaluate(factsOf({ quality }, { checks, liveChecks: [] }));
  const score = (value: number, but: Partial<CheckResult> = {}) =>
    result('quality', { name: 'helpfulness', score: value, of: 5, ...but });

  it('is met at exactly the score', () => {
    expect(judge([score(4)])).toEqual({ state: 'met', summary: 'Helpfulness 4 of 5' });
    expect(judge([score(3.999)])).toMatchObject({
      state: 'failed',
      summary: 'Helpfulness 3.99 of 5; asked for: helpfulness of at least 4 of 5',
    });
  });

  it('is of the scale that is named, and of no other', () => {
    expect(judge([score(5, { name: 'accuracy' })]).state).toBe('pending');
    expect(judge([score(4.5, { of: 10 })]).state).toBe('failed');
    expect(judge([score(6)]).state).toBe('failed');
    expect(judge([score(Number.NaN)]).state).toBe('failed');
  });

  it('has to be there on every scale', () => {
    const both = [scale, { ...scale, scale: 'accuracy' }];
    expect(judge([score(5)], both).state).toBe('pending');
    expect(judge([score(5), score(3, { name: 'accuracy' })], both).state).toBe('failed');
    expect(judge([score(5), score(4, { name: 'accuracy' })], both).state).toBe('met');
  });
});

describe('cost', () => {
  const judge = (
    cost: { maxCostPerRun?: number; maxIncrease?: number },
    costPerRun: number,
    live: number | null | undefined,
  ) =>
    costRequirement.evaluate(
      factsOf(
        { cost: { ...cost, maxAge: WEEK } },
        {
          checks: [result('cost', { costPerRun })],
          liveChecks: live === null ? null : live === undefined ? [] : [liveResult('cost', { costPerRun: live })],
        },
      ),
    );

  it('is met at exactly the most, and shows what is live', () => {
    expect(judge({ maxCostPerRun: 0.031 }, 0.031, 0.029)).toEqual({
      state: 'met',
      summary: '$0.031 a run (live $0.029)',
    });
    expect(judge({ maxCostPerRun: 0.031 }, 0.0310001, 0.029).state).toBe('failed');
  });

  it('may rise by exactly as much as is allowed, however binary fractions round', () => {
    for (const live of [0.1, 0.2, 0.7, 1, 1.3, 2.9]) {
      const limit = Number((live * 1.15).toFixed(4));
      expect(judge({ maxIncrease: 0.15 }, limit, live).state).toBe('met');
      expect(judge({ maxIncrease: 0.15 }, limit + 0.0001, live).state).toBe('failed');
    }
  });

  it('rises by nothing where nothing is live, and is not judged where what is live has no figure', () => {
    expect(judge({ maxIncrease: 0.1 }, 99, null).state).toBe('met');
    expect(judge({ maxIncrease: 0.1 }, 0.01, undefined).state).toBe('pending');
    expect(judge({ maxIncrease: 0.1 }, 0.01, 0).state).toBe('failed');
  });

  it('is not judged by a figure that none can be', () => {
    expect(judge({ maxCostPerRun: 1 }, -1, null).state).toBe('failed');
    expect(judge({ maxCostPerRun: 1 }, Number.NaN, null).state).toBe('failed');
  });
});

describe('latency', () => {
  it('is met at exactly the longest, and shows what is live', () => {
    const judge = (p95: number) =>
      latencyRequirement.evaluate(
        factsOf(
          { latency: { maxP95: 2_000, maxIncrease: 0.5, maxAge: WEEK } },
          { checks: [result('latency', { p95 })], liveChecks: [liveResult('latency', { p95: 1_800 })] },
        ),
      );
    expect(judge(2_000)).toEqual({ state: 'met', summary: 'Latency p95 2 s (live 1.8 s)' });
    expect(judge(2_001).state).toBe('failed');
  });
});
