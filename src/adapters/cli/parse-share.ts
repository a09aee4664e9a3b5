import { parseShare, percentOf } from '../../domain/rollout.ts';
import { UsageError } from './terminal.ts';

/** A share as typed, as the API takes it: in percent. @param what the option or argument, as the complaint calls it. @throws UsageError */
export function percentOfTyped(typed: string, what: string): number {
  const share = parseShare(typed);
  if (share !== null) return percentOf(share);
  throw new UsageError(`${what} “${typed}” is no share. Write a percentage from 0% to 100%, such as 10% or 0.5%.`);
}

/** `10% of users`, `everybody`, `nobody`. @param percent as the API says it */
export function whoOf(percent: number): string {
  if (percent === 0) return 'nobody';
  return percent === 100 ? 'everybody' : `${percent}% of users`;
}

/** What is left, without the dust of fractions that are no powers of two. */
export function restOf(percent: number): number {
  return Math.round(10_000 - percent * 100) / 100;
}
