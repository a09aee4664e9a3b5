import type { Filling } from '../workflow/formats/format.ts';
import { isList, isObject, type Json, type JsonObject } from '../workflow/json.ts';
import { pathText, type Segment } from '../workflow/source/source-scan.ts';
import { mayHoldMask } from './bind-masks.ts';

/** How a text of a document is filled: see `Format.fills`. Keys never are, and are told only where they may hold a mask. */
export type TextUse = Filling | 'key' | null;

/**
 * What becomes of one text.
 * @param place such as `steps[2].model`; of a bundle's file, `FILE: steps[2].model`
 */
export type TextChange = (text: string, use: TextUse, place: () => string) => Json;

export interface MapOptions {
  readonly change: TextChange;
  /** Asked only about texts that could hold something to fill. */
  readonly fills?: ((path: readonly Segment[]) => Filling | null) | undefined;
  /** Whether a text is worth to be told of. */
  readonly concerns: (text: string) => boolean;
  /** Goes before every place. */
  readonly prefix?: string;
}

/** The document with every text that concerns changed; what has none in it is the same object as before. */
export function mapTexts<Value extends Json>(
  document: Value,
  { change, fills, concerns, prefix = '' }: MapOptions,
): Value {
  const path: Segment[] = [];
  const place = () => `${prefix}${pathText(path)}`;
  const visit = (value: Json): Json => {
    if (typeof value === 'string') return concerns(value) ? change(value, fills?.(path) ?? null, place) : value;
    if (isList(value)) return visitList(value);
    return isObject(value) ? visitObject(value) : value;
  };
  const visitList = (list: readonly Json[]): Json => {
    let changed: Json[] | undefined;
    for (const [index, item] of list.entries()) {
      path.push(index);
      const now = visit(item);
      path.pop();
      if (now === item) continue;
      changed ??= [...list];
      changed[index] = now;
    }
    return changed ?? list;
  };
  const visitObject = (object: JsonObject): Json => {
    const keys = Object.keys(object);
    if (keys.some(mayHoldMask)) return visitMaskedKeys(object, keys);
    let changed: Record<string, Json> | undefined;
    for (const key of keys) {
      const value = object[key] ?? null;
      path.push(key);
      const now = visit(value);
      path.pop();
      if (now === value) continue;
      changed ??= { ...object };
      changed[key] = now;
    }
    return changed ?? object;
  };
  /** A key that holds a mask shows as `…` in places, and further ones of the same mapping as `…2` and so on. */
  const visitMaskedKeys = (object: JsonObject, keys: readonly string[]): Json => {
    let count = 0;
    const entries = keys.map((key): [string, Json] => {
      const isMasked = mayHoldMask(key);
      if (isMasked) count++;
      path.push(isMasked ? `…${count === 1 ? '' : count}` : key);
      const entry: [string, Json] = [isMasked ? String(change(key, 'key', place)) : key, visit(object[key] ?? null)];
      path.pop();
      return entry;
    });
    return Object.fromEntries(entries);
  };
  return visit(document) as Value;
}
