import { compareText } from '../workflow/compare-text.ts';

/** Tells what only one of two lists of names has, by name. Order and repetition mean nothing. */
export function compareSets(
  before: readonly string[],
  after: readonly string[],
  tell: (name: string, isAdded: boolean) => void,
): void {
  const [old, now] = [new Set(before), new Set(after)];
  for (const name of [...old.symmetricDifference(now)].sort(compareText)) tell(name, now.has(name));
}
