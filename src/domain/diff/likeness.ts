import { isList, type Json, type JsonObject } from '../workflow/json.ts';

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

  const likenessOfList = (list: readonly Json[]): number => {
    let hash = 11;
    let isLarge = list.length > FEW;
    for (const item of list) {
      hash = mix(hash, likeness(item));
      isLarge ||= isLong(item);
    }
    return keep(list, mix(hash, list.length), isLarge);
  };

  /** A sum, so that the order of keys does not count. */
  const likenessOfObject = (object: JsonObject): number => {
    let sum = 13;
    let size = 0;
    let isLarge = false;
    for (const key in object) {
      const item = object[key] ?? null;
      sum = (sum + mix(hashText(key), likeness(item))) | 0;
      isLarge ||= ++size > FEW || isLong(item);
    }
    return keep(object, mix(sum, 13), isLarge);
  };

  const keep = (value: object, number: number, isLarge: boolean): number => {
    if (isLarge) known.set(value, number);
    return number;
  };

  const likeness: Likeness = (value) => {
    if (typeof value === 'string') return hashText(value);
    if (typeof value === 'number') return hashNumber(value);
    if (typeof value !== 'object' || value === null) return value === null ? 1 : value ? 2 : 3;
    return known.get(value) ?? (isList(value) ? likenessOfList(value) : likenessOfObject(value as JsonObject));
  };
  return likeness;
}

const FEW = 8;
const SHORT = 100;

function isLong(item: Json): boolean {
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

/** Equal by content, whatever the order of keys. */
export function isSame(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (isList(a)) return isList(b) && areSameLists(a, b);
  return !isList(b) && areSameObjects(a as JsonObject, b as JsonObject);
}

function areSameLists(a: readonly Json[], b: readonly Json[]): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at] && !isSame(a[at], b[at])) return false;
  return true;
}

/** Without making lists of keys: this is most of the work of most comparisons. */
function areSameObjects(a: JsonObject, b: JsonObject): boolean {
  let size = 0;
  for (const key in a) {
    const [one, other] = [a[key], b[key]];
    if (one !== other && !isSame(one, other)) return false;
    if (other === undefined && !Object.hasOwn(b, key)) return false;
    size++;
  }
  for (const _key in b) size--;
  return size === 0;
}
