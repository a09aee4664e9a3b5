import type { CheckFigures } from './check-figures.ts';
import { mean, percentile } from './percentile.ts';

/** One case of what another tool reports. */
export interface ReportedCase {
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'errored' | 'skipped';
  readonly message?: string;
  readonly latencyMs?: number;
  /** US dollars. */
  readonly cost?: number;
  /** Named scores. */
  readonly scores?: readonly { readonly name: string; readonly score: number }[];
}

export const REPORT_LIMITS = {
  cases: 20_000,
  scales: 50,
} as const;

/** Characters of a detail. */
const LONGEST_DETAIL = 500;

interface Origin {
  readonly name: string;
  readonly source: 'promptfoo' | 'junit';
  readonly url?: string;
}

/** The check results of a report. A cost or latency is told only where every case that ran tells it. */
export function reportFigures(cases: readonly ReportedCase[], { name, source, url }: Origin): CheckFigures[] {
  const count = (state: ReportedCase['state']) => cases.filter((one) => one.state === state).length;
  const passed = count('passed');
  const state = passed === cases.length ? 'passed' : count('errored') === cases.length ? 'errored' : 'failed';
  const shared = { name, source, ...(isShowable(url) && { url }) };
  const detail = detailOf(cases);
  const tests: CheckFigures = {
    ...shared,
    kind: 'tests',
    state,
    passed,
    failed: count('failed') + count('errored'),
    notJudged: count('skipped'),
    ...(detail !== '' && { detail }),
  };
  const ran = cases.filter((one) => one.state === 'passed' || one.state === 'failed');
  const costs = ran.flatMap(({ cost }) => cost ?? []);
  const latencies = ran.flatMap(({ latencyMs }) => latencyMs ?? []);
  const costPerRun = costs.length < ran.length ? null : mean(costs);
  const p95 = latencies.length < ran.length ? null : percentile(latencies, 0.95);
  return [
    tests,
    // Those that errored may be the bad ones.
    ...(count('errored') > 0 ? [] : qualitiesOf(ran, shared)),
    ...(costPerRun === null ? [] : [{ ...shared, kind: 'cost' as const, state: 'passed' as const, costPerRun }]),
    ...(p95 === null ? [] : [{ ...shared, kind: 'latency' as const, state: 'passed' as const, p95 }]),
  ];
}

function qualitiesOf(
  cases: readonly ReportedCase[],
  shared: Pick<CheckFigures, 'name' | 'source' | 'url'>,
): CheckFigures[] {
  const byName = new Map<string, number[]>();
  for (const { name, score } of cases.flatMap(({ scores }) => scores ?? [])) {
    const known = byName.get(name) ?? [];
    if (byName.size >= REPORT_LIMITS.scales && known.length === 0) continue;
    known.push(score);
    byName.set(name, known);
  }
  return [...byName]
    .filter(([, scores]) => scores.every((score) => score >= 0 && score <= 1))
    .map(([name, scores]) => ({ ...shared, kind: 'quality', name, state: 'passed', score: mean(scores) ?? 0, of: 1 }));
}

function detailOf(cases: readonly ReportedCase[]): string {
  const first = cases.find(({ state }) => state === 'failed' || state === 'errored');
  if (first === undefined) return '';
  const what = [first.name, first.message ?? ''].filter((part) => part.trim() !== '').join(': ');
  const line = what.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length <= LONGEST_DETAIL ? line.toWellFormed() : `${line.slice(0, LONGEST_DETAIL - 1).toWellFormed()}…`;
}

function isShowable(url: string | undefined): url is string {
  const parsed = url === undefined || url.length > 2_000 ? null : URL.parse(url);
  return (
    parsed !== null && ['https:', 'http:'].includes(parsed.protocol) && parsed.username === '' && parsed.password === ''
  );
}
