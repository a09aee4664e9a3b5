import { lookUp } from '../look-up.ts';
import { isList, isObject, type Json, type JsonObject } from '../workflow/json.ts';
import type { Segment } from '../workflow/source/source-scan.ts';
import { type Alignment, alignLists } from './align-lists.ts';
import { isPlain } from './align-plain.ts';
import type { Effort } from './effort.ts';
import { isSame, type Likeness } from './likeness.ts';

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
  readonly effort: Effort;
  /** Asked with the list after: whether the order of named items means something. Default: it does. */
  readonly orderMatters?: (parts: readonly Part[]) => boolean;
  /** Nothing more needs to be told. */
  readonly isEnough?: () => boolean;
}

/** In a list of plain values, more single differences than this are told as one. */
const MOST_PLAIN_DIFFERENCES = 20;

/**
 * Compares two JSON values: objects by key, lists by what names their items (see alignLists).
 * Tells every difference once, at the deepest place that holds all of it, in an order that does not depend on the order of keys.
 * Where more differs than the effort allows, coarser: still every difference, but not each for itself.
 */
export function compareValues(
  before: Json,
  after: Json,
  options: CompareOptions,
  tell: (difference: Difference) => void,
): void {
  const { effort } = options;
  const parts: Part[] = [];

  const emit = (kind: Difference['kind'], values: { before?: Json; after?: Json }): void => {
    effort.differences--;
    tell({ kind, parts, ...values });
  };
  const emitAt = (part: Part, kind: Difference['kind'], values: { before?: Json; after?: Json }): void => {
    parts.push(part);
    emit(kind, values);
    parts.pop();
  };
  const visitAt = (part: Part, old: Json, now: Json): void => {
    parts.push(part);
    visit(old, now);
    parts.pop();
  };

  const visit = (old: Json, now: Json): void => {
    if (old === now || options.isEnough?.()) return;
    const [areLists, areObjects] = [isList(old) && isList(now), isObject(old) && isObject(now)];
    if (!areLists && !areObjects) emit('changed', { before: old, after: now });
    else if (effort.differences > 0) {
      if (areLists) visitLists(old as readonly Json[], now as readonly Json[]);
      else visitObjects(old as JsonObject, now as JsonObject);
    } else if (!isSame(old, now)) emit('changed', { before: old, after: now });
  };

  const visitObjects = (old: JsonObject, now: JsonObject): void => {
    for (const key of differingKeys(old, now)) {
      if (options.isEnough?.()) return;
      const [before, after] = [lookUp(old, key), lookUp(now, key)];
      if (before === undefined) emitAt({ segment: key }, 'added', after === undefined ? {} : { after });
      else if (after === undefined) emitAt({ segment: key }, 'removed', { before });
      else visitAt({ segment: key }, before, after);
    }
  };

  const visitLists = (old: readonly Json[], now: readonly Json[]): void => {
    if (isSamePlain(old, now)) return;
    const alignment = alignLists(old, now, options);
    const { fromOf, removed, reordered } = alignment;
    if (isPlain(old) && isPlain(now) && countPlain(old, now, alignment) > MOST_PLAIN_DIFFERENCES) {
      emit('changed', { before: old, after: now });
      return;
    }
    if (reordered && (options.orderMatters?.(parts) ?? true)) emit('moved', { before: old, after: now });
    for (let to = 0; to < fromOf.length; to++) {
      const from = fromOf[to] ?? -1;
      const [before, after] = [old[from] ?? null, now[to] ?? null];
      if (from >= 0 && before !== after) visitAt({ segment: to, item: after }, before, after);
    }
    for (const index of removed)
      emitAt({ segment: index, item: old[index] ?? null }, 'removed', { before: old[index] ?? null });
    for (let to = 0; to < fromOf.length; to++)
      if (fromOf[to] === -1) emitAt({ segment: to, item: now[to] ?? null }, 'added', { after: now[to] ?? null });
  };

  visit(before, after);
}

/** The keys under which the two may differ, in an order of their own. No JSON value is what an object inherits under a key. */
export function differingKeys(a: JsonObject, b: JsonObject): string[] {
  const keys: string[] = [];
  let common = 0;
  for (const key of Object.keys(a)) {
    if (a[key] === b[key]) common++;
    else {
      if (Object.hasOwn(b, key)) common++;
      keys.push(key);
    }
  }
  const inB = Object.keys(b);
  if (inB.length > common) for (const key of inB) if (!Object.hasOwn(a, key)) keys.push(key);
  return keys.sort();
}

/** The same plain values in the same order: what most lists of most pairs are. */
function isSamePlain(a: readonly Json[], b: readonly Json[]): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

function countPlain(old: readonly Json[], now: readonly Json[], { fromOf, removed }: Alignment): number {
  let differing = removed.length;
  for (let to = 0; to < now.length; to++) if ((fromOf[to] ?? -1) < 0 || old[fromOf[to] ?? -1] !== now[to]) differing++;
  return differing;
}
