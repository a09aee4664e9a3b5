import type { Suite, SuiteCase } from '../../domain/suite/suite.ts';
import { type CaseResult, outcomeOf, type SuiteEnd, type SuiteOutcome } from '../../domain/suite/suite-outcome.ts';
import type { Judge, RunLimits, Runner, RunRequest } from '../ports/runners.ts';
import { inBounds } from './in-bounds.ts';
import { runCase } from './run-case.ts';

/** What a run of a suite may take in all. */
export interface SuiteLimits {
  /** Cases at a time. */
  readonly concurrency: number;
  /** Milliseconds for all. */
  readonly timeMs: number;
  /** US dollars for all; null: as much as it takes. */
  readonly budget: number | null;
  /** What each case may take; the suite may ask for less. */
  readonly run: RunLimits;
}

export const SUITE_LIMIT_DEFAULTS = { concurrency: 4, timeMs: 30 * 60_000 } as const;

/** What is known while a suite runs. */
export interface SuiteProgress {
  readonly total: number;
  readonly done: number;
  readonly passed: number;
  readonly failed: number;
  readonly notJudged: number;
  readonly errored: number;
  /** US dollars so far, of what was told. */
  readonly cost: number;
}

export interface SuiteRun {
  readonly suite: Suite;
  readonly runner: Runner;
  /** Null: the operator named none, so that what needs one is not judged. */
  readonly judge: Judge | null;
  readonly request: Omit<RunRequest, 'input' | 'limits' | 'signal' | 'shadow'>;
  readonly limits: SuiteLimits;
  readonly signal: AbortSignal;
  /** Told after each case. What it throws is ignored: showing progress is no part of the run. */
  readonly onProgress?: (progress: SuiteProgress) => void;
}

/**
 * Runs all cases of a suite, so many at a time, until they are through, the money or the time is up, or the signal stops it.
 * Never throws: whatever a runner or judge does is some case's result.
 */
export async function runSuite(run: SuiteRun): Promise<SuiteOutcome> {
  const { suite, limits, signal } = run;
  const results = new Map<number, CaseResult>();
  const bounds = {
    places: Math.max(1, Math.min(suite.concurrency ?? limits.concurrency, limits.concurrency)),
    timeMs: limits.timeMs,
    budget: least(suite.budget ?? null, limits.budget),
    mostPerPiece: limits.run.cost,
    signal,
  };
  const end = await inBounds(suite.cases, bounds, async (one, index, ends) => {
    const result = await runCase(one, run, ends);
    if (result.state !== 'notRun') results.set(index, result);
    tellProgress(run, results);
    return costOf(result);
  });
  return outcomeOf(suite.name, inOrder(suite.cases, results, end), end);
}

/** What the runner did not tell stays unknown, whatever the judge cost. What failed before anything ran cost nothing known. */
function costOf({ state, cost, judgeCost = 0 }: CaseResult): number | undefined {
  if (cost === undefined && state !== 'notRun') return undefined;
  return (cost ?? 0) + judgeCost;
}

function least(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}

function tellProgress({ suite, onProgress }: SuiteRun, results: ReadonlyMap<number, CaseResult>): void {
  if (onProgress === undefined) return;
  const { passed, failed, notJudged, errored, cost } = outcomeOf(suite.name, [...results.values()], 'completed');
  try {
    onProgress({ total: suite.cases.length, done: results.size, passed, failed, notJudged, errored, cost });
  } catch {
    // See `onProgress`.
  }
}

const WHY_NOT: Readonly<Record<SuiteEnd, string>> = {
  completed: 'It did not run.',
  budget: 'The budget was spent before its turn.',
  time: 'The time for the suite was up.',
  stopped: 'The run was stopped.',
};

function inOrder(cases: readonly SuiteCase[], results: ReadonlyMap<number, CaseResult>, end: SuiteEnd): CaseResult[] {
  return cases.map(({ name }, index) => {
    const error = { kind: 'ended', message: WHY_NOT[end] } as const;
    return results.get(index) ?? { name, state: 'notRun', score: null, assertions: [], error };
  });
}
