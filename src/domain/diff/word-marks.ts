import { diffWordsWithSpace } from 'diff';
import type { TextBudget } from './compare-text.ts';
import { withoutMasks } from './mask-words.ts';
import { commonPrefix, count } from './quote.ts';

/** A stretch of a text that is marked as changed, or not. */
export interface Segment {
  readonly text: string;
  readonly isMarked: boolean;
}

/** The same two texts, with the words that differ marked in each. */
export interface WordMarks {
  readonly before: readonly Segment[];
  readonly after: readonly Segment[];
}

/** Words that may come or go before two texts count as too different to mark: bounds the time, on whatever machine. */
const MAX_EDITS = 200;
const LONGEST_TEXT = 20_000;
/** Share of the longer text that must be the same: marks all over it tell nothing. */
const LEAST_SAME = 0.3;

/** Marks the words in which two texts differ. Null where too much differs, or where the budget for texts is spent. */
export function markWords(before: string, after: string, budget: TextBudget): WordMarks | null {
  if (before.length + after.length > LONGEST_TEXT || budget.cost < MAX_EDITS ** 2) return null;
  // A mask is no word: of one that is cut in two, neither half could be told from text.
  const [old, now] = [withoutMasks(before), withoutMasks(after)];
  const parts = diffWordsWithSpace(old, now, { maxEditLength: MAX_EDITS });
  if (parts === undefined) {
    budget.cost -= MAX_EDITS ** 2;
    return null;
  }
  const marks: { before: Segment[]; after: Segment[] } = { before: [], after: [] };
  let same = 0;
  for (const { value, added, removed } of parts) {
    if (!added && !removed) same += value.trim().length;
    if (!added) marks.before.push({ text: value, isMarked: removed });
    if (!removed) marks.after.push({ text: value, isMarked: added });
  }
  budget.cost -= (before.length + after.length) >> 3;
  return same < LEAST_SAME * Math.max(before.trim().length, after.trim().length) ? null : marks;
}

/** Segments by line, line ends left out. */
export function linesOfSegments(segments: readonly Segment[]): Segment[][] {
  const lines: Segment[][] = [[]];
  for (const { text, isMarked } of segments) {
    for (const [index, piece] of text.split(/\r\n|\n|\r/).entries()) {
      if (index > 0) lines.push([]);
      if (piece !== '') lines.at(-1)?.push({ text: piece, isMarked });
    }
  }
  return lines;
}

export function lengthOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, { text }) => sum + text.length, 0);
}

/** Kept of an unmarked stretch next to a marked one. */
const CONTEXT = 50;

/** Leaves out the middle of long stretches in which nothing is marked, so that every marked word of a long line is seen. */
export function excerptOf(segments: readonly Segment[]): Segment[] {
  return segments.map(({ text, isMarked }, index): Segment => {
    if (isMarked || text.length <= 3 * CONTEXT) return { text, isMarked };
    const head = index === 0 ? '' : text.slice(0, CONTEXT);
    const tail = index === segments.length - 1 ? '' : text.slice(-CONTEXT);
    return { text: `${head}…${tail}`.toWellFormed(), isMarked };
  });
}

/** A line too long for its room from shortly before where it parts from the one that it took the place of, so that this is seen. */
export function fromDifference(line: string, other: string | undefined, room: number): string {
  if (other === undefined || Math.max(line.length, other.length) <= room) return line;
  const from = commonPrefix(line, other) - CONTEXT;
  return from <= 0 ? line : `…${line.slice(from).toWellFormed()}`;
}

/** Said at the end of a line that is cut: nothing that differs goes unsaid. */
export function cutNote(characters: number): string {
  return `… (${count(characters, 'more character')})`;
}
