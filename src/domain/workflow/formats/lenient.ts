import { isList, isObject, type Json, type JsonObject } from '../json.ts';
import { checkValues } from '../source/check-values.ts';

/** What stands under a key of a document whose shape nobody vouches for; null where it is no mapping. */
export function objectAt(value: Json | undefined, key: string): JsonObject | null {
  const inner = isObject(value) ? value[key] : undefined;
  return isObject(inner) ? inner : null;
}

/** Empty where it is no list. */
export function listAt(value: Json | undefined, key: string): readonly Json[] {
  const inner = isObject(value) ? value[key] : undefined;
  return isList(inner) ? inner : [];
}

/** Null where it is no text, or blank. */
export function textAt(value: Json | undefined, key: string): string | null {
  const inner = isObject(value) ? value[key] : undefined;
  return typeof inner === 'string' && inner.trim() !== '' ? inner : null;
}

/**
 * A value without what says nothing: null, empty text, and lists and mappings that hold nothing else.
 * Canvas editors write them for every field that nobody filled, and leave them out in the next version.
 * Items of a list keep their places. Undefined where nothing is left.
 */
export function withoutEmpty(value: Json | undefined): Json | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  if (isList(value)) return value.length === 0 ? undefined : value.map((item) => withoutEmpty(item) ?? null);
  if (!isObject(value)) return value;
  const filled = Object.entries(value).flatMap(([key, inner]) => {
    const kept = withoutEmpty(inner);
    return kept === undefined ? [] : [[key, kept] as const];
  });
  return filled.length === 0 ? undefined : Object.fromEntries(filled);
}

/** The value that a text of JSON stands for, where it is a list or a mapping that a document may hold; else the text itself. */
export function unquoted(value: Json): Json {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    const parsed = JSON.parse(value) as Json;
    return checkValues(parsed).length === 0 ? parsed : value;
  } catch {
    return value;
  }
}

/** Named entries as a mapping; a name that comes again gets `#2`, `#3` …, so that nothing is lost. */
export function byName(entries: Iterable<readonly [name: string, value: Json]>): JsonObject {
  const found = new Map<string, Json>();
  const counts = new Map<string, number>();
  for (const [name, value] of entries) {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    let key = count === 1 ? name : `${name}#${count}`;
    while (found.has(key)) key = `${key}'`;
    found.set(key, value);
  }
  return Object.fromEntries(found);
}

/** A number that an editor wrote as text, as the number. */
export function asNumber(value: Json): Json {
  return typeof value === 'string' && /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/.test(value.trim())
    ? Number(value)
    : value;
}
