import { isList, isObject, type Json, type JsonObject } from '../workflow/json.ts';
import { compareText } from '../workflow/logic-of.ts';
import type { Segment } from '../workflow/source/source-scan.ts';
import { alignLists } from './align-lists.ts';
import { isPlain } from './align-plain.ts';
import type { Likeness } from './likeness.ts';

/** One step into a value, with the item itself where the step goes into a list. */
export interface Part {
  readonly segment: Segment;
  readonly item?: Json;
}

/** A difference between two JSON values. `moved`: the items of a list stand in another order. */
export interface Difference {
  readonly kind: 'added' | 'removed' | 'changed' | 'moved';
  /** The same list all along, changed when the listener returns: copy it to keep it. */
  readonly parts: readonly Part[];
  readonly before?: Json;
  readonly after?: Json;
}

export interface CompareOptions {
  readonly likeness: Likeness;
  /** Asked with the list after: whether the order of named items means something. Default: it does. */
  readonly orderMatters?: (parts: readonly Part[]) => boolean;
}

/** In a list of plain values, more single differences than this are told as one. */
const MOST_PLAIN_DIFFERENCES = 20;

/**
 * Compares two JSON values: objects by key, lists by what names their items (see alignLists).
 * Tells every difference once, at the deepest place that holds all of it, in an order that does not depend on the order of keys.
 */
export function compareValues(
  before: Json,
  after: Json,
  options: CompareOptions,
  tell: (difference: Difference) => void,
): void {
  const parts: Part[] = [];
  const emit = (kind: Difference['kind'], values: { before?: Json; after?: Json }): void => {
    tell({ kind, parts, ...values });
  };
  const inside = (part: Part, visit: () => void): void => {
    parts.push(part);
    visit();
    parts.pop();
  };

  const visit = (old: Json, now: Json): void => {
    if (old === now) return;
    if (isList(old) && isList(now)) visitLists(old, now);
    else if (isObject(old) && isObject(now)) visitObjects(old, now);
    else emit('changed', { before: old, after: now });
  };

  const visitObjects = (old: JsonObject, now: JsonObject): void => {
    for (const key of sortedKeys(old, now)) {
      const [before, after] = [own(old, key), own(now, key)];
      inside({ segment: key }, () => {
        if (before === undefined) emit('added', after === undefined ? {} : { after });
        else if (after === undefined) emit('removed', { before });
        else visit(before, after);
      });
    }
  };

  const visitLists = (old: readonly Json[], now: readonly Json[]): void => {
    const { pairs, removed, added, reordered } = alignLists(old, now, options.likeness);
    if (isPlain(old) && isPlain(now) && countPlain(old, now, pairs, removed, added) > MOST_PLAIN_DIFFERENCES) {
      emit('changed', { before: old, after: now });
      return;
    }
    if (reordered && (options.orderMatters?.(parts) ?? true)) emit('moved', { before: old, after: now });
    for (const [from, to] of pairs) {
      const [before, after] = [old[from] ?? null, now[to] ?? null];
      inside({ segment: to, item: after }, () => visit(before, after));
    }
    for (const index of removed)
      inside({ segment: index, item: old[index] ?? null }, () => emit('removed', { before: old[index] ?? null }));
    for (const index of added)
      inside({ segment: index, item: now[index] ?? null }, () => emit('added', { after: now[index] ?? null }));
  };

  visit(before, after);
}

function sortedKeys(a: JsonObject, b: JsonObject): string[] {
  const keys = Object.keys(a);
  for (const key of Object.keys(b)) if (!Object.hasOwn(a, key)) keys.push(key);
  return keys.sort(compareText);
}

function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function countPlain(
  old: readonly Json[],
  now: readonly Json[],
  pairs: readonly (readonly [number, number])[],
  removed: readonly number[],
  added: readonly number[],
): number {
  return removed.length + added.length + pairs.filter(([from, to]) => old[from] !== now[to]).length;
}
