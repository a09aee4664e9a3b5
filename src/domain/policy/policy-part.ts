import type { z } from 'zod';

/** One kind of thing that a policy may ask: how it is written, how it is kept, and which of two asks more. */
export interface PolicyPart<T> {
  /** As it stands in `towpath.yaml`. */
  yaml: z.ZodType<T>;
  /** As it is kept, in the environment and with each approval. Loose: it may hold more than this release knows. */
  kept: z.ZodType<T>;
  /** What asks for everything that either asks for. Never looser than one of them. */
  stricter(a: T, b: T): T;
  /** What holds where a policy says nothing of it. Left out: nothing is asked. */
  absent?: T;
}

/** The lower of two limits; one that is not there limits nothing. */
export function lower(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}

/** The higher of two minima; one that is not there asks for nothing. */
export function higher(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.max(a, b);
}

/** What stands in either list, once each, in the order of the first. */
export function union<T>(a: readonly T[], b: readonly T[], keyOf: (item: T) => string): T[] {
  const seen = new Set<string>();
  return [...a, ...b].filter((item) => {
    const isNew = !seen.has(keyOf(item));
    seen.add(keyOf(item));
    return isNew;
  });
}

/** The type of an object whose fields may hold undefined, made one whose fields may be left out. */
export type Said<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> };

/** Without the fields that hold undefined, so that what is not asked stands nowhere. */
export function said<T extends object>(object: T): Said<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Said<T>;
}
