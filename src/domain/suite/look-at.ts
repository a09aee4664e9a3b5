import { isList, isObject, type Json } from '../workflow/json.ts';

/** A part of a value by keys and indexes; undefined where there is none. What every object inherits is no part. */
export function lookAt(value: Json, path: readonly string[]): Json | undefined {
  let part: Json | undefined = value;
  for (const key of path) {
    if (isList(part)) part = /^\d{1,9}$/.test(key) ? part[Number(key)] : undefined;
    else part = isObject(part) && Object.hasOwn(part, key) ? part[key] : undefined;
    if (part === undefined) return undefined;
  }
  return part;
}

/** What a model says in place of JSON: often between fences, sometimes as text. Undefined where it is none. */
export function jsonIn(text: string): Json | undefined {
  const fenced = /^\s*```(?:json)?[ \t]*\r?\n([\s\S]*?)\r?\n?```\s*$/.exec(text)?.[1] ?? text;
  try {
    return JSON.parse(fenced) as Json;
  } catch {
    return undefined;
  }
}

/** A value as people and patterns read it: text as it is, everything else as JSON. */
export function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
