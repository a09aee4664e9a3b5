import { isSame } from '../diff/likeness.ts';
import type { Json } from '../workflow/json.ts';
import { jsonIn, textOf } from './look-at.ts';

/** Words of a text that are looked at. */
const MOST_WORDS = 20_000;

/**
 * How alike two outputs are by their words, from 0 to 1: the share of words that both have, each counted as often as it comes. What
 * is the same JSON is the same. It knows nothing of meaning: a judge does.
 */
export function textLikeness(one: Json, other: Json): number {
  if (isSame(meantBy(one), meantBy(other))) return 1;
  const [first, second] = [wordsOf(textOf(one)), wordsOf(textOf(other))];
  const total = sizeOf(first) + sizeOf(second);
  if (total === 0) return 0;
  let shared = 0;
  for (const [word, count] of first) shared += Math.min(count, second.get(word) ?? 0);
  return (2 * shared) / total;
}

function meantBy(output: Json): Json {
  return typeof output === 'string' ? (jsonIn(output) ?? output.trim()) : output;
}

function wordsOf(text: string): Map<string, number> {
  const words = new Map<string, number>();
  let count = 0;
  for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu)) {
    if (++count > MOST_WORDS) break;
    words.set(word, (words.get(word) ?? 0) + 1);
  }
  return words;
}

function sizeOf(words: ReadonlyMap<string, number>): number {
  return [...words.values()].reduce((sum, count) => sum + count, 0);
}
