import { isList, isObject, type Json, type JsonObject } from '../workflow/json.ts';

/**
 * A number for a value: equal values have equal ones, different values almost always different ones.
 * Good for finding what belongs together, never for deciding that two values are equal: that is `isSame`'s to say.
 */
export type Likeness = (value: Json) => number;

/**
 * Remembers the numbers of lists and objects that hold others, so that asking at every depth costs little more than asking once.
 * Small ones that hold none are quicker looked at again than remembered, and there may be millions.
 */
export function makeLikeness(): Likeness {
  const known = new Map<object, number>();
  const likeness: Likeness = (value) => {
    if (typeof value === 'string') return hashText(value);
    if (typeof value === 'number') return hashNumber(value);
    if (typeof value !== 'object' || value === null) return value === null ? 1 : value ? 2 : 3;
    const isKept = isWorthKeeping(value);
    const existing = isKept ? known.get(value) : undefined;
    if (existing !== undefined) return existing;
    const number = isList(value) ? hashList(value, likeness) : hashObject(value as JsonObject, likeness);
    if (isKept) known.set(value, number);
    return number;
  };
  return likeness;
}

const FEW = 8;
const SHORT = 100;

function isWorthKeeping(value: object): boolean {
  const items = isList(value) ? value : Object.values(value);
  return items.length > FEW || items.some(isLarge);
}

function isLarge(item: unknown): boolean {
  return typeof item === 'string' ? item.length > SHORT : typeof item === 'object' && item !== null;
}

export function mix(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

export function hashText(text: string): number {
  let hash = 5 ^ text.length;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return mix(hash, text.length);
}

const float = new Float64Array(1);
const words = new Int32Array(float.buffer);

function hashNumber(number: number): number {
  float[0] = number === 0 ? 0 : number;
  return mix(mix(7, words[0] ?? 0), words[1] ?? 0);
}

function hashList(list: readonly Json[], likeness: Likeness): number {
  let hash = 11;
  for (const item of list) hash = mix(hash, likeness(item));
  return mix(hash, list.length);
}

/** A sum, so that the order of keys does not count. */
function hashObject(object: { readonly [key: string]: Json }, likeness: Likeness): number {
  let sum = 13;
  for (const key of Object.keys(object)) sum = (sum + mix(hashText(key), likeness(object[key] ?? null))) | 0;
  return mix(sum, 13);
}

/** Equal by content, whatever the order of keys. */
export function isSame(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, index) => isSame(item, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]));
}
