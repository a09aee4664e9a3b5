import { lookUp } from '../../look-up.ts';
import { isList, isObject, type Json, type JsonObject } from '../json.ts';

/** An id, which documents write as text or as a number; null where there is none. */
export function idAt(object: JsonObject, key: string): string | null {
  const value = lookUp(object, key);
  return (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : null;
}

/** Those items of a list that are mappings; empty where it is no list. */
export function objectsAt(object: JsonObject, key: string): readonly JsonObject[] {
  const value = lookUp(object, key);
  return isList(value) ? value.filter(isObject) : [];
}

export function without(object: JsonObject, keys: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.has(key)));
}

/** Only what says something: no undefined, null, empty text, empty list or empty mapping. */
export function present(object: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, value]) => (value === undefined || isNothing(value) ? [] : [[key, value]])),
  );
}

function isNothing(value: Json): boolean {
  if (value === null || value === '') return true;
  return isList(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}
