import type { Json } from '../workflow/json.ts';
import type { Aligning } from './align-lists.ts';
import { linkUnnamed } from './align-unnamed.ts';
import { type Links, link, makeLinks } from './links.ts';

export function isPlain(list: readonly Json[]): boolean {
  return list.every((item) => typeof item !== 'object' || item === null);
}

/** In both lists together; longer ones are matched by place. */
const MOST_VALUES = 20_000;

/**
 * Links plain values in order; where that would both remove and add a value, by value.
 * @returns whether they stand in another order
 */
export function linkPlain(before: readonly Json[], after: readonly Json[], links: Links, aligning: Aligning): boolean {
  if (before.length + after.length > MOST_VALUES) {
    for (let at = 0; at < Math.min(before.length, after.length); at++) link(links, at, at);
    return false;
  }
  const inOrder = makeLinks(before.length, after.length);
  linkUnnamed(
    { list: before, indexes: [...before.keys()] },
    { list: after, indexes: [...after.keys()] },
    inOrder,
    aligning,
  );
  const isByValue = wouldRemoveAndAdd(before, after, inOrder);
  if (isByValue) linkByValue(before, after, links);
  else for (const [at, from] of inOrder.fromOf.entries()) if (from >= 0) link(links, from, at);
  return isByValue;
}

function wouldRemoveAndAdd(before: readonly Json[], after: readonly Json[], { fromOf, toOf }: Links): boolean {
  const gone = new Set(before.filter((value, at) => (toOf[at] ?? -1) < 0 || after[toOf[at] ?? -1] !== value));
  return after.some((value, at) => ((fromOf[at] ?? -1) < 0 || before[fromOf[at] ?? -1] !== value) && gone.has(value));
}

function linkByValue(before: readonly Json[], after: readonly Json[], links: Links): void {
  const places = Map.groupBy(before.keys(), (index) => before[index]);
  for (const indexes of places.values()) indexes.reverse();
  for (const [index, value] of after.entries()) {
    const from = places.get(value)?.pop();
    if (from !== undefined) link(links, from, index);
  }
}
