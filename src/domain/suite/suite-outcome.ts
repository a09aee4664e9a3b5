import type { AssertionResult } from './judge-case.ts';
import { mean, percentile } from './percentile.ts';
import type { RunnerFailureKind } from './runner-failure.ts';

/** What one case came to. */
export interface CaseResult {
  readonly name: string;
  /** `errored`: there was no output to judge. `notRun`: the run ended before its turn, or while it ran. */
  readonly state: 'passed' | 'failed' | 'notJudged' | 'errored' | 'notRun';
  /** From 0 to 1; null: nothing was judged. */
  readonly score: number | null;
  readonly assertions: readonly AssertionResult[];
  /** Why it errored, or did not run. */
  readonly error?: { readonly kind: RunnerFailureKind | 'ended'; readonly message: string };
  /** The beginning of the output, as text. */
  readonly output?: string;
  /** US dollars, of the run alone; also of one that errored. */
  readonly cost?: number;
  /** US dollars, of the judge. */
  readonly judgeCost?: number;
  /** Of one that errored only where it was given up: it took at least as long. */
  readonly latencyMs?: number;
}

/** Why a run ended: all cases had their turn, the money or the time was up, or it was stopped. */
export type SuiteEnd = 'completed' | 'budget' | 'time' | 'stopped';

export interface SuiteOutcome {
  readonly suite: string;
  readonly end: SuiteEnd;
  /** In the order of the suite; all of it. */
  readonly cases: readonly CaseResult[];
  readonly total: number;
  readonly passed: number;
  readonly failed: number;
  readonly notJudged: number;
  readonly errored: number;
  readonly notRun: number;
  /** Passed of all cases, from 0 to 1: what was not judged, not run or errored did not pass. */
  readonly passRate: number;
  /** US dollars of all runs and of the judge; of those that said it. */
  readonly cost: number;
  /** Runs that said no cost, which a budget can't count. */
  readonly untoldCosts: number;
  /** Mean US dollars of the runs with an output that said it; null: none did. */
  readonly costPerRun: number | null;
  /** Milliseconds, of the runs with an output and those that were given up; null: there is none. */
  readonly p50: number | null;
  readonly p95: number | null;
  /** Mean scores of rubrics that name one, up to `of`; a scale with anything not judged is left out. */
  readonly scales: readonly { readonly name: string; readonly score: number; readonly of: number }[];
}

/** Sums up what the cases came to. */
export function outcomeOf(suite: string, cases: readonly CaseResult[], end: SuiteEnd): SuiteOutcome {
  const count = (state: CaseResult['state']) => cases.filter((one) => one.state === state).length;
  const passed = count('passed');
  const ran = cases.filter(({ state, latencyMs }) => latencyMs !== undefined && state !== 'errored');
  const latencies = cases.flatMap(({ latencyMs }) => latencyMs ?? []);
  const costs = ran.flatMap(({ cost }) => cost ?? []);
  return {
    suite,
    end,
    cases,
    total: cases.length,
    passed,
    failed: count('failed'),
    notJudged: count('notJudged'),
    errored: count('errored'),
    notRun: count('notRun'),
    passRate: cases.length === 0 ? 0 : passed / cases.length,
    cost: sum(cases.flatMap(({ cost }) => cost ?? [])) + sum(cases.flatMap(({ judgeCost }) => judgeCost ?? [])),
    untoldCosts: ran.filter(({ cost }) => cost === undefined).length,
    costPerRun: mean(costs),
    p50: percentile(latencies, 0.5),
    p95: percentile(latencies, 0.95),
    scales: scalesOf(cases),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** A mean of what happened to be judged would let a judge that answers only the easy ones speak for all. */
function scalesOf(cases: readonly CaseResult[]): SuiteOutcome['scales'] {
  const judged = new Map<string, { of: number; scores: (number | null)[] }>();
  for (const { assertions } of cases) {
    for (const { scale, score } of assertions) {
      if (scale === undefined) continue;
      const known = judged.get(scale.name) ?? { of: scale.of, scores: [] };
      known.scores.push(score);
      judged.set(scale.name, known);
    }
  }
  return [...judged].flatMap(([name, { of, scores }]) => {
    const known = scores.flatMap((score) => score ?? []);
    return known.length < scores.length ? [] : [{ name, of, score: (mean(known) ?? 0) * of }];
  });
}
