import type { Json } from '../workflow/json.ts';
import type { Change } from './change.ts';
import { compareTexts, countLines, type TextBudget } from './compare-text.ts';
import { changedSecrets } from './mask-words.ts';
import { quotePair, quoteValue } from './quote.ts';

/** What a sentence is about, such as `Model of ‘Summarise’` or `Loop ‘refine’: max iterations`. */
export type Said = Pick<Change, 'sentence' | 'lines'>;

/** From this length on, a text is compared by lines even when it has only one. */
const LONG_TEXT = 400;

/** `Model of ‘Summarise’ changed from ‘a’ to ‘b’`, or how much of a longer text changed. */
export function sayChanged(subject: string, before: Json, after: Json, budget: TextBudget): Said {
  const secrets = changedSecrets(before, after);
  if (secrets !== null) return { sentence: `${subject}: secret changed (${secrets})` };
  if (typeof before === 'string' && typeof after === 'string' && isLong(before, after))
    return sayModified(subject, before, after, budget);
  const [from, to] = quotePair(before, after);
  return { sentence: `${subject} changed from ${from} to ${to}` };
}

function isLong(before: string, after: string): boolean {
  return /[\n\r]/.test(before) || /[\n\r]/.test(after) || Math.max(before.length, after.length) >= LONG_TEXT;
}

function sayModified(subject: string, before: string, after: string, budget: TextBudget): Said {
  const comparison = compareTexts(before, after, budget);
  if (comparison === 'rewritten') return { sentence: `${subject} rewritten (${sizes(before, after)})` };
  const { added, removed } = comparison;
  if (added === 0 && removed === 0)
    return { sentence: `${subject} modified (line ends only)`, lines: { added, removed } };
  return { sentence: `${subject} modified (+${added} −${removed} lines)`, lines: { added, removed } };
}

/** `Timeout of ‘Summarise’ set to ‘30s’`. */
export function sayAdded(subject: string, after: Json): Said {
  if (typeof after === 'string' && isLong(after, '')) {
    return { sentence: `${subject} added (${lineCount(after)})`, lines: { added: countLines(after), removed: 0 } };
  }
  return { sentence: `${subject} set to ${quoteValue(after)}` };
}

/** `Timeout of ‘Summarise’ removed (was ‘30s’)`. */
export function sayRemoved(subject: string, before: Json): Said {
  if (typeof before === 'string' && isLong(before, '')) {
    return {
      sentence: `${subject} removed (${lineCount(before)})`,
      lines: { added: 0, removed: countLines(before) },
    };
  }
  return { sentence: `${subject} removed (was ${quoteValue(before)})` };
}

/** Any of the three, by which of the two values are there. */
export function say(subject: string, before: Json | undefined, after: Json | undefined, budget: TextBudget): Said {
  if (before === undefined) return sayAdded(subject, after ?? null);
  return after === undefined ? sayRemoved(subject, before) : sayChanged(subject, before, after, budget);
}

function lineCount(text: string): string {
  const length = countLines(text);
  return length === 1 ? '1 line' : `${length.toLocaleString('en')} lines`;
}

/** `10.0 → 9.8 KB`, in the unit of the larger one. */
function sizes(before: string, after: string): string {
  const [from, to] = [Buffer.byteLength(before), Buffer.byteLength(after)];
  const [unit, size] = Math.max(from, to) >= 1024 * 1024 ? ['MB', 1024 * 1024] : ['KB', 1024];
  return `${(from / size).toFixed(1)} → ${(to / size).toFixed(1)} ${unit}`;
}
