import { print, quantile } from './figures.ts';
import type { Counted } from './servers.ts';

/** Rows by what they measured. */
export const ROWS = {
  bare: 'bare Fastify, same bytes',
  resolved: 'resolve, warm',
  bareOne: 'bare Fastify, one workflow',
  one: 'resolve, one workflow',
  unchanged: 'resolve, 304',
  peerOne: 'unleash, one feature',
  peer: 'unleash, as many features',
} as const;

/** The goals, as ratios of what the same run measured, and whether they were reached. */
export function judge(rows: Record<string, Counted[]>, cold: Counted, told: readonly number[]): void {
  const of = (name: string, part: (one: Counted) => number) => quantile((rows[name] ?? []).map(part), 0.5);
  const perSecond = (name: string) => of(name, (one) => one.perSecond);
  // Round by round, beside what was measured next to it.
  const beside = (name: string, other: string) => {
    const others = rows[other] ?? [];
    return quantile(
      (rows[name] ?? []).map((one, round) => one.perSecond / (others[round]?.perSecond ?? Number.NaN)),
      0.5,
    );
  };
  const share = beside(ROWS.resolved, ROWS.bare);
  const ofOne = beside(ROWS.one, ROWS.bareOne);
  const unchanged = beside(ROWS.unchanged, ROWS.one);
  const goals: [string, string, boolean][] = [
    ['resolve ≥ 80 % of bare', `${Math.round(share * 100)} %`, share >= 0.8],
    ['one workflow ≥ 80 % of bare', `${Math.round(ofOne * 100)} %`, ofOne >= 0.8],
    ['304 faster than 200', `${unchanged.toFixed(2)} ×`, unchanged > 1],
    goalOf(
      'p99 of resolve < 5 ms',
      of(ROWS.resolved, (one) => one.p99),
      5,
    ),
    goalOf('cold, median < 10 ms', cold.median, 10),
    goalOf('cold, p99 < 10 ms', cold.p99, 10),
    goalOf('event after commit, p99 < 50 ms', quantile(told, 0.99), 50),
  ];
  if (rows[ROWS.peer] !== undefined) {
    const times = perSecond(ROWS.resolved) / perSecond(ROWS.peer);
    goals.push([`20 × ${ROWS.peer}`, `${times.toFixed(1)} ×`, times >= 20]);
  }
  for (const [name, value, reached] of goals) print(`${reached ? 'reached' : 'MISSED '}  ${name.padEnd(42)} ${value}`);
  if (goals.some(([, , reached]) => !reached)) process.exitCode = 1;
}

function goalOf(name: string, value: number, limit: number): [string, string, boolean] {
  return [name, `${value.toFixed(1)} ms`, value < limit];
}
