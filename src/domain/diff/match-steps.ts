import type { Definition, Step } from '../workflow/definition.ts';

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
  readonly by: string;
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
}

/** Finds pairs among steps that earlier passes left over. A pass pairs no step twice. */
interface MatchPass {
  readonly name: string;
  pairs(before: readonly PlacedStep[], after: readonly PlacedStep[]): readonly (readonly [PlacedStep, PlacedStep])[];
}

/** Surest first. A pass for re-exports with new ids goes after this one. */
const PASSES: readonly MatchPass[] = [{ name: 'id', pairs: pairsBy(({ step }) => step.id) }];

export function matchSteps(before: Pick<Definition, 'steps'> | null, after: Pick<Definition, 'steps'>): StepMatching {
  const allBefore = placedSteps(before?.steps ?? []);
  const allAfter = placedSteps(after.steps);
  const afterOf = new Map<Step, PlacedStep>();
  const beforeOf = new Map<Step, PlacedStep>();
  const passOf = new Map<Step, string>();
  for (const { name, pairs } of PASSES) {
    const left = allBefore.filter(({ step }) => !afterOf.has(step));
    const right = allAfter.filter(({ step }) => !beforeOf.has(step));
    for (const [old, now] of pairs(left, right)) {
      afterOf.set(old.step, now);
      beforeOf.set(now.step, old);
      passOf.set(now.step, name);
    }
  }
  const idsAfter = new Map([...afterOf].map(([step, now]) => [step.id, now.step.id]));
  return {
    matches: allAfter.flatMap((now) => {
      const old = beforeOf.get(now.step);
      return old === undefined ? [] : [{ before: old, after: now, by: passOf.get(now.step) ?? '' }];
    }),
    added: allAfter.filter(({ step }) => !beforeOf.has(step)),
    removed: allBefore.filter(({ step }) => !afterOf.has(step)),
    beforeOf,
    afterOf,
    idAfter: (id) => idsAfter.get(id) ?? id,
  };
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

/** Pairs what has the same key and is alone with it on both sides: a repeated key proves nothing. */
function pairsBy(keyOf: (placed: PlacedStep) => string): MatchPass['pairs'] {
  return (before, after) => {
    const old = uniqueBy(before, keyOf);
    const now = uniqueBy(after, keyOf);
    return [...old].flatMap(([key, placed]) => {
      const partner = now.get(key);
      return partner === undefined ? [] : [[placed, partner] as const];
    });
  };
}

function uniqueBy(steps: readonly PlacedStep[], keyOf: (placed: PlacedStep) => string): Map<string, PlacedStep> {
  const found = new Map<string, PlacedStep>();
  const repeated = new Set<string>();
  for (const placed of steps) {
    const key = keyOf(placed);
    if (found.has(key)) repeated.add(key);
    found.set(key, placed);
  }
  for (const key of repeated) found.delete(key);
  return found;
}
