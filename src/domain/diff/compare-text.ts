import { diffArrays } from 'diff';
import { commonPrefix } from './quote.ts';

/** Lines that came and went, or that the two texts are too different to tell. */
export type TextComparison =
  | { readonly hunks: readonly TextHunk[]; readonly added: number; readonly removed: number }
  | 'rewritten';

/** Consecutive lines of one kind. `same` ones are numbered by where they stand in the text after. */
export interface TextHunk {
  readonly mark: ' ' | '+' | '-';
  readonly lines: readonly string[];
}

/** Edits beyond which two texts count as rewritten. Bounds the time for one text, whatever machine it runs on. */
const MAX_EDITS = 500;
/** Lines that are compared at all, after the equal ones at both ends. */
const MAX_LINES = 20_000;
/** In both texts together: beyond it, only the lines near what differs are looked at. */
const HUGE = 100_000;
/** Of these, equal lines kept before and after. */
const KEPT = 1_000;
/** Bounds the time for all texts of one comparison, in squared edits: what the algorithm costs at worst. */
const TOTAL_COST = 5_000_000;

/** What the text comparisons of one diff may still cost together. Counted, not timed: the same input gives the same answer. */
export interface TextBudget {
  cost: number;
}

export function makeTextBudget(): TextBudget {
  return { cost: TOTAL_COST };
}

/** Compares two texts by lines. Line ends are not part of a line. */
export function compareTexts(before: string, after: string, budget: TextBudget): TextComparison {
  const isHuge = countLines(before) + countLines(after) > HUGE;
  const [nearBefore, nearAfter] = isHuge ? nearDifference(before, after) : [before, after];
  if (isHuge && countLines(nearBefore) + countLines(nearAfter) > HUGE) return 'rewritten';
  const old = linesOf(nearBefore);
  const now = linesOf(nearAfter);
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < shorter - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail++;
  const middle = compareMiddle(old.slice(head, old.length - tail), now.slice(head, now.length - tail), budget);
  if (middle === null) return 'rewritten';
  const hunks = [same(now.slice(0, head)), ...middle, same(now.slice(now.length - tail))].filter(
    ({ lines }) => lines.length > 0,
  );
  return { hunks, added: countIn(hunks, '+'), removed: countIn(hunks, '-') };
}

export function linesOf(text: string): string[] {
  return text.split(/\r\n|\n|\r/);
}

/** As many as `linesOf` gives, without making them. */
export function countLines(text: string): number {
  let lines = 1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === LINE_FEED || (code === CARRIAGE_RETURN && text.charCodeAt(at + 1) !== LINE_FEED)) lines++;
  }
  return lines;
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** Two huge texts without most of what they begin and end with alike. */
function nearDifference(before: string, after: string): [before: string, after: string] {
  const shorter = Math.min(before.length, after.length);
  const start = commonPrefix(before, after);
  let tail = 0;
  while (
    tail < shorter - start &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  )
    tail++;
  const from = lineStart(before, start);
  const to = lineEnd(before, before.length - tail);
  return [before.slice(from, to), after.slice(from, after.length - (before.length - to))];
}

function lineStart(text: string, end: number): number {
  let at = end;
  for (let line = 0; line < KEPT && at > 0; line++) at = text.lastIndexOf('\n', at - 1);
  return at <= 0 ? 0 : at + 1;
}

function lineEnd(text: string, start: number): number {
  let at = start;
  for (let line = 0; line < KEPT && at >= 0; line++) at = text.indexOf('\n', at + 1);
  return at < 0 ? text.length : at;
}

function same(lines: readonly string[]): TextHunk {
  return { mark: ' ', lines };
}

function compareMiddle(old: string[], now: string[], budget: TextBudget): TextHunk[] | null {
  if (old.length === 0 || now.length === 0)
    return [
      { mark: '-', lines: old },
      { mark: '+', lines: now },
    ];
  const lines = old.length + now.length;
  if (lines > MAX_LINES) return null;
  const maxEditLength = Math.min(lines, MAX_EDITS, Math.floor(Math.sqrt(budget.cost)));
  budget.cost -= maxEditLength ** 2;
  const parts = diffArrays(old, now, { maxEditLength });
  return parts?.map(({ added, removed, value }) => ({ mark: added ? '+' : removed ? '-' : ' ', lines: value })) ?? null;
}

function countIn(hunks: readonly TextHunk[], mark: TextHunk['mark']): number {
  return hunks.reduce((sum, hunk) => (hunk.mark === mark ? sum + hunk.lines.length : sum), 0);
}
