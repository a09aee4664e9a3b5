import { isList, isObject, type Json } from '../workflow/json.ts';

/** Gives equal values equal numbers and different ones different numbers. */
export type Intern = (value: Json) => number;

/**
 * Numbers every value by its content, each part once: asking whether two large values are equal is then one comparison of numbers,
 * however often it is asked and at whatever depth. The order of keys does not count.
 */
export function makeIntern(): Intern {
  const numbers = new Map<string, number>();
  const known = new WeakMap<object, number>();
  const numberOf = (text: string): number => {
    const existing = numbers.get(text);
    if (existing !== undefined) return existing;
    numbers.set(text, numbers.size);
    return numbers.size - 1;
  };
  const intern: Intern = (value) => {
    if (typeof value === 'string') return numberOf(`'${value}`);
    if (typeof value !== 'object' || value === null) return numberOf(String(value === 0 ? 0 : value));
    const existing = known.get(value);
    if (existing !== undefined) return existing;
    const number = numberOf(describe(value, intern));
    known.set(value, number);
    return number;
  };
  return intern;
}

function describe(value: Json, intern: Intern): string {
  if (isList(value)) return `[${value.map(intern).join(',')}`;
  if (!isObject(value)) return '';
  const entries = Object.keys(value).sort();
  return `{${entries.map((key) => `${intern(key)}:${intern(value[key] ?? null)}`).join(',')}`;
}
