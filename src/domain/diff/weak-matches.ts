import type { Step } from '../workflow/definition.ts';
import type { Change, WeakPass } from './change.ts';
import type { DiffContext } from './diff-context.ts';
import { ofStep } from './draft.ts';
import type { PlacedStep, StepMatch, StepMatching } from './match-steps.ts';

const HOW: Readonly<Record<WeakPass, string>> = {
  name: 'by name',
  type: 'as the only one of its type',
  content: 'by what it holds',
};

const HOW_MANY: Readonly<Record<WeakPass, string>> = {
  name: 'by name',
  type: 'as the only ones of their types',
  content: 'by what they hold',
};

/** How a step was found again, where that is worth saying: `matched by name, its id changed`. Null for most steps. */
export function weakMatchWords(
  { after, by }: StepMatch,
  matching: Pick<StepMatching, 'weakOf' | 'beforeOf'>,
): string | null {
  const pass = matching.weakOf.get(after.step);
  const before = matching.beforeOf.get(after.step);
  if (pass === undefined || before === undefined || by === 'id') return null;
  return `matched ${HOW[pass]}, ${idWords(before, after)}`;
}

/** The same for all steps (after) of a matching. */
export function weakWordsByStep(matching: Pick<StepMatching, 'matches' | 'weakOf' | 'beforeOf'>): Map<Step, string> {
  const words = new Map<Step, string>();
  if (matching.weakOf.size === 0) return words;
  for (const match of matching.matches) {
    const found = weakMatchWords(match, matching);
    if (found !== null) words.set(match.after.step, found);
  }
  return words;
}

function idWords(before: PlacedStep, after: PlacedStep): string {
  return before.step.weakId === true || after.step.weakId === true ? 'it has no id of its own' : 'its id changed';
}

/** Adds to the first sentence about each step that was found again by less than its id how that was. */
export function sayWeakMatches(changes: readonly Change[], { matching }: DiffContext): readonly Change[] {
  if (matching.weakOf.size === 0) return changes;
  const matches = new Map(
    matching.matches.flatMap((match) => (matching.weakOf.has(match.after.step) ? [[match.after.step.id, match]] : [])),
  );
  return changes.map((change) => {
    const match =
      change.kind === 'removed' && change.property === undefined ? undefined : matches.get(change.stepId ?? '');
    if (match === undefined || match.by === 'id') return change;
    const words = weakMatchWords(match, matching);
    matches.delete(match.after.step.id);
    const isSaid = change.property === 'id' || words === null;
    return { ...change, matchedBy: match.by, sentence: isSaid ? change.sentence : `${change.sentence} (${words})` };
  });
}

/** A new id is no change of what a step does. Steps of which nothing else is told share one sentence for each way they were found. */
export function tellNewIds(context: DiffContext): void {
  const { matching, collector } = context;
  const silent = matching.matches.filter(
    ({ after }) => matching.weakOf.has(after.step) && !collector.isTouched(after.step.id),
  );
  for (const [pass, matches] of Map.groupBy(silent, ({ after }) => matching.weakOf.get(after.step) ?? 'name'))
    tellTogether(pass, matches, context);
}

function tellTogether(
  pass: WeakPass,
  matches: readonly StepMatch[],
  { collector, names, matching }: DiffContext,
): void {
  const [first] = matches;
  if (first === undefined) return;
  const isOne = matches.length === 1;
  const words = isOne
    ? `${names.withKind(first.after.step)} ${weakMatchWords(first, matching)}`
    : `${matches.length.toLocaleString('en')} steps matched ${HOW_MANY[pass]}, their ids changed`;
  collector.add({
    ...(isOne && { ...ofStep(first.after.step), property: 'id' }),
    class: 'cosmetic',
    kind: 'changed',
    path: isOne ? `${first.after.step.path}.id` : 'steps',
    before: isOne ? first.before.step.id : matches.map(({ before }) => before.step.id),
    after: isOne ? first.after.step.id : matches.map(({ after }) => after.step.id),
    matchedBy: pass,
    say: () => ({ sentence: words }),
  });
}
