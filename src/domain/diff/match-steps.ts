import type { Definition, Step } from '../workflow/definition.ts';
import type { WeakPass } from './change.ts';
import { matchWeakly } from './match-weakly.ts';

/** A step and where it stands. */
export interface PlacedStep {
  readonly step: Step;
  /** The step around it; null at the top. */
  readonly parent: PlacedStep | null;
  /** Which of the lists of the step around it: `then`, `else`, `steps`, a branch; empty at the top. */
  readonly role: string;
  /** Counted through the whole definition, containers before what they hold. */
  readonly place: number;
}

export interface StepMatch {
  readonly before: PlacedStep;
  readonly after: PlacedStep;
  /** The pass that matched them. */
  readonly by: 'id' | WeakPass;
}

/** All steps of two definitions, each matched at most once, in document order. */
export interface StepMatching {
  readonly matches: readonly StepMatch[];
  readonly added: readonly PlacedStep[];
  readonly removed: readonly PlacedStep[];
  /** By the step itself: the same step object never stands in two definitions. */
  readonly beforeOf: ReadonlyMap<Step, PlacedStep>;
  readonly afterOf: ReadonlyMap<Step, PlacedStep>;
  /** The id after of a step, given its id before; the same id where it was not matched. */
  readonly idAfter: (idBefore: string) => string;
  /** The ids that changed: after, by before. Empty where every match has the same id. */
  readonly changedIds: ReadonlyMap<string, string>;
  /** How a step (after) was found again, where that is worth saying: not by its id, nor by the name that stands for one. */
  readonly weakOf: ReadonlyMap<Step, WeakPass>;
}

/** Surest first: by id; then what `matchWeakly` finds among the rest. No step is matched twice, and none is lost. */
export function matchSteps(before: Pick<Definition, 'steps'> | null, after: Pick<Definition, 'steps'>): StepMatching {
  const known = lastMatchings.get(after);
  if (known !== undefined && known.before === before) return known.matching;
  const matching = matchAnew(before, after);
  lastMatchings.set(after, { before, matching });
  return matching;
}

/** The views of one diff ask for the same matching. Definitions never change, and what nobody holds any more is forgotten. */
const lastMatchings = new WeakMap<object, { before: object | null; matching: StepMatching }>();

function matchAnew(before: Pick<Definition, 'steps'> | null, after: Pick<Definition, 'steps'>): StepMatching {
  const allBefore = placedSteps(before?.steps ?? []);
  const allAfter = placedSteps(after.steps);
  const afterOf = new Map<Step, PlacedStep>();
  const beforeOf = new Map<Step, PlacedStep>();
  const weakPasses = new Map<Step, WeakPass>();
  const pair = (old: PlacedStep, now: PlacedStep): void => {
    afterOf.set(old.step, now);
    beforeOf.set(now.step, old);
  };
  pairById(allBefore, allAfter, pair);
  if (afterOf.size < allBefore.length && beforeOf.size < allAfter.length) {
    for (const { before: old, after: now, by } of matchWeakly(allBefore, allAfter, afterOf, beforeOf)) {
      pair(old, now);
      weakPasses.set(now.step, by);
    }
  }
  const matches: StepMatch[] = [];
  const added: PlacedStep[] = [];
  for (const now of allAfter) {
    const old = beforeOf.get(now.step);
    if (old === undefined) added.push(now);
    else matches.push({ before: old, after: now, by: weakPasses.get(now.step) ?? 'id' });
  }
  const changedIds = idsThatChanged(matches);
  return {
    matches,
    added,
    removed: allBefore.filter(({ step }) => !afterOf.has(step)),
    beforeOf,
    afterOf,
    idAfter: (id) => changedIds.get(id) ?? id,
    changedIds,
    weakOf: weakPasses.size === 0 ? new Map() : weakMatchesOf(matches),
  };
}

function weakMatchesOf(matches: readonly StepMatch[]): Map<Step, WeakPass> {
  return new Map(matches.flatMap((match) => (isWorthSaying(match) ? [[match.after.step, match.by]] : [])));
}

/** A name that its format took for an id is as good as one. */
function isWorthSaying(match: StepMatch): match is StepMatch & { by: WeakPass } {
  const { before, after, by } = match;
  return by !== 'id' && !(by === 'name' && (before.step.id === after.step.id || isWeak(before, after)));
}

function isWeak(...steps: readonly PlacedStep[]): boolean {
  return steps.every(({ step }) => step.weakId === true);
}

function idsThatChanged(matches: readonly StepMatch[]): Map<string, string> {
  const changed = new Map<string, string>();
  for (const { before, after } of matches)
    if (before.step.id !== after.step.id) changed.set(before.step.id, after.step.id);
  return changed;
}

function placedSteps(steps: readonly Step[]): PlacedStep[] {
  const placed: PlacedStep[] = [];
  const visit = (list: readonly Step[], parent: PlacedStep | null, role: string): void => {
    for (const step of list) {
      const here = { step, parent, role, place: placed.length };
      placed.push(here);
      for (const group of step.children) visit(group.steps, here, group.role);
    }
  };
  visit(steps, null, '');
  return placed;
}

/** Ids that their format made up prove nothing, nor does one that several steps have. */
function pairById(
  before: readonly PlacedStep[],
  after: readonly PlacedStep[],
  pair: (old: PlacedStep, now: PlacedStep) => void,
): void {
  const [old, now] = [byId(before), byId(after)];
  for (const [id, placed] of old) {
    const partner = now.get(id);
    if (placed !== null && partner) pair(placed, partner);
  }
}

function byId(steps: readonly PlacedStep[]): Map<string, PlacedStep | null> {
  const found = new Map<string, PlacedStep | null>();
  for (const placed of steps) {
    const { id, weakId } = placed.step;
    if (weakId !== true) found.set(id, found.has(id) ? null : placed);
  }
  return found;
}
