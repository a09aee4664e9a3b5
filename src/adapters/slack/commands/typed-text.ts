/*
 * What a person typed after a slash command, read the way they meant it: phones put smart quotes and non-breaking spaces in,
 * and Slack sends people, channels and links as `<…>` and the characters `&`, `<`, `>` as entities.
 */

/** A person as typed: Slack resolved the name (`<@U1|ada>`), or it is the plain `@ada` of a paste. */
export type TypedPerson = { userId: string } | { name: string };

/** Longest text kept of what is typed as a reason or a note. */
export const REASON_MAX = 10_000;

/** Blanks of every width are matched by `\s`. A token in angle brackets is one word, even with a blank in a name. */
const WORD = /(?:<[^<>]*>|[^\s])+/u;
const INVISIBLE = /[\u200b-\u200f\u2060-\u2064\u202a-\u202e\u2066-\u2069\ufeff\u00ad]/g;
const QUOTES = /^["'`“”„‟‘’‚‛«»‹›]+|(?<!["'`“”„‟‘’‚‛«»‹›])["'`“”„‟‘’‚‛«»‹›]+$/gu;

/** The first word as it was sent, and what follows it. */
export function splitWord(text: string): { word: string; rest: string } | null {
  const match = WORD.exec(text);
  return match === null ? null : { word: match[0], rest: text.slice(match.index + match[0].length) };
}

/** Takes up to `count` words off the front, each read as a plain word; `rest` stays as it was sent. */
export function takeWords(text: string, count: number): { words: string[]; rest: string } {
  const words: string[] = [];
  let rest = text;
  while (words.length < count) {
    const split = splitWord(rest);
    if (split === null) break;
    rest = split.rest;
    const word = plainWord(split.word);
    if (word !== '') words.push(word);
  }
  return { words, rest };
}

/** A name, a version or an environment: without quotes around it and without what cannot be seen. */
export function plainWord(word: string): string {
  return plainText(word).replace(INVISIBLE, '').replace(QUOTES, '');
}

/** A sentence as it was meant to read, at most `REASON_MAX` long; null where nothing was typed. */
export function plainSentence(text: string): string | null {
  const sentence = unquoted(plainText(text).trim());
  return sentence.replace(INVISIBLE, '').trim() === '' ? null : sentence.slice(0, REASON_MAX).toWellFormed();
}

/** Drops quotes only where they hold the whole: `"ready" they said` keeps its own. */
function unquoted(text: string): string {
  const match = /^["“„«](?<inside>[^"“”„«»]*)["”“»]$/u.exec(text);
  return match?.groups?.['inside'] ?? text;
}

/** Who is meant by a word, or null where it names nobody. */
export function typedPerson(word: string): TypedPerson | null {
  const mention = /^<@(?<id>[UW][A-Z0-9]+)(?:\|[^>]*)?>$/.exec(word.replace(INVISIBLE, '').trim());
  if (mention?.groups?.['id'] !== undefined) return { userId: mention.groups['id'] };
  const name = plainWord(word).replace(/^@+/, '').trim();
  return name === '' ? null : { name };
}

/** Slack's tokens as the words a reader would see, then the entities, so that typed `&lt;` never becomes a token. */
export function plainText(text: string): string {
  return text
    .replace(/<([^<>]*)>/g, (_, token: string) => tokenInWords(token))
    .replace(/&(amp|lt|gt);/g, (_, name: string) => ENTITIES[name] ?? '');
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>' };

function tokenInWords(token: string): string {
  const bar = token.indexOf('|');
  const target = bar < 0 ? token : token.slice(0, bar);
  const label = bar < 0 ? '' : token.slice(bar + 1);
  if (target.startsWith('@')) return label === '' ? target : `@${label.replace(/^@/, '')}`;
  if (target.startsWith('#')) return label === '' ? target : `#${label}`;
  if (target.startsWith('!')) return label === '' ? `@${target.slice(1).split('^')[0] ?? ''}` : label;
  return label === '' ? target : label;
}
