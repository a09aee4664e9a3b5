import type { Change, WorkflowDiff } from './change.ts';
import { compareTexts, linesOf, makeTextBudget, type TextBudget, type TextHunk } from './compare-text.ts';
import { withoutMasks } from './mask-words.ts';
import { findRule } from './property-rules.ts';
import { flatten, shorten, spellOut } from './quote.ts';
import {
  cutNote,
  excerptOf,
  fromDifference,
  lengthOf,
  linesOfSegments,
  markWords,
  type Segment,
} from './word-marks.ts';

/** One text that changed, its two versions beside each other. */
export interface SideBySide {
  /** Which text: `Summarise · system prompt`. Plain text on one line. */
  readonly title: string;
  readonly path: string;
  readonly rows: readonly SideRow[];
  /** The two have so little in common that they are shown whole, not line by line. */
  readonly rewritten: boolean;
  /** Lines that are not shown because there are too many. */
  readonly left: number;
}

/** Two lines that stand beside each other; null where one side has none. `gap` stands for that many unchanged lines. */
export type SideRow =
  | { readonly kind: 'same' | 'changed'; readonly before: SideLine | null; readonly after: SideLine | null }
  | { readonly kind: 'gap'; readonly lines: number };

export interface SideLine {
  /** From 1. */
  readonly number: number;
  /** The line in stretches, those words marked that differ from the other side. */
  readonly segments: readonly Segment[];
}

const MOST_TEXTS = 50;
/** Rows of one text, and unchanged lines around a change. */
const MOST_ROWS = 1_000;
const CONTEXT = 3;
const LONGEST_LINE = 4_000;
/** A shorter value outside of prompts is told whole by its sentence. */
const LONG_VALUE = 120;

/** The texts that differ, most important first: every prompt, and other values too long for a sentence. At most 50. */
export function sideBySide(diff: WorkflowDiff): SideBySide[] {
  const budget = makeTextBudget();
  return diff.changes
    .filter(isText)
    .slice(0, MOST_TEXTS)
    .map((change) => ({ title: titleOf(change), path: change.path, ...compare(change, budget) }));
}

function isText({ class: changeClass, before, after }: Change): boolean {
  const texts = [before, after].filter((value) => value !== undefined && value !== null);
  if (texts.length === 0 || !texts.every((value) => typeof value === 'string')) return false;
  return changeClass === 'prompt' || (texts.length === 2 && texts.some((text) => text.length > LONG_VALUE));
}

function titleOf({ stepLabel, property, path }: Change): string {
  const words = findRule((property ?? '').split(/[.[]/, 2))?.words.toLowerCase();
  const parts = stepLabel === undefined ? [path] : [stepLabel, words ?? property ?? path];
  return parts.map((part) => flatten(shorten(part, 80))).join(' · ');
}

function compare({ before, after }: Change, budget: TextBudget): Pick<SideBySide, 'rows' | 'rewritten' | 'left'> {
  const [old, now] = [before, after].map((value) => (typeof value === 'string' ? value : null));
  const isOne = old == null || now == null;
  const comparison = isOne ? 'rewritten' : compareTexts(old, now, budget);
  const rows =
    comparison === 'rewritten'
      ? beside(plainLines(linesIn(old)), plainLines(linesIn(now)), 1, 1)
      : rowsOf(comparison.hunks, budget);
  return {
    rows: rows.slice(0, MOST_ROWS),
    rewritten: comparison === 'rewritten' && !isOne,
    left: Math.max(0, rows.length - MOST_ROWS),
  };
}

function linesIn(text: string | null | undefined): string[] {
  return text == null ? [] : linesOf(text);
}

function rowsOf(hunks: readonly TextHunk[], budget: TextBudget): SideRow[] {
  const rows: SideRow[] = [];
  let [old, now] = [1, 1];
  for (let index = 0; index < hunks.length; index++) {
    const hunk = hunks[index] as TextHunk;
    if (hunk.mark === ' ') {
      rows.push(...sameRows(hunk.lines, old, now, index === 0, index === hunks.length - 1));
      old += hunk.lines.length;
      now += hunk.lines.length;
      continue;
    }
    // What went and what came in its place stand side by side, whichever is told first.
    const next = hunks[index + 1];
    const pair = next !== undefined && next.mark !== ' ' && next.mark !== hunk.mark ? next : null;
    if (pair !== null) index++;
    const gone = [hunk, pair].find((one) => one?.mark === '-')?.lines ?? [];
    const come = [hunk, pair].find((one) => one?.mark === '+')?.lines ?? [];
    rows.push(...marked(gone, come, old, now, budget));
    old += gone.length;
    now += come.length;
  }
  return rows;
}

/** What went and what came in its place, with the words marked that make the difference, where they are not too many. */
function marked(
  gone: readonly string[],
  come: readonly string[],
  old: number,
  now: number,
  budget: TextBudget,
): SideRow[] {
  const marks = gone.length === 0 || come.length === 0 ? null : markWords(gone.join('\n'), come.join('\n'), budget);
  const parted = (texts: readonly string[], others: readonly string[]) =>
    plainLines(texts.map((text, index) => fromDifference(text, others[index], LONGEST_LINE)));
  return marks === null
    ? beside(parted(gone, come), parted(come, gone), old, now)
    : beside(linesOfSegments(marks.before), linesOfSegments(marks.after), old, now);
}

type Line = readonly Segment[];

function plainLines(lines: readonly string[]): Line[] {
  return lines.map((text) => [{ text, isMarked: false }]);
}

function beside(gone: readonly Line[], come: readonly Line[], old: number, now: number): SideRow[] {
  return Array.from({ length: Math.max(gone.length, come.length) }, (_, index) => ({
    kind: 'changed',
    before: lineAt(gone, index, old),
    after: lineAt(come, index, now),
  }));
}

function lineAt(lines: readonly Line[], index: number, first: number): SideLine | null {
  const line = lines[index];
  return line === undefined ? null : { number: first + index, segments: bounded(line) };
}

/** Of a line that is too long, what is marked with what stands next to it. */
function bounded(line: Line): Segment[] {
  const shown = lengthOf(line) > LONGEST_LINE && line.some(({ isMarked }) => isMarked) ? excerptOf(line) : line;
  let left = LONGEST_LINE;
  return shown.flatMap(({ text, isMarked }, index): Segment[] => {
    if (left <= 0) return [];
    const over = text.length - left;
    const rest = over < 0 ? 0 : over + lengthOf(shown.slice(index + 1));
    const kept = rest > 0 ? `${text.slice(0, left).toWellFormed()}${cutNote(rest)}` : text;
    left -= text.length;
    return [{ text: spellOut(withoutMasks(kept)), isMarked }];
  });
}

/** Unchanged lines: those next to a change, and a gap for the rest. */
function sameRows(texts: readonly string[], old: number, now: number, isFirst: boolean, isLast: boolean): SideRow[] {
  const lines = plainLines(texts);
  const head = isFirst ? 0 : Math.min(CONTEXT, lines.length);
  const tail = isLast ? 0 : Math.min(CONTEXT, lines.length - head);
  const hidden = lines.length - head - tail;
  const row = (index: number): SideRow => ({
    kind: 'same',
    before: lineAt(lines, index, old),
    after: lineAt(lines, index, now),
  });
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => row(from + index));
  // A gap of one line would take as much room as the line.
  if (hidden <= 1) return range(0, lines.length);
  return [...range(0, head), { kind: 'gap', lines: hidden }, ...range(lines.length - tail, lines.length)];
}
