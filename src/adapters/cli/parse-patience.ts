import { UsageError } from './terminal.ts';

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** A request is open no longer than an environment says, and none says more than this. */
const LONGEST = 30 * UNITS.d;

/** `90s`, `30m`, `2h` or `1d`, in milliseconds. @throws UsageError */
export function parsePatience(text: string): number {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text.trim()) ?? [];
  const ms = Number(count) * (UNITS[unit as keyof typeof UNITS] ?? Number.NaN);
  if (ms > 0 && ms <= LONGEST) return ms;
  throw new UsageError(`“${text}” is no time to wait. Give a number and a unit, such as 90s, 30m or 2h; at most 30d.`);
}
