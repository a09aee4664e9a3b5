import { lookUp } from '../look-up.ts';
import type { Definition, Step } from '../workflow/definition.ts';
import type { Change, ChangeKind, WorkflowDiff } from './change.ts';
import { matchSteps } from './match-steps.ts';
import { type MergedStep, mergeSteps } from './merged-steps.ts';
import { outlineRest } from './outline-rest.ts';
import { findRule } from './property-rules.ts';
import { count, flatten, shorten } from './quote.ts';
import { labelOf } from './step-names.ts';
import { weakWordsByStep } from './weak-matches.ts';

/** One line of the tree of steps. Plain text, at most about 300 characters. */
export interface BlocksViewLine {
  /** Added, removed, changed, moved, or none of these. */
  readonly mark: BlockMark;
  readonly depth: number;
  readonly text: string;
  /** As in the change; empty for lines that stand for many. */
  readonly path: string;
}

export type BlockMark = ' ' | '+' | '-' | '~' | '>';

export interface BlocksViewBounds {
  /** Beyond it, unchanged steps are folded first; then the end is cut, and the last line says how much. */
  readonly maxLines: number;
}

export const MARKS: Readonly<Record<ChangeKind, BlockMark>> = {
  added: '+',
  removed: '-',
  changed: '~',
  renamed: '~',
  moved: '>',
};

const DEFAULT_LINES = 200;
/** The path of every arrow's change. */
const EDGES = 'edges';

/**
 * The tree of steps of both versions with a mark at each that changed, after a line for each change of the workflow as a whole
 * and before one for each arrow that came or went: arrows are read with the steps in mind.
 */
export function blocksView(
  before: Definition | null,
  after: Definition,
  diff: WorkflowDiff,
  { maxLines }: BlocksViewBounds = { maxLines: DEFAULT_LINES },
): BlocksViewLine[] {
  const isAboutRest = after.steps.length === 0 && (before?.steps.length ?? 0) === 0;
  if (isAboutRest) return bounded(outlineRest(before, after), maxLines);
  const matching = matchSteps(before, after);
  const changesOf = Map.groupBy(diff.changes, ({ stepId }) => stepId);
  const moved = new Set(
    diff.changes.flatMap(({ kind, stepId }) => (kind === 'moved' && stepId !== undefined ? [stepId] : [])),
  );
  const tree = mergeSteps(before?.steps ?? [], after.steps, matching, moved);
  const weak = weakWordsByStep(matching);
  const ofWorkflow = changesOf.get(undefined) ?? [];
  const whole = ofWorkflow.filter(({ path }) => path !== EDGES).map(lineOfWorkflow);
  const edges = ofWorkflow.filter(({ path }) => path === EDGES).map(lineOfWorkflow);
  const fold = ofWorkflow.length + matching.matches.length + matching.added.length + matching.removed.length > maxLines;
  return bounded([...whole, ...linesOf(tree, 0, { changesOf, fold, weak }), ...edges], maxLines);
}

function lineOfWorkflow({ kind, sentence, path }: Change): BlocksViewLine {
  return { mark: MARKS[kind], depth: 0, text: sentence, path };
}

type ChangesOf = ReadonlyMap<string | undefined, readonly Change[]>;

interface Drawing {
  readonly changesOf: ChangesOf;
  readonly fold: boolean;
  /** How a step was found again, where that is worth saying. */
  readonly weak: ReadonlyMap<Step, string>;
}

function linesOf(steps: readonly MergedStep[], depth: number, drawing: Drawing): BlocksViewLine[] {
  const { changesOf, fold } = drawing;
  const lines: BlocksViewLine[] = [];
  let unchanged = 0;
  const endRun = (): void => {
    if (unchanged > 0) lines.push({ mark: ' ', depth, text: `… ${count(unchanged, 'unchanged step')}`, path: '' });
    unchanged = 0;
  };
  for (const merged of steps) {
    if (fold && !hasChange(merged, changesOf)) unchanged += sizeOf(merged);
    else {
      endRun();
      lines.push(lineOf(merged, depth, drawing));
      for (const { role, steps: inner } of merged.groups) lines.push(...linesOfGroup(role, inner, depth + 1, drawing));
    }
  }
  endRun();
  return lines;
}

/** A loop has but one list; the lists of a condition or of parallel branches are named. */
function linesOfGroup(role: string, steps: readonly MergedStep[], depth: number, drawing: Drawing): BlocksViewLine[] {
  if (role === 'steps') return linesOf(steps, depth, drawing);
  return [
    { mark: ' ', depth, text: `${flatten(shorten(role, 60))}:`, path: '' },
    ...linesOf(steps, depth + 1, drawing),
  ];
}

function lineOf({ step, state }: MergedStep, depth: number, { changesOf, weak }: Drawing): BlocksViewLine {
  const changes = (changesOf.get(step.id) ?? []).filter(({ property }) => property !== 'id');
  const isChanged = changes.some(({ property }) => property !== undefined);
  const mark = state === 'added' ? '+' : state === 'removed' ? '-' : state === 'moved' ? '>' : isChanged ? '~' : ' ';
  const what = state === 'kept' || state === 'moved' ? changedWords(changes) : '';
  const found = weak.has(step) ? ` (${weak.get(step)})` : '';
  return { mark, depth, text: `${titleOf(step)}${state === 'moved' ? ' moved' : ''}${what}${found}`, path: step.path };
}

function titleOf(step: Step): string {
  return `${shorten(flatten(labelOf(step)), 80)} (${flatten(shorten(step.kind, 40))})`;
}

const MOST_WORDS = 6;

/** `: model, system prompt` */
function changedWords(changes: readonly Change[]): string {
  const words = [...new Set(changes.flatMap(({ property }) => (property === undefined ? [] : wordsOf(property))))];
  if (words.length === 0) return '';
  return `: ${words.slice(0, MOST_WORDS).join(', ')}${words.length > MOST_WORDS ? ', …' : ''}`;
}

const WORDS: Readonly<Record<string, string>> = {
  label: 'name',
  description: 'description',
  dependsOn: 'dependencies',
  type: 'type',
};

function wordsOf(property: string): string {
  const own = lookUp(WORDS, property) ?? (property.startsWith('outputs') ? 'output schema' : undefined);
  if (own !== undefined) return own;
  const words = findRule(property.split(/[.[]/, 2))?.words;
  // Words such as "MCP servers" and "URL" keep their capitals.
  return words === undefined
    ? flatten(shorten(property, 60))
    : words.replace(/^\p{Lu}(?=\p{Ll})/u, (letter) => letter.toLowerCase());
}

function hasChange({ step, state, groups }: MergedStep, changesOf: ChangesOf): boolean {
  return (
    state !== 'kept' ||
    changesOf.has(step.id) ||
    groups.some(({ steps }) => steps.some((inner) => hasChange(inner, changesOf)))
  );
}

function sizeOf({ groups }: MergedStep): number {
  return groups.reduce((sum, { steps }) => sum + steps.reduce((inner, step) => inner + sizeOf(step), 0), 1);
}

function bounded(lines: readonly BlocksViewLine[], maxLines: number): BlocksViewLine[] {
  if (lines.length <= maxLines) return [...lines];
  const shown = Math.max(0, maxLines - 1);
  const text = `… ${count(lines.length - shown, 'more line')}`;
  return [...lines.slice(0, shown), { mark: ' ', depth: 0, text, path: '' }];
}
