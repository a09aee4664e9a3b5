import type { Definition, Step } from '../workflow/definition.ts';
import type { Change, WorkflowDiff } from './change.ts';
import { collectChanges } from './change-collector.ts';
import { compareFiles } from './compare-files.ts';
import { compareRest } from './compare-rest.ts';
import { compareSteps } from './compare-steps.ts';
import { makeTextBudget } from './compare-text.ts';
import { compareEdges, compareWorkflows } from './compare-workflows.ts';
import type { DiffContext } from './diff-context.ts';
import { ofStep } from './draft.ts';
import { makeEffort } from './effort.ts';
import { describeFirstVersion } from './first-version.ts';
import { followReferences } from './follow-references.ts';
import { makeLikeness } from './likeness.ts';
import { matchSteps, type PlacedStep } from './match-steps.ts';
import { movedSteps, type StepMove } from './moved-steps.ts';
import { riskOf } from './risk.ts';
import { detailsOf } from './step-details.ts';
import { nameSteps } from './step-names.ts';
import { sayWeakMatches, tellNewIds } from './weak-matches.ts';

export type { Change, ChangeClass, ChangeCounts, ChangeKind, WeakPass, WorkflowDiff } from './change.ts';
export type { Risk, RiskLevel } from './risk.ts';

/**
 * Compares two definitions of a workflow; `before` is null for a first version, of which every step is added.
 * Pure and deterministic; the time is bounded by the size of the two, never by a clock.
 */
export function diffDefinitions(before: Definition | null, after: Definition): WorkflowDiff {
  const matching = matchSteps(before, after);
  const context: DiffContext = {
    collector: collectChanges(),
    matching,
    follow: followReferences(before, after, matching),
    names: nameSteps(before === null ? [after] : [before, after]),
    likeness: makeLikeness(),
    effort: makeEffort(),
    budget: makeTextBudget(),
  };
  if (before !== null) compareWorkflows(before, after, context);
  for (const placed of context.matching.added) tellStep('added', placed, context);
  for (const placed of context.matching.removed) tellStep('removed', placed, context);
  const orderMatters = before?.executionMode !== 'dag' && after.executionMode !== 'dag';
  for (const move of movedSteps(context.matching, orderMatters)) tellMove(move, context);
  for (const match of context.matching.matches) compareSteps(match, context);
  if (before !== null) compareEdges(before, after, context);
  if (before !== null) compareRest(before, after, context);
  if (before !== null) compareFiles(before, after, context);
  tellNewIds(context);
  const { changes, ...counted } = context.collector.finish();
  const found = { ...counted, changes: sayWeakMatches(changes, context) };
  const result = before === null ? { ...found, functional: true, firstVersion: describeFirstVersion(after) } : found;
  return { ...result, risk: riskOf(result) };
}

function tellStep(kind: 'added' | 'removed', placed: PlacedStep, { collector, names }: DiffContext): void {
  const { step, parent } = placed;
  const where = parent === null ? '' : ` ${kind === 'added' ? 'in' : 'from'} ${containerText(placed, names.withKind)}`;
  collector.add({
    ...ofStep(step),
    class: 'logic',
    kind,
    path: step.path,
    ...bringsOf(step),
    say: () => ({ sentence: `${names.withKind(step)} ${kind}${where}${kind === 'added' ? detailsOf(step) : ''}` }),
  });
}

const BROUGHT = ['model', 'tools', 'mcpServers'] as const;

function bringsOf({ properties }: Step): Pick<Change, 'brings'> {
  const brings = BROUGHT.filter((key) => (properties[key]?.length ?? 0) > 0);
  return brings.length === 0 ? {} : { brings };
}

function tellMove({ match: { before, after }, how }: StepMove, { collector, names }: DiffContext): void {
  const subject = names.withKind(after.step);
  const say = (): string => {
    if (how === 'reordered') return `${subject} moved to another place in the order`;
    if (after.parent === null) return `${subject} moved out of ${containerText(before, names.withKind)}`;
    const isWithin = before.parent?.step.id === after.parent.step.id;
    if (isWithin) return `${subject} moved from ‘${before.role}’ to ${containerText(after, names.withKind)}`;
    const from = before.parent === null ? '' : ` out of ${containerText(before, names.withKind)}`;
    return `${subject} moved${from} into ${containerText(after, names.withKind)}`;
  };
  collector.add({
    ...ofStep(after.step),
    class: 'logic',
    kind: 'moved',
    path: after.step.path,
    before: before.step.path,
    after: after.step.path,
    say: () => ({ sentence: say() }),
  });
}

/** `loop ‘refine’`, `‘else’ of condition ‘route’`. */
function containerText({ parent, role }: PlacedStep, withKind: (step: Step) => string): string {
  if (parent === null) return 'the top level';
  const name = withKind(parent.step);
  const container = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  return role === 'steps' ? container : `‘${role}’ of ${container}`;
}
