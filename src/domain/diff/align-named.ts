import { isObject, type Json } from '../workflow/json.ts';
import { type Links, link } from './links.ts';

/** What names an item, in the order in which it is believed. */
const IDENTITY_KEYS = ['id', 'key', 'name'] as const;

/** Which items have a name of their own, linked or not: 0 where they have, -1 where they have none. */
export interface NamedItems {
  readonly isNamedBefore: Int8Array;
  readonly isNamedAfter: Int8Array;
}

/** Links items by the first of their names that is unique on both sides. */
export function linkNamed(before: readonly Json[], after: readonly Json[], links: Links): NamedItems {
  const isNamedBefore = new Int8Array(before.length).fill(-1);
  const isNamedAfter = new Int8Array(after.length).fill(-1);
  if (!before.some(isObject) && !after.some(isObject)) return { isNamedBefore, isNamedAfter };
  let linked = 0;
  for (const key of IDENTITY_KEYS) {
    if (linked === before.length && linked === after.length) break;
    const now = uniqueBy(after, key);
    for (const [name, index] of uniqueBy(before, key)) {
      if (index < 0) continue;
      isNamedBefore[index] = 0;
      const partner = now.get(name) ?? -1;
      if (partner < 0 || links.toOf[index] !== -1 || links.fromOf[partner] !== -1) continue;
      link(links, index, partner);
      linked++;
    }
    for (const index of now.values()) if (index >= 0) isNamedAfter[index] = 0;
  }
  return { isNamedBefore, isNamedAfter };
}

/** Index by the value of a key; -1 where several items have it. Text and numbers are told apart. */
function uniqueBy(list: readonly Json[], key: string): Map<string | number, number> {
  const found = new Map<string | number, number>();
  for (let index = 0; index < list.length; index++) {
    const item = list[index];
    const name = isObject(item) && Object.hasOwn(item, key) ? item[key] : undefined;
    if (typeof name === 'string' || typeof name === 'number') found.set(name, found.has(name) ? -1 : index);
  }
  return found;
}
