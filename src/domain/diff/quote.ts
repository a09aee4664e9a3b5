import { isList, isObject, type Json } from '../workflow/json.ts';
import { withoutMasks } from './mask-words.ts';

/** Longest value in a sentence, in characters a person sees. */
const VALUE_LENGTH = 80;
const NAME_LENGTH = 60;
/** Kept before the first difference when two long values begin alike. */
const LEAD = 16;
/** A character a person sees may be many code units; text is cut to this many before it is counted. */
const UNITS_PER_CHARACTER = 20;

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

// What shows nothing or turns text around: control characters, format characters, fillers, and Unicode's tags and variation
// selectors, in which whole sentences can be hidden that a model reads. Joiners and emoji selectors stay where scripts need them.
const JOINS = String.raw`(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F]|[[\p{L}\p{M}]--[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]])[\u200C\u200D]`;
const PICTURES = String.raw`(?<=[\p{Extended_Pictographic}0-9#*])[\uFE0E\uFE0F]`;
const HIDDEN = String.raw`(?!${JOINS}|${PICTURES})[\p{Cc}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}\u2028-\u202E\u2800\uFFF9-\uFFFB]`;
const INVISIBLE = new RegExp(HIDDEN, 'gv');
/** The same without tabs, for text that is shown line by line. */
const INVISIBLE_IN_LINE = new RegExp(String.raw`(?!\t)${HIDDEN}`, 'gv');

/** A line of text with whatever is invisible in it spelled out; tabs stay. */
export function spellOut(line: string): string {
  return line.replace(INVISIBLE_IN_LINE, asCode);
}

function asCode(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`;
}

/** One line in which nothing is invisible: line ends and tabs become spaces, the rest is spelled out. Of a masked secret only its kind stays. */
export function flatten(text: string): string {
  return withoutMasks(text)
    .replace(/[\t\n\v\f\r\u0085\u2028\u2029 ]+/gu, ' ')
    .replace(INVISIBLE, asCode);
}

/** At most `length` characters as a person counts them, the last one an ellipsis if anything was cut. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const bounded = text.slice(0, length * UNITS_PER_CHARACTER);
  let count = 0;
  let fits = 0;
  for (const { index } of segmenter.segment(bounded)) {
    if (count++ === length - 1) fits = index;
    if (count > length) return `${text.slice(0, fits)}…`;
  }
  return bounded.length === text.length ? text : `${text.slice(0, fits)}…`;
}

/** A name in typographic quotes: ‘Summarise’. */
export function quoteName(name: string): string {
  return `‘${shorten(flatten(name.slice(0, 2_000)), NAME_LENGTH)}’`;
}

/** A value as a sentence shows it: text in quotes, numbers and the like as they are, larger things by their size. */
export function quoteValue(value: Json | undefined): string {
  if (typeof value === 'string') return quoteText(value);
  if (isList(value)) return quoteList(value);
  if (isObject(value)) return `{${count(Object.keys(value).length, 'field')}}`;
  return value === undefined ? 'nothing' : String(value);
}

function quoteText(text: string): string {
  return text === ''
    ? 'empty text'
    : `‘${shorten(flatten(text.slice(0, VALUE_LENGTH * UNITS_PER_CHARACTER + 100)), VALUE_LENGTH)}’`;
}

function quoteList(list: readonly Json[]): string {
  const short = list.length <= 5 && list.every((item) => typeof item !== 'object' || item === null);
  const shown = short ? `[${list.map(quoteValue).join(', ')}]` : '';
  return short && shown.length <= VALUE_LENGTH ? shown : `[${count(list.length, 'item')}]`;
}

/** Two values side by side, cut so that what differs is in what is shown. */
export function quotePair(before: Json, after: Json): readonly [string, string] {
  const pair =
    typeof before === 'string' && typeof after === 'string'
      ? quoteTexts(withoutMasks(before), withoutMasks(after))
      : ([quoteValue(before), quoteValue(after)] as const);
  if (pair[0] !== pair[1]) return pair;
  return [pair[0], `${pair[1]} (the difference is not visible here)`];
}

function quoteTexts(before: string, after: string): readonly [string, string] {
  const plain = [quoteText(before), quoteText(after)] as const;
  if (plain[0] !== plain[1]) return plain;
  const start = Math.max(0, commonPrefix(before, after) - LEAD);
  const from = isLowSurrogate(before, start) ? start + 1 : start;
  if (from === 0) return plain;
  return [quoteText(`…${before.slice(from)}`), quoteText(`…${after.slice(from)}`)];
}

export function commonPrefix(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  let at = 0;
  while (at < end && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return at;
}

function isLowSurrogate(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff;
}

/** `1 step`, `3 steps`, `2 branches`. */
export function count(amount: number, noun: string): string {
  const plural = /(?:ch|sh|s|x)$/.test(noun)
    ? `${noun}es`
    : /[^aeiou]y$/.test(noun)
      ? `${noun.slice(0, -1)}ies`
      : `${noun}s`;
  return `${amount.toLocaleString('en')} ${amount === 1 ? noun : plural}`;
}
