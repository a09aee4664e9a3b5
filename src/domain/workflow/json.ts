/** A value that JSON can say. Objects made by the readers here never carry `__proto__` or its kin as keys. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `Array.isArray` that keeps the element type of a read-only array. */
export function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}
