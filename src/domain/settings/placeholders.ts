import { quotedForm, type RawPart, readParts, shortName } from './placeholder-parts.ts';

/** A part of a text: as it is, or to be filled. */
export type Piece = { readonly kind: 'text'; readonly text: string } | NamePiece | FlagPiece;

/** `${NAME}`, `${NAME:default}` or `{{ env.NAME }}`. */
export interface NamePiece {
  readonly kind: 'name';
  readonly name: string;
  /** What stands there where nothing has that name. */
  readonly fallback?: Part;
}

/** `${FLAG:when-on:when-off}`. */
export interface FlagPiece {
  readonly kind: 'flag';
  readonly name: string;
  readonly on: Part;
  readonly off: Part;
  /** How it would be written if it were meant as a default that holds a colon. */
  readonly quotedForm: string;
}

/** A default, or one side of a flag. It may hold further placeholders. */
export interface Part {
  readonly pieces: readonly Piece[];
  readonly quoted: boolean;
}

/** A text and what is to be filled in it. Its pieces are of use only where there are no problems. */
export interface Template {
  readonly pieces: readonly Piece[];
  /** What is written wrongly, in words for whoever wrote it; the first few. */
  readonly problems: readonly string[];
}

/** Placeholders inside the defaults of placeholders, the outermost one counted. */
export const DEEPEST_PLACEHOLDERS = 10;
const MOST_PROBLEMS = 10;

/** Whether a text could hold anything to fill, at the cost of a search. */
export function mayHoldPlaceholders(text: string): boolean {
  return text.includes('${') || text.includes('{{');
}

/**
 * Finds what of a text is filled: `${NAME}`, `${NAME:default}`, `${FLAG:when-on:when-off}` and `{{ env.NAME }}`. NAME is
 * `[A-Z][A-Z0-9_]*`; every other `${…}` is text, and `$${` is a literal `${`. Takes time in proportion to the text.
 */
export function parsePlaceholders(text: string): Template {
  const problems: string[] = [];
  return { pieces: piecesOf(text, 1, problems), problems };
}

/** @param depth of the placeholders in this text, 1 outside of any */
function piecesOf(text: string, depth: number, problems: string[]): Piece[] {
  const pieces: Piece[] = [];
  const candidates = candidatesIn(text);
  const lastClosing = text.lastIndexOf('}');
  let plain = '';
  let done = 0;
  for (let at = candidates(0); at < text.length; at = candidates(done)) {
    const found = placeholderAt(text, at, lastClosing);
    plain += text.slice(done, found.kind === 'escape' ? at - 1 : at);
    done = found.end;
    if (found.kind === 'escape') plain += '${';
    else if (found.kind === 'other') plain += text.slice(at, done);
    else if (found.kind === 'wrong') note(problems, found.message);
    else if (depth > DEEPEST_PLACEHOLDERS)
      note(
        problems,
        `\${${shortName(found.name)}…} stands deeper than ${DEEPEST_PLACEHOLDERS} placeholders in each other`,
      );
    else {
      if (plain !== '') pieces.push({ kind: 'text', text: plain });
      plain = '';
      pieces.push(pieceOf(found, depth, problems));
    }
  }
  plain += text.slice(done);
  if (plain !== '') pieces.push({ kind: 'text', text: plain });
  return pieces;
}

/** Where the next `${` or `{{` begins, at or after a place that only grows; the text's length where there is none. */
function candidatesIn(text: string): (from: number) => number {
  let dollar = -1;
  let braces = -1;
  const search = (mark: string, from: number) => {
    const at = text.indexOf(mark, from);
    return at < 0 ? text.length : at;
  };
  return (from) => {
    if (dollar < from) dollar = search('${', from);
    if (braces < from) braces = search('{{', from);
    return Math.min(dollar, braces);
  };
}

/** What stands at a candidate, and where it ends. Of parts, the text that was written. */
type FoundPlaceholder =
  | { readonly kind: 'escape'; readonly end: number }
  | { readonly kind: 'other'; readonly end: number }
  | { readonly kind: 'wrong'; readonly message: string; readonly end: number }
  | { readonly kind: 'named'; readonly name: string; readonly parts: readonly RawPart[]; readonly end: number };

function placeholderAt(text: string, at: number, lastClosing: number): FoundPlaceholder {
  if (text.startsWith('{{', at)) return reference(text, at, lastClosing);
  if (text[at - 1] === '$') return { kind: 'escape', end: at + 2 };
  // Of other systems, and no `{{ env.NAME }}` of ours behind a dollar.
  if (text[at + 2] === '{') return { kind: 'other', end: at + 3 };
  const name = nameAt(text, at + 2);
  if (name === null) return { kind: 'other', end: at + 2 };
  const after = at + 2 + name.length;
  if (text[after] === '}') return { kind: 'named', name, parts: [], end: after + 1 };
  if (text[after] === ':') return withParts(text, name, after + 1);
  return after > lastClosing ? unfinished(`\${${shortName(name)}`, text.length) : { kind: 'other', end: after };
}

function withParts(text: string, name: string, from: number): FoundPlaceholder {
  const { parts, end, problem } = readParts(text, name, from);
  if (problem === 'unfinished') return unfinished(`\${${shortName(name)}:…`, end);
  return problem === null ? { kind: 'named', name, parts, end } : { kind: 'wrong', message: problem, end };
}

const SPACES_AND_ENV = /\{\{\s*env\./y;
const SPACES_AND_END = /\s*\}\}/y;

/** `{{ env.NAME }}`; any other `{{ … }}` is text. */
function reference(text: string, at: number, lastClosing: number): FoundPlaceholder {
  SPACES_AND_ENV.lastIndex = at;
  if (!SPACES_AND_ENV.test(text)) return { kind: 'other', end: at + 1 };
  const from = SPACES_AND_ENV.lastIndex;
  const name = nameAt(text, from);
  if (name === null) return { kind: 'other', end: from };
  const after = from + name.length;
  SPACES_AND_END.lastIndex = after;
  if (SPACES_AND_END.test(text)) return { kind: 'named', name, parts: [], end: SPACES_AND_END.lastIndex };
  if (after <= lastClosing) return { kind: 'other', end: after };
  return { kind: 'wrong', message: `{{ env.${shortName(name)} has no end; close it with }}`, end: text.length };
}

function unfinished(begun: string, end: number): FoundPlaceholder {
  return { kind: 'wrong', message: `${begun} has no end; close it with }, or write $\${ for a literal \${`, end };
}

const NAME = /[A-Z][A-Z0-9_]*/y;

function nameAt(text: string, at: number): string | null {
  NAME.lastIndex = at;
  return NAME.exec(text)?.[0] ?? null;
}

function pieceOf(
  { name, parts }: Extract<FoundPlaceholder, { kind: 'named' }>,
  depth: number,
  problems: string[],
): Piece {
  const [first, second] = parts.map(
    ({ text, quoted }): Part => ({ pieces: piecesOf(text, depth + 1, problems), quoted }),
  );
  if (first === undefined) return { kind: 'name', name };
  if (second === undefined) return { kind: 'name', name, fallback: first };
  return {
    kind: 'flag',
    name,
    on: first,
    off: second,
    quotedForm: quotedForm(name, parts.map(({ text }) => text).join(':')),
  };
}

function note(problems: string[], message: string): void {
  if (problems.length < MOST_PROBLEMS && !problems.includes(message)) problems.push(message);
}
