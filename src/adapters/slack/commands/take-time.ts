import { type Clock, parsePeriod, parseSchedule, readTime } from '../../../domain/schedule.ts';
import { plainText, splitWord } from './typed-text.ts';

/** A time has at most so many words: `in 1 d 12 h`, `monday at 9:30 pm`. */
const MOST_WORDS = 5;
const QUOTED = /^\s*["“”„‟«»'‘’](?<inside>[^"“”„‟«»'‘’]*)["“”„‟«»'‘’]/u;

interface Taken<T> {
  value: T;
  /** What follows, as it was sent. */
  rest: string;
}

/**
 * Takes a time off the front of what was typed: what stands in quotes, or as many words as say one. Null where it begins with none.
 *
 * @throws Refusal invalid_input for a time that has passed or is too far ahead, and for quotes around none
 */
export function takeTime(text: string, clock: Clock): Taken<Date> | null {
  const quoted = QUOTED.exec(text);
  if (quoted !== null)
    return { value: parseSchedule(plainText(quoted[1] ?? ''), clock), rest: text.slice(quoted[0].length) };
  const taken = takeLongest(text, (words) => readTime(words, clock) !== null);
  return taken === null ? null : { ...taken, value: parseSchedule(taken.value, clock) };
}

/** The same for a length of time in milliseconds, such as `2h` or `1d 12h`. */
export function takePeriod(text: string): Taken<number> | null {
  const quoted = QUOTED.exec(text);
  const inside = quoted === null ? null : parsePeriod(plainText(quoted[1] ?? ''));
  if (quoted !== null) return inside === null ? null : { value: inside, rest: text.slice(quoted[0].length) };
  const taken = takeLongest(text, (words) => parsePeriod(words) !== null);
  return taken === null ? null : { ...taken, value: parsePeriod(taken.value) ?? 0 };
}

function takeLongest(text: string, fits: (words: string) => boolean): Taken<string> | null {
  let longest: Taken<string> | null = null;
  let [words, rest] = ['', text];
  for (let count = 0; count < MOST_WORDS; count += 1) {
    const split = splitWord(rest);
    if (split === null) break;
    words = `${words} ${plainText(split.word)}`.trim();
    rest = split.rest;
    if (fits(words)) longest = { value: words, rest };
  }
  return longest;
}
