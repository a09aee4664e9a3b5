import type { Json } from '../json.ts';

/** A step's properties while a format fills them. */
export interface PropertyDraft {
  /** Puts a value at a place such as `model` or `loop.maxIterations`, unless something stands there already: the first one counts. */
  set(place: string, value: Json | undefined): void;
  has(place: string): boolean;
  readonly properties: { readonly [key: string]: Json };
}

/** Places are at most two deep: what a step is made of is no deeper by its own words. */
export function draftProperties(): PropertyDraft {
  const properties: Record<string, Json> = {};
  const blocks = new Map<string, Record<string, Json>>();
  const split = (place: string): readonly [string, string | undefined] => {
    const at = place.indexOf('.');
    return at < 0 ? [place, undefined] : [place.slice(0, at), place.slice(at + 1)];
  };
  return {
    properties,
    has: (place) => {
      const [first, second] = split(place);
      return second === undefined ? Object.hasOwn(properties, first) : Object.hasOwn(blocks.get(first) ?? {}, second);
    },
    set: (place, value) => {
      const [first, second] = split(place);
      if (value === undefined) return;
      if (second === undefined) {
        if (!Object.hasOwn(properties, first)) properties[first] = value;
        return;
      }
      let block = blocks.get(first);
      if (block === undefined) {
        if (Object.hasOwn(properties, first)) return;
        block = {};
        blocks.set(first, block);
        properties[first] = block;
      }
      if (!Object.hasOwn(block, second)) block[second] = value;
    },
  };
}
