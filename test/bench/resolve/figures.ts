import type { Counted } from './servers.ts';

/** Medians of each row's rounds, beside the first row. */
export function printRows(rows: Record<string, Counted[]>): void {
  const median = (all: Counted[], part: (one: Counted) => number) => quantile(all.map(part), 0.5);
  const base = median(Object.values(rows)[0] ?? [], (one) => one.perSecond);
  for (const [name, all] of Object.entries(rows)) {
    const perSecond = median(all, (one) => one.perSecond);
    const times = `median ${median(all, (one) => one.median).toFixed(2)} ms  p99 ${median(all, (one) => one.p99).toFixed(2)} ms`;
    print(
      `${name.padEnd(32)} ${Math.round(perSecond).toLocaleString('en').padStart(7)}/s  ${times}  ${median(all, (one) => one.cpu).toFixed(1)} µs of processor  ${((perSecond / base) * 100).toFixed(0)}% of bare`,
    );
  }
}

export function quantiles(times: readonly number[]): string {
  const [median, p95, p99] = [0.5, 0.95, 0.99].map((q) => quantile(times, q).toFixed(1));
  return `median ${median} ms  p95 ${p95} ms  p99 ${p99} ms`;
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
