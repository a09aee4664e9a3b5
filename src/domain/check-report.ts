import type { CheckKind } from './check-result.ts';
import { Refusal } from './refusal.ts';
import type { CheckFigures } from './suite/check-figures.ts';

/** Kinds that others report. What replays find out is Towpath's own. */
export const REPORTED_KINDS = ['tests', 'quality', 'cost', 'latency', 'check'] as const satisfies readonly CheckKind[];
export const CASE_STATES = ['passed', 'failed', 'errored', 'skipped'] as const;

export interface CheckCase {
  readonly name: string;
  readonly state: (typeof CASE_STATES)[number];
  readonly message?: string;
}

/** What a program says that it found out about a version, in Towpath's own words. */
export interface CheckReport {
  readonly kind: (typeof REPORTED_KINDS)[number];
  /** Of `quality` the scale, of `check` what the policy names; both need it. Of the others their kind, unless said. */
  readonly name?: string;
  /** Left out: what the counts say. */
  readonly state?: 'passed' | 'failed' | 'errored' | 'running';
  readonly passed?: number;
  readonly failed?: number;
  readonly notJudged?: number;
  readonly score?: number;
  readonly of?: number;
  /** US dollars. */
  readonly costPerRun?: number;
  /** Milliseconds, the 95th percentile. */
  readonly latency?: number;
  readonly url?: string;
  readonly detail?: string;
  /** Counted where the counts are left out. */
  readonly cases?: readonly CheckCase[];
}

/**
 * The results of a report: its own kind first, and one more for each cost and latency told beside it.
 * @throws Refusal invalid_input where the kind's own figure is missing
 */
export function figuresOfReport(report: CheckReport): CheckFigures[] {
  const { kind, costPerRun, latency } = report;
  const name = nameOf(report);
  const shared = { name, source: 'api', ...(report.url !== undefined && { url: report.url }) } as const;
  const beside = [
    ...(kind !== 'cost' && costPerRun !== undefined ? [{ kind: 'cost' as const, costPerRun }] : []),
    ...(kind !== 'latency' && latency !== undefined ? [{ kind: 'latency' as const, p95: latency }] : []),
  ];
  return [ownFigures(report, shared), ...beside.map((one) => ({ ...shared, state: 'passed' as const, ...one }))];
}

function nameOf({ kind, name }: CheckReport): string {
  if (name !== undefined) return name;
  if (kind === 'quality') throw missing('`name`: the scale that was judged on, such as helpfulness');
  if (kind === 'check') throw missing('`name`: as the environment’s policy calls it, such as security-review');
  return kind;
}

function ownFigures(report: CheckReport, shared: Pick<CheckFigures, 'name' | 'source' | 'url'>): CheckFigures {
  const { kind, score, of, costPerRun, latency, detail } = report;
  const counts = countsOf(report);
  const state = report.state ?? stateOf(counts);
  const isOver = state === 'passed' || state === 'failed';
  if (kind === 'tests' && isOver && counts === null) throw missing('`passed` and `failed`, or `cases`');
  if (kind === 'quality' && isOver && score === undefined) throw missing('`score`');
  if (kind === 'cost' && isOver && costPerRun === undefined) throw missing('`costPerRun`');
  if (kind === 'latency' && isOver && latency === undefined) throw missing('`latency`');
  if (kind === 'check' && report.state === undefined && counts === null) throw missing('`state`');
  return {
    ...{ ...shared, kind, state },
    ...counts,
    ...(kind === 'quality' && score !== undefined && { score, ...(of !== undefined && { of }) }),
    ...(kind === 'cost' && costPerRun !== undefined && { costPerRun }),
    ...(kind === 'latency' && latency !== undefined && { p95: latency }),
    ...(detail !== undefined && { detail }),
  };
}

type Counts = { passed: number; failed: number; notJudged: number };

function countsOf({ passed, failed, notJudged, cases }: CheckReport): Counts | null {
  if (passed !== undefined || failed !== undefined || notJudged !== undefined)
    return { passed: passed ?? 0, failed: failed ?? 0, notJudged: notJudged ?? 0 };
  if (cases === undefined || cases.length === 0) return null;
  const count = (...states: CheckCase['state'][]) => cases.filter(({ state }) => states.includes(state)).length;
  return { passed: count('passed'), failed: count('failed', 'errored'), notJudged: count('skipped') };
}

function stateOf(counts: Counts | null): 'passed' | 'failed' {
  return counts === null || counts.failed + counts.notJudged === 0 ? 'passed' : 'failed';
}

function missing(what: string): Refusal {
  return new Refusal('invalid_input', `The report has to say ${what}. Add it and send the report again.`);
}
