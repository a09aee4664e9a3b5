import type { Json } from '../workflow/json.ts';
import type { Alignment } from './align-lists.ts';
import { alignUnnamed } from './align-unnamed.ts';
import type { Likeness } from './likeness.ts';

export function isPlain(list: readonly Json[]): boolean {
  return list.every((item) => typeof item !== 'object' || item === null);
}

/** In both lists together; longer ones are matched by place. */
const MOST_VALUES = 20_000;

/** Matches plain values in order; where that would both remove and add a value, by value, and calls the list reordered. */
export function alignPlain(before: readonly Json[], after: readonly Json[], likeness: Likeness): Alignment {
  if (before.length + after.length > MOST_VALUES) return alignByPlace(before, after);
  const indexes = (list: readonly Json[]) => [...list.keys()];
  const inOrder = alignUnnamed(
    { list: before, indexes: indexes(before) },
    { list: after, indexes: indexes(after) },
    likeness,
  );
  const replaced = inOrder.pairs.filter(([from, to]) => before[from] !== after[to]);
  const gone = new Set([...inOrder.removed, ...replaced.map(([from]) => from)].map((index) => before[index]));
  const come = [...inOrder.added, ...replaced.map(([, to]) => to)].map((index) => after[index]);
  return come.some((value) => gone.has(value)) ? alignByValue(before, after) : { ...inOrder, reordered: false };
}

function alignByPlace(before: readonly Json[], after: readonly Json[]): Alignment {
  const places = [...after.keys()];
  return {
    pairs: places.slice(0, before.length).map((place) => [place, place] as const),
    removed: [...before.keys()].slice(after.length),
    added: places.slice(before.length),
    reordered: false,
  };
}

function alignByValue(before: readonly Json[], after: readonly Json[]): Alignment {
  const places = Map.groupBy(before.keys(), (index) => before[index]);
  for (const indexes of places.values()) indexes.reverse();
  const pairs: [number, number][] = [];
  const added: number[] = [];
  for (const [index, value] of after.entries()) {
    const from = places.get(value)?.pop();
    if (from === undefined) added.push(index);
    else pairs.push([from, index]);
  }
  const removed = [...places.values()].flat().sort((a, b) => a - b);
  return { pairs, removed, added, reordered: true };
}
