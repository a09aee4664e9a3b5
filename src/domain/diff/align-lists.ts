import type { Json } from '../workflow/json.ts';
import { alignNamed } from './align-named.ts';
import { alignPlain, isPlain } from './align-plain.ts';
import { alignUnnamed } from './align-unnamed.ts';
import type { Likeness } from './likeness.ts';

/** Which item of a list became which; the rest came or went. Indexes into the two lists. */
export interface Alignment {
  /** In the order after. */
  readonly pairs: readonly (readonly [before: number, after: number])[];
  readonly removed: readonly number[];
  readonly added: readonly number[];
  /** What was found again stands in another order. */
  readonly reordered: boolean;
}

/** Matches items by id, key or name where that is unique on both sides, and items without any by content and place. */
export function alignLists(before: readonly Json[], after: readonly Json[], likeness: Likeness): Alignment {
  if (isPlain(before) && isPlain(after)) return alignPlain(before, after, likeness);
  const named = alignNamed(before, after);
  const unnamed = alignUnnamed(
    { list: before, indexes: indexesWithout(before, named.isNamedBefore) },
    { list: after, indexes: indexesWithout(after, named.isNamedAfter) },
    likeness,
  );
  const pairs =
    named.afterOf.size === 0 ? unnamed.pairs : [...named.afterOf, ...unnamed.pairs].sort(([, a], [, b]) => a - b);
  return {
    pairs,
    removed: inOrder(named.removed, unnamed.removed),
    added: inOrder(named.added, unnamed.added),
    reordered: pairs.some(([index], place) => place > 0 && index < (pairs[place - 1]?.[0] ?? 0)),
  };
}

function indexesWithout(list: readonly Json[], isNamed: ReadonlySet<number>): number[] {
  const indexes: number[] = [];
  for (let index = 0; index < list.length; index++) if (!isNamed.has(index)) indexes.push(index);
  return indexes;
}

function inOrder(named: readonly number[], unnamed: readonly number[]): readonly number[] {
  return named.length === 0 ? unnamed : [...named, ...unnamed].sort((a, b) => a - b);
}
