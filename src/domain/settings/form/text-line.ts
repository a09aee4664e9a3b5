/*
 * Lines that people read and write: names and values, quoted as JSON text where they could be read otherwise.
 */

/** What lines say, by name, and what is wrong with them: `line 2: …`. */
export interface ReadLines<Value> {
  readonly held: Readonly<Record<string, Value>>;
  readonly problems: readonly string[];
}

/** What one line says, or why it says nothing. A problem never repeats the line: what stands there may be a secret. */
export type ReadLine<Value> = { readonly name: string; readonly value: Value } | { readonly problem: string };

/** Reads each line that is not blank. A name stands once. */
export function readLines<Value>(text: string, readLine: (line: string) => ReadLine<Value>): ReadLines<Value> {
  const held = new Map<string, { value: Value; line: number }>();
  const problems: string[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const read = readLine(line.trim());
    const earlier = 'name' in read ? held.get(read.name) : undefined;
    if ('problem' in read) problems.push(`line ${index + 1}: ${read.problem}`);
    else if (earlier !== undefined)
      problems.push(`line ${index + 1}: its name stands on line ${earlier.line} as well; keep one of them`);
    else held.set(read.name, { value: read.value, line: index + 1 });
  }
  return { held: Object.fromEntries([...held].map(([name, { value }]) => [name, value])), problems };
}

const QUOTE = /^["“”„]/u;
/** What ends a line, or shows nothing. */
const HIDDEN = /[\p{Cc}\p{Zl}\p{Zp}]/gu;

/** The rest of a line as it is written: as it is, or as JSON text where it would not be read as the same again. */
export function writeRest(text: string): string {
  return text === '' || text !== text.trim() || QUOTE.test(text) || text.search(HIDDEN) >= 0 ? quote(text) : text;
}

/** One word of a line. */
export function writeWord(text: string): string {
  return /\s/u.test(text) ? quote(text) : writeRest(text);
}

function quote(text: string): string {
  return JSON.stringify(text).replace(
    HIDDEN,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Whether a text that was written stood in quotes, and so is nothing but text. */
export interface ReadText {
  readonly text: string;
  readonly isQuoted: boolean;
}

/** What is left of a line, with or without quotes. Null for quotes that are not closed, or that more follows. */
export function readRest(line: string): ReadText | null {
  const rest = line.trim();
  if (!QUOTE.test(rest)) return { text: rest, isQuoted: false };
  const found = readQuoted(rest);
  return found === null || found.rest.trim() !== '' ? null : { text: found.text, isQuoted: true };
}

/** The next word of a line, and what follows it. Null where there is none, or its quotes are not closed. */
export function readWord(line: string): { word: string; rest: string } | null {
  const from = line.trimStart();
  if (QUOTE.test(from)) {
    const found = readQuoted(from);
    return found === null ? null : { word: found.text, rest: found.rest };
  }
  const [word = ''] = /^\S*/u.exec(from) ?? [];
  return word === '' ? null : { word, rest: from.slice(word.length) };
}

function readQuoted(line: string): { text: string; rest: string } | null {
  if (line.startsWith('"')) {
    const [quoted] = /^"(?:[^"\\]|\\.)*"/u.exec(line) ?? [];
    const text = quoted === undefined ? null : readJsonText(quoted);
    return text === null || quoted === undefined ? null : { text, rest: line.slice(quoted.length) };
  }
  // Phones put these in place of the plain ones. Nothing is escaped in them.
  const smart = /^[“”„](?<inside>[^“”„"]*)[“”"]/u.exec(line);
  return smart === null ? null : { text: smart.groups?.['inside'] ?? '', rest: line.slice(smart[0].length) };
}

function readJsonText(quoted: string): string | null {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return null;
  }
}
