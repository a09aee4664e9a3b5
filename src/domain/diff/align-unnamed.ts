import canonicalize from 'canonicalize';
import { diffArrays } from 'diff';
import type { Json } from '../workflow/json.ts';
import type { Likeness } from './likeness.ts';

/** The items of a list that nothing names, by their indexes in it. */
export interface Unnamed {
  readonly list: readonly Json[];
  readonly indexes: readonly number[];
}

export interface UnnamedAlignment {
  readonly pairs: (readonly [before: number, after: number])[];
  readonly removed: number[];
  readonly added: number[];
}

/** A stretch of the one list and the stretch of the other that it belongs to: equal to it, or replaced by it. */
interface Run {
  readonly left: readonly [start: number, end: number];
  readonly right: readonly [start: number, end: number];
}

/** Insertions and removals that are looked for; beyond, items are matched by place. */
const MAX_EDITS = 200;

/**
 * Equal items are matched in order (so that an insertion at the front shifts nothing); between them, first with first.
 * Always computed in the same direction, so that the comparison the other way round says the same.
 */
export function alignUnnamed(before: Unnamed, after: Unnamed, likeness: Likeness): UnnamedAlignment {
  const isFlipped = isAfter(before, after, likeness);
  const runs = isFlipped ? runsOf(after, before, likeness) : runsOf(before, after, likeness);
  const result: UnnamedAlignment = { pairs: [], removed: [], added: [] };
  for (const { left, right } of runs) {
    const [[old, oldEnd], [now, nowEnd]] = isFlipped ? [right, left] : [left, right];
    const paired = Math.min(oldEnd - old, nowEnd - now);
    for (let at = 0; at < paired; at++)
      result.pairs.push([before.indexes[old + at] ?? 0, after.indexes[now + at] ?? 0]);
    for (let at = old + paired; at < oldEnd; at++) result.removed.push(before.indexes[at] ?? 0);
    for (let at = now + paired; at < nowEnd; at++) result.added.push(after.indexes[at] ?? 0);
  }
  return result;
}

/** An order of the two lists by their content alone. */
function isAfter(a: Unnamed, b: Unnamed, likeness: Likeness): boolean {
  if (a.indexes.length !== b.indexes.length) return a.indexes.length > b.indexes.length;
  for (let place = 0; place < a.indexes.length; place++) {
    const [left, right] = [itemAt(a, place), itemAt(b, place)];
    if (likeness(left) !== likeness(right)) return (canonicalize(left) ?? '') > (canonicalize(right) ?? '');
  }
  return false;
}

function itemAt({ list, indexes }: Unnamed, place: number): Json {
  return list[indexes[place] ?? -1] ?? null;
}

function runsOf(a: Unnamed, b: Unnamed, likeness: Likeness): Run[] {
  const isLike = (placeA: number, placeB: number) => likeness(itemAt(a, placeA)) === likeness(itemAt(b, placeB));
  const [sizeA, sizeB] = [a.indexes.length, b.indexes.length];
  const shorter = Math.min(sizeA, sizeB);
  let head = 0;
  while (head < shorter && isLike(head, head)) head++;
  let tail = 0;
  while (tail < shorter - head && isLike(sizeA - 1 - tail, sizeB - 1 - tail)) tail++;
  const [left, right] = [[head, sizeA - tail] as const, [head, sizeB - tail] as const];
  const numbers = ({ list, indexes }: Unnamed, [start, end]: readonly [number, number]) =>
    indexes.slice(start, end).map((index) => likeness(list[index] ?? null));
  return [
    { left: [0, head], right: [0, head] },
    ...runsBetween(numbers(a, left), numbers(b, right), head),
    { left: [sizeA - tail, sizeA], right: [sizeB - tail, sizeB] },
  ];
}

/** @param start where both begin in the whole lists */
function runsBetween(a: number[], b: number[], start: number): Run[] {
  const whole: Run = { left: [start, start + a.length], right: [start, start + b.length] };
  if (a.length === 0 || b.length === 0) return [whole];
  const parts = diffArrays(a, b, { maxEditLength: MAX_EDITS });
  if (parts === undefined) return [whole];
  const runs: Run[] = [];
  let [fromA, fromB, atA, atB] = [start, start, start, start];
  for (const { added, removed, count } of parts) {
    if (removed) atA += count;
    else if (added) atB += count;
    else {
      runs.push({ left: [fromA, atA], right: [fromB, atB] }, { left: [atA, atA + count], right: [atB, atB + count] });
      [fromA, fromB] = [atA + count, atB + count];
      [atA, atB] = [fromA, fromB];
    }
  }
  return [...runs, { left: [fromA, atA], right: [fromB, atB] }];
}
