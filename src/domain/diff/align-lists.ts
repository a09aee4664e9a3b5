import canonicalize from 'canonicalize';
import { diffArrays } from 'diff';
import { isObject, type Json } from '../workflow/json.ts';
import type { Intern } from './intern.ts';

/** Which item of a list became which; the rest came or went. Indexes into the two lists. */
export interface Alignment {
  readonly pairs: readonly (readonly [before: number, after: number])[];
  readonly removed: readonly number[];
  readonly added: readonly number[];
  /** Items told apart by name stand in another order. */
  readonly reordered: boolean;
}

/** What names an item, in the order in which it is believed. */
const IDENTITY_KEYS = ['id', 'key', 'name'] as const;
/** Insertions and removals that are looked for in a list whose items have no name; beyond, item by item. */
const MAX_EDITS = 200;

/** Matches items by id, key or name where that is unique on both sides, and items without any by content and place. */
export function alignLists(before: readonly Json[], after: readonly Json[], intern: Intern): Alignment {
  const named = alignNamed(before, after);
  const unnamed = alignUnnamed(
    { list: before, indexes: indexesOf(before, named.isNamedBefore) },
    { list: after, indexes: indexesOf(after, named.isNamedAfter) },
    intern,
  );
  const pairs = [...named.pairs, ...unnamed.pairs].sort(([, a], [, b]) => a - b);
  return {
    pairs,
    removed: [...named.removed, ...unnamed.removed].sort((a, b) => a - b),
    added: [...named.added, ...unnamed.added].sort((a, b) => a - b),
    reordered: pairs.some(([index], place) => place > 0 && index < (pairs[place - 1]?.[0] ?? 0)),
  };
}

function indexesOf(list: readonly Json[], isNamed: ReadonlySet<number>): number[] {
  return [...list.keys()].filter((index) => !isNamed.has(index));
}

interface NamedAlignment {
  readonly pairs: (readonly [number, number])[];
  readonly removed: number[];
  readonly added: number[];
  readonly isNamedBefore: ReadonlySet<number>;
  readonly isNamedAfter: ReadonlySet<number>;
}

function alignNamed(before: readonly Json[], after: readonly Json[]): NamedAlignment {
  const afterOf = new Map<number, number>();
  const isNamedBefore = new Set<number>();
  const isNamedAfter = new Set<number>();
  const matchedAfter = new Set<number>();
  for (const key of IDENTITY_KEYS) {
    const old = uniqueBy(before, key);
    const now = uniqueBy(after, key);
    for (const [name, index] of old) {
      isNamedBefore.add(index);
      const partner = now.get(name);
      if (partner === undefined || afterOf.has(index) || matchedAfter.has(partner)) continue;
      afterOf.set(index, partner);
      matchedAfter.add(partner);
    }
    for (const index of now.values()) isNamedAfter.add(index);
  }
  return {
    pairs: [...afterOf],
    removed: [...isNamedBefore].filter((index) => !afterOf.has(index)),
    added: [...isNamedAfter].filter((index) => !matchedAfter.has(index)),
    isNamedBefore: isNamedBefore,
    isNamedAfter: isNamedAfter,
  };
}

/** Index by the value of a key, for those items that are alone with theirs. */
function uniqueBy(list: readonly Json[], key: string): Map<string, number> {
  const found = new Map<string, number>();
  const repeated = new Set<string>();
  for (const [index, item] of list.entries()) {
    const name = isObject(item) && Object.hasOwn(item, key) ? item[key] : undefined;
    if (typeof name !== 'string' && typeof name !== 'number') continue;
    const text = `${typeof name}:${name}`;
    if (found.has(text)) repeated.add(text);
    found.set(text, index);
  }
  for (const text of repeated) found.delete(text);
  return found;
}

type Unordered = Omit<Alignment, 'reordered'>;

/**
 * Equal items are matched in order (so that an insertion at the front shifts nothing); between them, first with first.
 * Always computed in the same direction, so that the comparison the other way round says the same.
 */
function alignUnnamed(before: Unnamed, after: Unnamed, intern: Intern): Unordered {
  const isFlipped = isAfter(before, after, intern);
  const [left, right] = isFlipped ? [after, before] : [before, after];
  const runs = runsOf(numbersOf(left, intern), numbersOf(right, intern));
  const pairs: [number, number][] = [];
  const removed: number[] = [];
  const added: number[] = [];
  for (const run of runs) {
    const [old, now] = isFlipped ? [run[1], run[0]] : run;
    for (let at = 0; at < Math.max(old.length, now.length); at++) {
      const from = before.indexes[old[at] ?? -1];
      const to = after.indexes[now[at] ?? -1];
      if (from !== undefined && to !== undefined) pairs.push([from, to]);
      else if (from !== undefined) removed.push(from);
      else if (to !== undefined) added.push(to);
    }
  }
  return { pairs, removed, added };
}

/** The items of a list that nothing names. */
interface Unnamed {
  readonly list: readonly Json[];
  readonly indexes: readonly number[];
}

function numbersOf({ list, indexes }: Unnamed, intern: Intern): number[] {
  return indexes.map((index) => intern(list[index] ?? null));
}

/** An order of the two lists by their content alone. */
function isAfter(a: Unnamed, b: Unnamed, intern: Intern): boolean {
  if (a.indexes.length !== b.indexes.length) return a.indexes.length > b.indexes.length;
  for (const [place, index] of a.indexes.entries()) {
    const left = a.list[index] ?? null;
    const right = b.list[b.indexes[place] ?? -1] ?? null;
    if (intern(left) !== intern(right)) return (canonicalize(left) ?? '') > (canonicalize(right) ?? '');
  }
  return false;
}

/** Stretches of the two lists that belong together, equal or replaced. */
function runsOf(a: readonly number[], b: readonly number[]): [number[], number[]][] {
  const shorter = Math.min(a.length, b.length);
  let head = 0;
  while (head < shorter && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < shorter - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const [endA, endB] = [a.length - tail, b.length - tail];
  return [
    [range(0, head), range(0, head)],
    ...runsBetween(a.slice(head, endA), b.slice(head, endB), head),
    [range(endA, a.length), range(endB, b.length)],
  ];
}

/** @param start where both begin in the whole lists */
function runsBetween(a: number[], b: number[], start: number): [number[], number[]][] {
  const parts = diffArrays(a, b, { maxEditLength: MAX_EDITS });
  if (parts === undefined) return [[range(start, start + a.length), range(start, start + b.length)]];
  const runs: [number[], number[]][] = [];
  let replaced: [number[], number[]] = [[], []];
  let [atA, atB] = [start, start];
  for (const { added, removed, count } of parts) {
    const [ofA, ofB] = [range(atA, atA + count), range(atB, atB + count)];
    if (removed) replaced[0] = ofA;
    else if (added) replaced[1] = ofB;
    else {
      runs.push(replaced, [ofA, ofB]);
      replaced = [[], []];
    }
    if (!added) atA += count;
    if (!removed) atB += count;
  }
  return [...runs, replaced];
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}
