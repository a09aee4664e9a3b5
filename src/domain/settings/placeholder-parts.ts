/** What a default or one side of a flag says, its quotes and their escapes taken away. */
export interface RawPart {
  readonly text: string;
  readonly quoted: boolean;
}

/** Up to two parts of one placeholder, what is wrong with them (`unfinished`, or words), and where the placeholder ends. */
interface ReadParts {
  readonly parts: readonly RawPart[];
  readonly problem: 'unfinished' | string | null;
  readonly end: number;
}

/** One part, up to the `:` or `}` behind it, at `end`. */
interface ReadPart {
  readonly part: RawPart;
  readonly end: number;
  /** What holds a brace, a colon or a quote that could be meant otherwise has to stand in quotes. */
  readonly isUnclear: boolean;
}

/** Reads `default}` or `when-on:when-off}` from behind the first colon of a placeholder. */
export function readParts(text: string, name: string, from: number): ReadParts {
  const parts: RawPart[] = [];
  let isUnclear = false;
  for (let at = from; ; ) {
    const read = text[at] === '"' ? quotedPart(text, at) : barePart(text, at);
    if (read === 'open quote') return openQuote(text, name, from);
    if (read === null) return { parts, problem: 'unfinished', end: text.length };
    isUnclear ||= read.isUnclear || parts.length === 2;
    if (parts.length < 2) parts.push(read.part);
    at = read.end + 1;
    if (text[read.end] === ':') continue;
    if (!isUnclear && !isAddress(parts)) return { parts, problem: null, end: at };
    const form = quotedForm(name, text.slice(from, read.end));
    return {
      parts,
      problem: `\${${shortName(name)}:…} holds more than a plain default; put it in quotes: ${form}`,
      end: at,
    };
  }
}

/** `http://x` reads as the two sides of a flag, and nobody means it so. */
function isAddress([first, second]: readonly RawPart[]): boolean {
  if (first === undefined || second === undefined || first.quoted || second.quoted) return false;
  return second.text.startsWith('//') && /^[A-Za-z][A-Za-z0-9+.-]{0,30}$/.test(first.text);
}

/** Without a quote that ends it, only a guess says where it should: at the next brace. */
function openQuote(text: string, name: string, from: number): ReadParts {
  const closing = text.indexOf('}', from);
  const said = text.slice(from, closing < 0 ? text.length : closing);
  const form = quotedForm(name, said.startsWith('"') ? said.slice(1) : said);
  return { parts: [], problem: `a quote in \${${shortName(name)}:…} is not closed; write ${form}`, end: text.length };
}

/** In quotes, `\"` and `\\` are escapes and everything else is itself. */
function quotedPart(text: string, at: number): ReadPart | 'open quote' | null {
  let end = at + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  if (end >= text.length) return 'open quote';
  const part = { text: text.slice(at + 1, end).replaceAll(/\\(["\\])/g, '$1'), quoted: true };
  const after = text[end + 1];
  if (after === ':' || after === '}') return { part, end: end + 1, isUnclear: false };
  const closing = text.indexOf('}', end);
  return closing < 0 ? null : { part, end: closing, isUnclear: true };
}

/** Up to the first `:` or `}` outside of placeholders. */
function barePart(text: string, from: number): ReadPart | null {
  let depth = 0;
  let quotes = 0;
  let isUnclear = false;
  for (let at = from; at < text.length; at++) {
    const letter = text[at];
    if (letter === '"') quotes++;
    else if (letter === '{') {
      depth++;
      isUnclear ||= !isOpening(text, at);
    } else if (letter === ':' && depth > 0) isUnclear = true;
    else if (depth === 0 && (letter === ':' || letter === '}')) {
      const part = { text: text.slice(from, at), quoted: false };
      return { part, end: at, isUnclear: isUnclear || quotes % 2 === 1 };
    } else if (letter === '}') depth--;
  }
  return null;
}

/** Whether a brace belongs to `${…}` or `{{ … }}`. */
function isOpening(text: string, at: number): boolean {
  return text[at - 1] === '$' || text[at - 1] === '{' || text[at + 1] === '{';
}

const LONGEST_FORM = 200;

/** How a default is written that says just this. Shortened where it is long. */
export function quotedForm(name: string, said: string): string {
  const shown = said.length <= LONGEST_FORM ? said : `${said.slice(0, LONGEST_FORM)}…`;
  return `\${${shortName(name)}:"${shown.replaceAll(/["\\]/g, '\\$&')}"}`;
}

/** As messages say it: a name is 128 characters at most, and what stands for one may be of any length. */
export function shortName(name: string): string {
  return name.length <= 128 ? name : `${name.slice(0, 127)}…`;
}
