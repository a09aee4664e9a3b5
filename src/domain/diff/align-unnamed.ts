import { diffArrays } from 'diff';
import type { Json } from '../workflow/json.ts';
import type { Aligning } from './align-lists.ts';
import type { Effort } from './effort.ts';
import type { Likeness } from './likeness.ts';
import { type Links, link } from './links.ts';

/** The items of a list that nothing names, by their indexes in it. */
export interface Unnamed {
  readonly list: readonly Json[];
  readonly indexes: readonly number[];
}

/** A stretch of the one list and the stretch of the other that it belongs to: equal to it, or replaced by it. */
interface Run {
  readonly left: readonly [start: number, end: number];
  readonly right: readonly [start: number, end: number];
}

/** Insertions and removals that are looked for; beyond, items are matched by place. */
const MAX_EDITS = 200;
/** Items of both lists among which they are looked for. */
const MOST_ITEMS = 200_000;

/**
 * Links equal items in order (so that an insertion at the front shifts nothing); between them, first with first.
 * Always computed in the same direction, so that the comparison the other way round says the same.
 */
export function linkUnnamed(before: Unnamed, after: Unnamed, links: Links, { likeness, effort }: Aligning): void {
  const [old, now] = [numbersOf(before, likeness), numbersOf(after, likeness)];
  const isFlipped = isAfter(old, now);
  const runs = isFlipped ? runsOf(now, old, effort) : runsOf(old, now, effort);
  for (const { left, right } of runs) {
    const [[from, fromEnd], [to, toEnd]] = isFlipped ? [right, left] : [left, right];
    const paired = Math.min(fromEnd - from, toEnd - to);
    for (let at = 0; at < paired; at++) link(links, before.indexes[from + at] ?? 0, after.indexes[to + at] ?? 0);
  }
}

function numbersOf({ list, indexes }: Unnamed, likeness: Likeness): Int32Array {
  const numbers = new Int32Array(indexes.length);
  for (let place = 0; place < indexes.length; place++) numbers[place] = likeness(list[indexes[place] ?? -1] ?? null);
  return numbers;
}

/** An order of the two lists by their content alone, whatever it is. */
function isAfter(a: Int32Array, b: Int32Array): boolean {
  if (a.length !== b.length) return a.length > b.length;
  for (let place = 0; place < a.length; place++) {
    const [left, right] = [a[place] ?? 0, b[place] ?? 0];
    if (left !== right) return left > right;
  }
  return false;
}

function runsOf(a: Int32Array, b: Int32Array, effort: Effort): Run[] {
  const shorter = Math.min(a.length, b.length);
  let head = 0;
  while (head < shorter && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < shorter - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  return [
    { left: [0, head], right: [0, head] },
    ...runsBetween(a.subarray(head, a.length - tail), b.subarray(head, b.length - tail), head, effort),
    { left: [a.length - tail, a.length], right: [b.length - tail, b.length] },
  ];
}

/** @param start where both begin in the whole lists */
function runsBetween(a: Int32Array, b: Int32Array, start: number, effort: Effort): Run[] {
  const whole: Run = { left: [start, start + a.length], right: [start, start + b.length] };
  const size = a.length + b.length;
  if (a.length === 0 || b.length === 0 || size === 2 || size > MOST_ITEMS) return [whole];
  const maxEditLength = Math.min(size, MAX_EDITS, Math.floor(Math.sqrt(Math.max(0, effort.squaredEdits))));
  if (maxEditLength === 0) return [whole];
  const parts = diffArrays([...a], [...b], { maxEditLength });
  effort.squaredEdits -= (parts === undefined ? maxEditLength : countEdits(parts)) ** 2;
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

function countEdits(parts: readonly { added: boolean; removed: boolean; count: number }[]): number {
  return parts.reduce((sum, { added, removed, count }) => (added || removed ? sum + count : sum), 0);
}
