import { CHANGE_CLASSES, type ChangeClass, type WorkflowDiff } from './change.ts';
import { count, shorten } from './quote.ts';

export interface Summary {
  /** Plain text, one line each, most important first. */
  readonly lines: string[];
  /** Changes that no line speaks of: "and 14 more". */
  readonly more: number;
}

export interface SummaryBounds {
  readonly limit: number;
  /** Of all lines together. */
  readonly maxChars: number;
}

/** A single sentence is never longer than this, nor than all that is allowed. */
const LONGEST_SENTENCE = 400;

/** Says a diff in sentences, within bounds. Without a change that matters, the first line says so. */
export function summarize(diff: WorkflowDiff, { limit, maxChars }: SummaryBounds): Summary {
  const lines: string[] = [];
  let left = maxChars;
  const fits = (line: string): boolean => {
    if (lines.length >= limit || line.length > left) return false;
    lines.push(line);
    left -= line.length;
    return true;
  };
  if (diff.firstVersion !== undefined) {
    for (const line of diff.firstVersion) fits(shorten(line, Math.min(LONGEST_SENTENCE, maxChars)));
    return { lines, more: 0 };
  }
  if (!diff.functional) fits(shorten(noFunctionalChange(diff), maxChars));
  let told = 0;
  for (const { sentence } of diff.changes) {
    if (!fits(shorten(sentence, Math.min(LONGEST_SENTENCE, maxChars)))) break;
    told++;
  }
  return { lines, more: diff.counts.total - told };
}

function noFunctionalChange({ counts }: WorkflowDiff): string {
  const { binding } = counts.byClass;
  if (binding === 0) return 'No functional change.';
  return `No functional change: ${count(binding, 'connection')} ${binding === 1 ? 'differs' : 'differ'}.`;
}

const CLASS_WORDS: Readonly<Record<ChangeClass, string>> = {
  model: 'model',
  prompt: 'prompt',
  tools: 'tools',
  logic: 'logic',
  schema: 'schema',
  quality: 'quality',
  limits: 'limits',
  binding: 'connections',
  cosmetic: 'cosmetic',
};

/** How many changes of each class, most important first: “3 model, 1 prompt”. Empty where there are none. */
export function countsByClass({ counts }: WorkflowDiff): string {
  return CHANGE_CLASSES.filter((name) => counts.byClass[name] > 0)
    .map((name) => `${counts.byClass[name].toLocaleString('en')} ${CLASS_WORDS[name]}`)
    .join(', ');
}
