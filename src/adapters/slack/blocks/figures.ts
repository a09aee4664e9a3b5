import type { SideFigures } from '../../../use-cases/views.ts';

/*
 * Numbers of runs as people read them.
 */

/** How the runs of one side of a canary went, on one line. */
export function figuresInWords({ runs, errorRate, costPerRun, p50, p95 }: SideFigures): string {
  return [
    `${counted(runs, 'run')}${errorRate === null ? '' : `, ${percent(errorRate)} failed`}`,
    ...(p50 === null || p95 === null ? [] : [`latency p50 ${latency(p50)}, p95 ${latency(p95)}`]),
    ...(costPerRun === null ? [] : [`${dollars(costPerRun)} a run`]),
  ].join(' · ');
}

export function counted(count: number, noun: string): string {
  return `${whole(count)} ${noun}${count === 1 ? '' : 's'}`;
}

export function whole(count: number): string {
  return count.toLocaleString('en');
}

/** `12M`, `3.4k`: tokens come in numbers that nobody reads to the last digit. */
export function short(count: number): string {
  return count.toLocaleString('en', { notation: 'compact', maximumFractionDigits: 1 });
}

/** Few failures among many runs are not none. */
export function percent(share: number): string {
  return share > 0 && share < 0.001
    ? 'less than 0.1%'
    : share.toLocaleString('en', { style: 'percent', maximumFractionDigits: 1 });
}

/** To the cent from a dollar on, to two digits below. */
export function dollars(cost: number): string {
  const digits =
    cost >= 1 || cost === 0 ? { minimumFractionDigits: 2, maximumFractionDigits: 2 } : { maximumSignificantDigits: 2 };
  return `$${cost.toLocaleString('en', digits)}`;
}

export function latency(milliseconds: number): string {
  if (milliseconds < 1_000) return `${milliseconds} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1_000).toFixed(1)} s`;
  const minutes = Math.round(milliseconds / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
