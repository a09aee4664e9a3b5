import { maskOf } from '../masks.ts';
import { positionAt, startsOfLines } from '../source/locate.ts';
import { findSecrets, wordsOf } from './find-secrets.ts';
import { pathsAt } from './paths-at.ts';
import { rawRanges } from './raw-range.ts';
import type { SecretPart, SourceText } from './source-text.ts';
import type { Found } from './text-pile.ts';

/** Hex digits of a secret's keyed hash, 16 at least: the same for the same secret. */
export type KeyedHash = (secret: string) => string;

/** Where a secret was masked. */
export interface MaskedSecret {
  /** Of a bundle. */
  readonly file?: string;
  /** Such as `nodes[2].parameters.apiKey`; empty where no path leads there (a comment, running text). */
  readonly path: string;
  /** From 1, of what was pushed. */
  readonly line: number;
  /** Such as `api-key`, `password`, `openai`: words of masks. */
  readonly kind: string;
}

export interface MaskedDocument {
  readonly source: string;
  /** In order. */
  readonly secrets: readonly MaskedSecret[];
  /** Line breaks that went with secrets of several lines: line of the masked text, and how many are missing from there on. */
  readonly missingLines: readonly { readonly line: number; readonly count: number }[];
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  readonly kind: string;
  readonly textStart: number;
}

/** Masks every secret in one document, whatever it is; the rest stays byte for byte. @throws TooManySecretsError */
export async function maskDocument(source: string, hash: KeyedHash): Promise<MaskedDocument> {
  const edits = withoutOverlaps(editsOf(source, await findSecrets(source), hash));
  if (edits.length === 0) return { source, secrets: [], missingLines: [] };
  const lines = startsOfLines(source);
  const paths = pathsAt(source, new Set(edits.map(({ textStart }) => textStart)));
  const secrets = edits.map(({ start, textStart, kind }) => ({
    path: paths.get(textStart) ?? '',
    line: positionAt(lines, start).line,
    kind,
  }));
  return { source: applied(source, edits), secrets, missingLines: missingLines(source, lines, edits) };
}

function editsOf(source: string, found: readonly Found[], hash: KeyedHash): Edit[] {
  const byText = new Map<SourceText, SecretPart[]>();
  for (const { text, part } of found) byText.set(text, [...(byText.get(text) ?? []), part]);
  return [...byText].flatMap(([text, parts]) => editsIn(source, text, united(parts), hash));
}

/** Parts that overlap as one, of the kind of the widest. */
function united(parts: readonly SecretPart[]): SecretPart[] {
  const sorted = [...parts].sort((a, b) => a.from - b.from || b.to - a.to);
  const whole: SecretPart[] = [];
  for (const part of sorted) {
    const last = whole.at(-1);
    if (last === undefined || part.from >= last.to) whole.push(part);
    else if (part.to > last.to) whole[whole.length - 1] = { ...last, to: part.to };
  }
  return whole;
}

function editsIn(source: string, text: SourceText, parts: readonly SecretPart[], hash: KeyedHash): Edit[] {
  const edits = parts.map((part) => ({
    kind: part.kind,
    textStart: text.start,
    replacement: maskOf(part.kind, hash(wordsOf({ text, part }))),
  }));
  const raw = source.slice(text.start, text.end);
  const first = edits[0];
  if (first === undefined) return [];
  if (text.writing === 'literal') {
    return [{ ...first, start: text.start, end: text.end, replacement: `"${first.replacement}"` }];
  }
  const ranges = rawRanges(raw, text.text, parts, text.writing);
  if (ranges !== null) {
    return edits.map((edit, index) => {
      const { from, to } = ranges[index] ?? { from: 0, to: raw.length };
      return { ...edit, start: text.start + from, end: text.start + to };
    });
  }
  // Written in a way that can't be laid beside what it says: the whole of it goes, its indentation and last line break stay.
  const before = /^\s*/.exec(raw)?.[0].length ?? 0;
  const after = /\s*$/.exec(raw.slice(-1_000))?.[0].length ?? 0;
  return [{ ...first, start: text.start + before, end: text.end - after }];
}

/** In order. Two that overlap all the same (a text that was walked in two ways) become one. */
function withoutOverlaps(edits: readonly Edit[]): Edit[] {
  const sorted = [...edits].sort((a, b) => a.start - b.start || b.end - a.end);
  const kept: Edit[] = [];
  for (const edit of sorted) {
    const last = kept.at(-1);
    if (last === undefined || edit.start >= last.end) kept.push(edit);
    else if (edit.end > last.end) kept[kept.length - 1] = { ...last, end: edit.end };
  }
  return kept;
}

function applied(source: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, replacement } of edits) {
    parts.push(source.slice(at, start), replacement);
    at = end;
  }
  return parts.join('') + source.slice(at);
}

function missingLines(
  source: string,
  lines: readonly number[],
  edits: readonly Edit[],
): MaskedDocument['missingLines'] {
  const missing: { line: number; count: number }[] = [];
  let gone = 0;
  for (const { start, end } of edits) {
    const count = source.slice(start, end).split('\n').length - 1;
    if (count > 0) missing.push({ line: positionAt(lines, start).line - gone, count });
    gone += count;
  }
  return missing;
}

/** The line of what was pushed that a line of the masked text was. */
export function pushedLine(line: number, missing: MaskedDocument['missingLines']): number {
  return missing.reduce((sum, gap) => (gap.line < line ? sum + gap.count : sum), line);
}
