import type { SoakPolicy } from './policy/soak-policy.ts';

/** What the run records say of a version in one stretch. */
export interface RunFigures {
  /** That ended by themselves: cancelled ones are left out. */
  readonly runs: number;
  readonly failed: number;
  /** From 0 to 1; null where nothing was compared. */
  readonly divergence: number | null;
}

/** A time without a break in which a version was active. */
export interface Stretch {
  readonly from: Date;
  /** Null: it is active still. */
  readonly to: Date | null;
  /** Left out: they were not looked up. */
  readonly figures?: RunFigures;
}

/** Milliseconds of a stretch so far. What is newer than now counts as now. */
export function lengthOf({ from, to }: Pick<Stretch, 'from' | 'to'>, now: Date): number {
  const end = Math.min(to?.getTime() ?? now.getTime(), now.getTime());
  return Math.max(0, end - from.getTime());
}

/**
 * Stretches that touch or overlap as one, in the order of time: a version that was put in its own place was never away. Done
 * before figures are looked up, which are each stretch's own.
 */
export function unbroken(stretches: readonly Pick<Stretch, 'from' | 'to'>[]): { from: Date; to: Date | null }[] {
  const merged: { from: Date; to: Date | null }[] = [];
  for (const { from, to } of [...stretches].sort((a, b) => a.from.getTime() - b.from.getTime())) {
    const last = merged.at(-1);
    if (last === undefined || (last.to !== null && last.to < from)) merged.push({ from, to });
    else last.to = later(last.to, to);
  }
  return merged;
}

function later(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return null;
  return a > b ? a : b;
}

/** The longest stretch, complete or current; the later of two that are as long. */
export function longestStretch<S extends Pick<Stretch, 'from' | 'to'>>(stretches: readonly S[], now: Date): S | null {
  return stretches.reduce<S | null>((longest, stretch) => {
    if (longest === null || lengthOf(stretch, now) > lengthOf(longest, now)) return stretch;
    return lengthOf(stretch, now) === lengthOf(longest, now) && stretch.from >= longest.from ? stretch : longest;
  }, null);
}

/** When the current stretch will have lasted long enough; null where none is current, or it has. */
export function soakedAt(stretches: readonly Stretch[], asked: Pick<SoakPolicy, 'for'>, now: Date): Date | null {
  const current = stretches.find(({ to }) => to === null);
  if (current === undefined) return null;
  const from = Math.min(current.from.getTime(), now.getTime());
  return from + asked.for > now.getTime() ? new Date(from + asked.for) : null;
}

/** What of a stretch's runs is not as asked. `few`: too few succeeded; `unknown`: nothing tells. */
export type Unhealthy = 'unknown' | 'few' | 'errors' | 'divergence';

/** What is not as it has to be of the runs in a stretch; empty where all is. */
export function unhealthy(figures: RunFigures | undefined, asked: SoakPolicy): Unhealthy[] {
  const { minRuns, maxErrorRate, maxDivergence } = asked;
  if (minRuns === undefined && maxErrorRate === undefined && maxDivergence === undefined) return [];
  if (figures === undefined || !isTold(figures)) return ['unknown'];
  const found: Unhealthy[] = [];
  // A rate of no runs says nothing, so that whoever asks for one asks for a run.
  const least = minRuns ?? (maxErrorRate === undefined ? 0 : 1);
  if (figures.runs - figures.failed < least) found.push('few');
  if (maxErrorRate !== undefined && figures.runs > 0 && !(figures.failed / figures.runs <= maxErrorRate))
    found.push('errors');
  if (maxDivergence !== undefined && figures.divergence === null) found.push('unknown');
  else if (maxDivergence !== undefined && !((figures.divergence ?? 1) <= maxDivergence)) found.push('divergence');
  return found;
}

function isTold({ runs, failed }: RunFigures): boolean {
  return [runs, failed].every((n) => Number.isSafeInteger(n) && n >= 0) && failed <= runs;
}
