import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { begun, ended, mayBegin, openBudget } from '../../../src/domain/suite/budget.ts';
import { figuresOf } from '../../../src/domain/suite/check-figures.ts';
import { percentile } from '../../../src/domain/suite/percentile.ts';
import { type CaseResult, outcomeOf } from '../../../src/domain/suite/suite-outcome.ts';

const ran = (state: CaseResult['state'], more: Partial<CaseResult> = {}): CaseResult => ({
  name: state,
  state,
  score: state === 'passed' ? 1 : 0,
  assertions: [],
  latencyMs: 100,
  ...more,
});

describe('what a suite came to', () => {
  it('counts as passed only what passed, of all cases', () => {
    const cases = [ran('passed'), ran('failed'), ran('notJudged'), ran('errored')];
    expect(outcomeOf('s', cases, 'completed')).toMatchObject({ passRate: 0.25, total: 4, errored: 1, notJudged: 1 });
  });

  it('takes percentiles by nearest rank', () => {
    const values = Array.from({ length: 20 }, (_, index) => index + 1);
    expect([percentile(values, 0.5), percentile(values, 0.95), percentile([7], 0.95), percentile([], 0.95)]).toEqual([
      10,
      19,
      7,
      null,
    ]);
  });

  it('leaves out a quality of which anything was not judged', () => {
    const scale = { name: 'tone', of: 5 };
    const judged = ran('passed', { assertions: [{ type: 'llm-rubric', state: 'passed', score: 0.8, scale }] });
    const not = ran('notJudged', { assertions: [{ type: 'llm-rubric', state: 'notJudged', score: null, scale }] });
    expect(outcomeOf('s', [judged], 'completed').scales).toEqual([{ name: 'tone', of: 5, score: 4 }]);
    expect(outcomeOf('s', [judged, not], 'completed').scales).toEqual([]);
  });

  it('gives figures of tests, quality, cost and latency', () => {
    const cases = [ran('passed', { cost: 0.01 }), ran('passed', { cost: 0.03, latencyMs: 300 })];
    expect(figuresOf(outcomeOf('s', cases, 'completed'))).toEqual([
      { kind: 'tests', name: 's', state: 'passed', passed: 2, failed: 0, notJudged: 0, source: 'suite' },
      { kind: 'cost', name: 's', state: 'passed', costPerRun: 0.02, source: 'suite' },
      { kind: 'latency', name: 's', state: 'passed', p95: 300, source: 'suite' },
    ]);
  });

  it('says of a run that was cut short that it errored, and nothing of its cost', () => {
    const figures = figuresOf(outcomeOf('s', [ran('passed', { cost: 1 }), ran('notRun')], 'budget'));
    expect(figures).toMatchObject([{ kind: 'tests', state: 'errored', detail: expect.stringContaining('budget') }]);
  });

  it('names the first case that errored, and why', () => {
    const error = { kind: 'timeout', message: 'No answer within 5 s.' } as const;
    const [tests] = figuresOf(outcomeOf('s', [ran('passed'), ran('errored', { name: 'slow', error })], 'completed'));
    expect(tests).toMatchObject({ state: 'failed', failed: 1, detail: expect.stringContaining('slow: No answer') });
  });

  it('counts a run that was given up as one that took as long, and what it spent as spent, but in no mean', () => {
    const error = { kind: 'timeout', message: 'The run took longer than 5 s.' } as const;
    const cases = [ran('passed', { cost: 1 }), ran('errored', { latencyMs: 5_000, cost: 3, error })];
    const outcome = outcomeOf('s', cases, 'completed');
    expect(outcome).toMatchObject({ p95: 5_000, cost: 4, costPerRun: 1 });
  });

  it('tells no mean cost where some runs keep theirs to themselves', () => {
    const figures = figuresOf(outcomeOf('s', [ran('passed', { cost: 1 }), ran('passed')], 'completed'));
    expect(figures.map(({ kind }) => kind)).toEqual(['tests', 'latency']);
  });
});

describe('a budget', () => {
  it('runs one case to learn the price, then as many as it has money for', () => {
    let budget = openBudget(1, null);
    expect(mayBegin(budget)).toBe('yes');
    budget = begun(budget);
    expect(mayBegin(budget)).toBe('wait');
    budget = begun(ended(budget, 0.4));
    expect(mayBegin(budget)).toBe('wait');
    budget = ended(budget, 0.4);
    expect(mayBegin(budget)).toBe('spent');
  });

  it('counts what a case may cost at most where a runner does not say', () => {
    const budget = ended(begun(openBudget(1, 0.6)), undefined);
    expect(budget).toMatchObject({ spent: 0.6, untold: 1 });
    expect(mayBegin(budget)).toBe('spent');
  });

  it('begins nothing with no money at all, unless it is known to cost nothing', () => {
    expect(mayBegin(openBudget(0, null))).toBe('spent');
    expect(mayBegin(openBudget(0, 0))).toBe('yes');
    expect(mayBegin(openBudget(null, null))).toBe('yes');
  });

  it('is never passed where no case costs more than it may', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 10, noNaN: true }),
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean()), { maxLength: 60 }),
        (limit, acts) => {
          let budget = openBudget(limit, 1);
          for (const [cost, doesEnd] of acts) {
            if (mayBegin(budget) === 'yes') budget = begun(budget);
            if (doesEnd && budget.running > 0) budget = ended(budget, cost);
          }
          while (budget.running > 0) budget = ended(budget, 1);
          expect(budget.spent).toBeLessThanOrEqual(limit + 1e-9);
        },
      ),
    );
  });
});
