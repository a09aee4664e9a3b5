import { isObject, type Json } from '../workflow/json.ts';

/** What names an item, in the order in which it is believed. */
const IDENTITY_KEYS = ['id', 'key', 'name'] as const;

/** Items found by name. What is in neither list of named items has no name of its own. */
export interface NamedAlignment {
  /** Index after, by index before. */
  readonly afterOf: ReadonlyMap<number, number>;
  readonly removed: readonly number[];
  readonly added: readonly number[];
  readonly isNamedBefore: ReadonlySet<number>;
  readonly isNamedAfter: ReadonlySet<number>;
}

/** Matches items by the first of their names that is unique on both sides. */
export function alignNamed(before: readonly Json[], after: readonly Json[]): NamedAlignment {
  const afterOf = new Map<number, number>();
  const isNamedBefore = new Set<number>();
  const isNamedAfter = new Set<number>();
  const isMatched = new Set<number>();
  if (before.some(isObject) || after.some(isObject)) {
    for (const key of IDENTITY_KEYS) {
      if (afterOf.size === before.length && afterOf.size === after.length) break;
      const now = uniqueBy(after, key);
      for (const [name, index] of uniqueBy(before, key)) {
        isNamedBefore.add(index);
        const partner = now.get(name);
        if (partner === undefined || afterOf.has(index) || isMatched.has(partner)) continue;
        afterOf.set(index, partner);
        isMatched.add(partner);
      }
      for (const index of now.values()) isNamedAfter.add(index);
    }
  }
  return {
    afterOf,
    removed: [...isNamedBefore].filter((index) => !afterOf.has(index)),
    added: [...isNamedAfter].filter((index) => !isMatched.has(index)),
    isNamedBefore,
    isNamedAfter,
  };
}

/** Index by the value of a key, for those items that are alone with theirs. Text and numbers are told apart. */
function uniqueBy(list: readonly Json[], key: string): Map<string | number, number> {
  const found = new Map<string | number, number>();
  const repeated = new Set<string | number>();
  for (const [index, item] of list.entries()) {
    const name = isObject(item) && Object.hasOwn(item, key) ? item[key] : undefined;
    if (typeof name !== 'string' && typeof name !== 'number') continue;
    if (found.has(name)) repeated.add(name);
    found.set(name, index);
  }
  for (const name of repeated) found.delete(name);
  return found;
}
