import { z } from 'zod';
import { dollars, milliseconds, table } from './describe.ts';
import type { Line } from './terminal.ts';

export const countsSchema = z.object({
  total: z.number(),
  passed: z.number(),
  failed: z.number(),
  notJudged: z.number(),
  errored: z.number(),
  cost: z.number(),
});
type Counts = z.infer<typeof countsSchema>;

/** A case as it is shown, wherever it comes from. */
export interface ShownCase {
  readonly name: string;
  readonly state: string;
  readonly why: string | null;
  readonly latencyMs: number | null;
  readonly cost: number | null;
}

const WORDS: Readonly<Record<string, string>> = {
  passed: 'passed',
  failed: 'failed',
  errored: 'error',
  notJudged: 'not judged',
  notRun: 'not run',
};
/** Characters of a reason that are shown beside its case. */
const WHY = 160;

/** A row each, those that did not pass first. */
export function caseLines(cases: readonly ShownCase[]): Line[] {
  const sorted = [
    ...cases.filter(({ state }) => state !== 'passed'),
    ...cases.filter(({ state }) => state === 'passed'),
  ];
  const rows = table(
    sorted.map(({ name, state, why, latencyMs, cost }) => [
      ...[WORDS[state] ?? state, name.slice(0, 80), latencyMs === null ? '–' : milliseconds(Math.round(latencyMs))],
      ...[dollars(cost), (why ?? '').slice(0, WHY)],
    ]),
  );
  return rows.map((row, index): Line => {
    const state = sorted[index]?.state;
    return state === 'failed' || state === 'errored' ? ['red', row] : state === 'passed' ? row : ['yellow', row];
  });
}

/** `11 of 12 passed (91.7%), 1 failed` */
export function countsText({ total, passed, failed, notJudged, errored }: Counts): string {
  const others = [
    [failed, 'failed'],
    [errored, 'could not be run'],
    [notJudged, 'not judged'],
  ] as const;
  const rate = total === 0 ? '' : ` (${Number(((passed / total) * 100).toFixed(1))}%)`;
  const more = others.flatMap(([count, word]) => (count === 0 ? [] : [`, ${count} ${word}`]));
  return `${passed} of ${total} passed${rate}${more.join('')}`;
}
