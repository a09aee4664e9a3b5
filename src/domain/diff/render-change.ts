import { lookUp } from '../look-up.ts';
import { isList, isObject, type Json, type JsonObject } from '../workflow/json.ts';
import { alignLists } from './align-lists.ts';
import { type CodeLines, type CodeMark, LONGEST_LINE } from './code-lines.ts';
import { compareTexts, countLines, linesOf, type TextBudget } from './compare-text.ts';
import { differingKeys } from './compare-values.ts';
import type { Effort } from './effort.ts';
import { isSame, type Likeness } from './likeness.ts';
import { changedSecrets } from './mask-words.ts';
import { commonPrefix } from './quote.ts';
import { excerptOf, fromDifference, lengthOf, linesOfSegments, markWords, type Segment } from './word-marks.ts';

/** What rendering needs besides the values. */
export interface Renderer {
  readonly lines: CodeLines;
  readonly likeness: Likeness;
  readonly effort: Effort;
  readonly budget: TextBudget;
}

/** Shown of something that changed although they did not, so that it can be told which one it is. */
const IDENTITY_KEYS = ['id', 'name', 'type', 'label', 'title', 'key'] as const;
const KEY_ORDER = new Map<string, number>(IDENTITY_KEYS.map((key, index) => [key, index]));
/** Unchanged lines around a change inside a text. */
const CONTEXT = 2;
/** Characters of a text that is new or gone as a whole. */
const LONGEST_WHOLE = 200_000;
/** Lines of a rewritten text that are shown of each version. */
const REWRITTEN_LINES = 20;
const REWRITTEN_LENGTH = 20_000;
/** A line longer than this is cut around what differs. */
const LONG_LINE = 200;

/** Writes a whole value like YAML, every line with the same mark. `prefix` is `key: ` or `- `. */
export function renderValue(mark: CodeMark, indent: number, prefix: string, value: Json, renderer: Renderer): void {
  const { lines } = renderer;
  if (lines.isFull()) return;
  if (isList(value) && value.length > 0) {
    if (prefix !== '') lines.add(mark, indent, prefix.trimEnd());
    for (const item of value) renderValue(mark, inside(indent, prefix), '- ', item, renderer);
  } else if (isObject(value) && Object.keys(value).length > 0) {
    renderObject(mark, indent, prefix, value, renderer);
  } else if (typeof value === 'string' && /[\n\r]/.test(value)) {
    lines.add(mark, indent, `${prefix}|`);
    for (const line of linesOf(value.slice(0, LONGEST_WHOLE))) lines.add(mark, inside(indent, prefix), line);
    if (value.length > LONGEST_WHOLE) lines.add(mark, inside(indent, prefix), '…');
  } else lines.add(mark, indent, `${prefix}${scalar(value)}`);
}

/** The first key of a list's item stands on the line of its dash. */
function renderObject(mark: CodeMark, indent: number, prefix: string, value: JsonObject, renderer: Renderer): void {
  const isItem = prefix === '- ';
  if (!isItem && prefix !== '') renderer.lines.add(mark, indent, prefix.trimEnd());
  for (const [index, key] of sortedKeys(value, null).entries()) {
    const dash = isItem && index === 0 ? '- ' : '';
    renderValue(mark, dash === '' ? inside(indent, prefix) : indent, `${dash}${key}: `, value[key] ?? null, renderer);
  }
}

/** Writes what differs between two values, below the keys that lead to it. Equal values give nothing. */
export function renderChange(indent: number, prefix: string, before: Json, after: Json, renderer: Renderer): void {
  const { lines } = renderer;
  if (lines.isFull() || areEqual(before, after, renderer)) return;
  if (isObject(before) && isObject(after)) {
    const isItem = prefix === '- ';
    if (!isItem && prefix !== '') lines.add(' ', indent, prefix.trimEnd());
    renderKeys(inside(indent, prefix), isItem ? '- ' : '', before, after, renderer);
  } else if (isList(before) && isList(after)) {
    lines.add(' ', indent, prefix.trimEnd());
    renderItems(inside(indent, prefix), before, after, renderer);
  } else if (typeof before === 'string' && typeof after === 'string')
    renderTexts(indent, prefix, before, after, renderer);
  else {
    renderValue('-', indent, prefix, before, renderer);
    renderValue('+', indent, prefix, after, renderer);
  }
}

/** @param dash `- ` for the item of a list, whose first line carries it */
export function renderKeys(
  indent: number,
  dash: string,
  before: JsonObject,
  after: JsonObject,
  renderer: Renderer,
): void {
  let lead = dash;
  for (const key of sortedKeys(before, after)) {
    if (renderer.lines.isFull()) return;
    const [old, now] = [lookUp(before, key), lookUp(after, key)];
    const isKept = old !== undefined && now !== undefined && areEqual(old, now, renderer);
    if (isKept && !(KEY_ORDER.has(key) && typeof now !== 'object')) continue;
    const at = lead === '' ? indent : indent - 1;
    const prefix = `${lead}${key}: `;
    if (isKept) renderer.lines.add(' ', at, `${prefix}${scalar(now ?? null)}`);
    else if (old === undefined) renderValue('+', at, prefix, now ?? null, renderer);
    else if (now === undefined) renderValue('-', at, prefix, old, renderer);
    else renderChange(at, prefix, old, now, renderer);
    lead = '';
  }
}

/** Asks for likeness first: that is remembered, so values that differ deep inside are not walked again at every depth. */
function areEqual(before: Json, after: Json, { likeness }: Renderer): boolean {
  if (before === after || typeof before !== 'object' || typeof after !== 'object') return before === after;
  return likeness(before) === likeness(after) && isSame(before, after);
}

/** How far in the lines below a prefix stand: past the dash too, where a key shares its line with one. */
function inside(indent: number, prefix: string): number {
  if (prefix === '') return indent;
  return indent + (prefix.startsWith('- ') && prefix !== '- ' ? 2 : 1);
}

function renderItems(indent: number, before: readonly Json[], after: readonly Json[], renderer: Renderer): void {
  const { fromOf, removed, reordered } = alignLists(before, after, renderer);
  if (reordered) renderer.lines.add(' ', indent, '# in another order');
  for (const index of removed)
    if (!renderer.lines.isFull()) renderValue('-', indent, '- ', before[index] ?? null, renderer);
  for (const [index, item] of after.entries()) {
    if (renderer.lines.isFull()) return;
    const old = fromOf[index] ?? -1;
    if (old < 0) renderValue('+', indent, '- ', item, renderer);
    else renderChange(indent, '- ', before[old] ?? null, item, renderer);
  }
}

function renderTexts(indent: number, prefix: string, before: string, after: string, renderer: Renderer): void {
  const { lines } = renderer;
  if (changedSecrets(before, after) !== null) lines.add(' ', indent, `${prefix}# secret changed`);
  else if (/[\n\r]/.test(before) || /[\n\r]/.test(after)) renderLongTexts(indent, prefix, before, after, renderer);
  else renderShortTexts(indent, prefix, before, after, renderer);
}

/** Two texts of one line each: whole where they are short, around the words that differ where they are long. */
function renderShortTexts(indent: number, prefix: string, before: string, after: string, renderer: Renderer): void {
  const isLong = Math.max(before.length, after.length) > LONG_LINE;
  const words = isProse(before) && isProse(after) ? markWords(before, after, renderer.budget) : null;
  if (words !== null) {
    const [old, now] = isLong ? [excerptOf(words.before), excerptOf(words.after)] : [words.before, words.after];
    const lead: Segment = { text: prefix, isMarked: false };
    renderer.lines.add('-', indent, [lead, ...old]);
    renderer.lines.add('+', indent, [lead, ...now]);
    return;
  }
  const from = isLong ? Math.max(0, commonPrefix(before, after) - LONG_LINE / 4) : 0;
  const shown = (text: string) => (from > 0 ? `…${text.slice(from).toWellFormed()}` : scalar(text));
  renderer.lines.add('-', indent, `${prefix}${shown(before)}`);
  renderer.lines.add('+', indent, `${prefix}${shown(after)}`);
}

/** Words in a sentence, not an address or an id. */
function isProse(text: string): boolean {
  return /\S\s+\S+\s+\S/.test(text.slice(0, LONG_LINE));
}

function renderLongTexts(indent: number, prefix: string, before: string, after: string, renderer: Renderer): void {
  const { lines, budget } = renderer;
  lines.add(' ', indent, `${prefix}|`);
  const at = inside(indent, prefix);
  const comparison = compareTexts(before, after, budget);
  if (comparison === 'rewritten') {
    renderStart('-', at, before, renderer);
    renderStart('+', at, after, renderer);
    return;
  }
  const { hunks } = comparison;
  for (let index = 0; index < hunks.length && !lines.isFull(); index++) {
    const [hunk, next] = [hunks[index], hunks[index + 1]];
    if (hunk === undefined) continue;
    if (hunk.mark === '-' && next?.mark === '+') {
      renderReplaced(at, hunk.lines, next.lines, renderer);
      index++;
    } else {
      const isSame = hunk.mark === ' ';
      const shown = isSame ? contextOf(hunk.lines, index === 0, index === hunks.length - 1) : hunk.lines;
      for (const text of shown) lines.add(hunk.mark, at, text);
    }
  }
}

/** Lines that took the place of others, with the words that differ marked where enough of them stayed. */
function renderReplaced(at: number, before: readonly string[], after: readonly string[], renderer: Renderer): void {
  const words = markWords(before.join('\n'), after.join('\n'), renderer.budget);
  const shown = (lines: readonly string[], others: readonly string[], marked: readonly Segment[] | undefined) =>
    marked === undefined
      ? lines.map((line, index) => fromDifference(line, others[index], LONGEST_LINE))
      : linesOfSegments(marked).map((line) =>
          lengthOf(line) > LONGEST_LINE && line.some(({ isMarked }) => isMarked) ? excerptOf(line) : line,
        );
  for (const line of shown(before, after, words?.before)) renderer.lines.add('-', at, line);
  for (const line of shown(after, before, words?.after)) renderer.lines.add('+', at, line);
}

function renderStart(mark: CodeMark, indent: number, text: string, { lines }: Renderer): void {
  const start = linesOf(text.slice(0, REWRITTEN_LENGTH)).slice(0, REWRITTEN_LINES);
  for (const line of start) lines.add(mark, indent, line);
  const more = countLines(text) - start.length;
  if (more > 0) lines.add(mark, indent, `… ${more} more lines`);
}

/** The unchanged lines next to a change; what lies between is left out. */
function contextOf(texts: readonly string[], isFirst: boolean, isLast: boolean): readonly string[] {
  const head = isFirst ? [] : texts.slice(0, CONTEXT);
  const tail = isLast ? [] : texts.slice(Math.max(head.length, texts.length - CONTEXT));
  const left = texts.length - head.length - tail.length;
  return left > 0 ? [...head, '…', ...tail] : texts;
}

/** Those that tell which thing it is first. Of two objects, the others only where they may differ. */
function sortedKeys(object: JsonObject, other: JsonObject | null): string[] {
  const first = IDENTITY_KEYS.filter(
    (key) => Object.hasOwn(object, key) || (other !== null && Object.hasOwn(other, key)),
  );
  const keys = other === null ? Object.keys(object).sort() : differingKeys(object, other);
  return [...first, ...keys.filter((key) => !KEY_ORDER.has(key))];
}

/** A value on one line. Text is quoted where YAML would read it as something else. */
function scalar(value: Json): string {
  if (isList(value)) return '[]';
  if (isObject(value)) return '{}';
  if (typeof value !== 'string') return String(value);
  const isPlain = /^[\p{L}$/(<](?:.*\S)?$/u.test(value) && !/: |:$| #|^(?:true|false|null|yes|no|on|off)$/i.test(value);
  return isPlain ? value : JSON.stringify(value);
}
