import { lookUp } from '../look-up.ts';
import { secretReference } from './fill-text.ts';
import type { Settings } from './settings.ts';

/** A mask, whatever stands right behind it: better a word too many replaced than a mask handed out. */
const ANY_MASK = /masked~[a-z0-9-]{1,40}~[0-9a-f]{16}/g;

/** Whether a text could hold a mask, at the cost of a search. */
export function mayHoldMask(text: string): boolean {
  return text.includes('masked~');
}

/** What a text says with its masks replaced by the secrets they are bound to, and what is to be told of it. */
export interface BoundText {
  readonly text: string;
  readonly secrets: readonly string[];
  /** Names that are bound and are no secret of these settings. */
  readonly missing: readonly string[];
  readonly unbound: readonly string[];
}

/**
 * Puts `{{ secrets.NAME }}` in place of each mask; of one that is bound to nothing, nothing is left to be seen.
 * @param place of the text, by which its first mask is bound; others in it by `PLACE#2` and so on, the same mask once
 */
export function bindMasks(text: string, place: string, { masked = {}, secrets = {} }: Settings): BoundText {
  const places = new Map([...new Set(text.match(ANY_MASK))].map((mask, index) => [mask, maskPlace(place, index)]));
  const named = new Map<string, string>();
  const unbound: string[] = [];
  for (const [mask, where] of places) {
    const name = lookUp(masked, where);
    if (name === undefined) unbound.push(where);
    else named.set(mask, name);
  }
  const names = [...new Set(named.values())];
  return {
    text: text.replace(ANY_MASK, (mask) => {
      const name = named.get(mask);
      return name === undefined ? '…' : secretReference(name);
    }),
    secrets: names.filter((name) => Object.hasOwn(secrets, name)),
    missing: names.filter((name) => !Object.hasOwn(secrets, name)),
    unbound,
  };
}

/** The key by which a mask is bound: the place of its text, and which of several different ones there it is. */
export function maskPlace(place: string, index: number): string {
  return index === 0 ? place : `${place}#${index + 1}`;
}
