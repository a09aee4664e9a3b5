import { RefusedError } from '../../../src/domain/refused-error.ts';

/** How something that ran beside others ended. */
export type Outcome<T> = { done: T; refused?: never } | { done?: never; refused: string };

/** Starts all at once and waits for all. Fails for anything thrown that is not a refusal: a race must never end in a bug. */
export function atOnce<T>(acts: readonly (() => Promise<T>)[]): Promise<Outcome<T>[]> {
  return Promise.all(
    acts.map(async (act): Promise<Outcome<T>> => {
      try {
        return { done: await act() };
      } catch (error) {
        if (error instanceof RefusedError) return { refused: error.code };
        throw error;
      }
    }),
  );
}

/** How often each code was refused, and how many were done. */
export function tally(outcomes: readonly Outcome<unknown>[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { refused = 'done' } of outcomes) counts[refused] = (counts[refused] ?? 0) + 1;
  return counts;
}

/** 0, 1, … as many as asked. */
export function times(count: number): number[] {
  return [...Array(count).keys()];
}

/** In random order, so that neither side of a pair is always first. */
export function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
