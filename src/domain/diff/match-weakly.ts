import type { Step } from '../workflow/definition.ts';
import type { WeakPass } from './change.ts';
import type { PlacedStep } from './match-steps.ts';
import { pairAlike } from './pair-alike.ts';
import { makeStepLikeness, type StepLikeness } from './step-likeness.ts';

interface WeakMatch {
  readonly before: PlacedStep;
  readonly after: PlacedStep;
  readonly by: WeakPass;
}

/** Steps that are alike by less than this share of what they hold are two different steps. */
const LEAST_LIKENESS = 0.4;

/**
 * Matches what ids left over: by name and type, by a type that only one step has on each side, and by what they hold.
 * The same pairs whichever of the two definitions came first; the work is bounded however many steps are left.
 */
export function matchWeakly(
  allBefore: readonly PlacedStep[],
  allAfter: readonly PlacedStep[],
  afterOf: ReadonlyMap<Step, unknown>,
  beforeOf: ReadonlyMap<Step, unknown>,
): WeakMatch[] {
  const likeness = makeStepLikeness();
  const matches: WeakMatch[] = [];
  let before = allBefore.filter(({ step }) => !afterOf.has(step));
  let after = allAfter.filter(({ step }) => !beforeOf.has(step));
  const take = (by: WeakPass, pairs: readonly (readonly [PlacedStep, PlacedStep])[]): void => {
    if (pairs.length === 0) return;
    for (const [old, now] of pairs) matches.push({ before: old, after: now, by });
    const taken = new Set(pairs.flat());
    before = before.filter((placed) => !taken.has(placed));
    after = after.filter((placed) => !taken.has(placed));
  };
  take('name', pairsByName(before, after, likeness));
  // Where most ids hold, a step with a new one is another step, even if it is the only one of its type.
  const idsHold = afterOf.size * 2 > Math.min(allBefore.length, allAfter.length);
  if (!idsHold) take('type', pairsByType(allBefore, allAfter, new Set([...before, ...after])));
  take('content', pairsByContent(before, after, likeness));
  return matches;
}

type Pairs = (readonly [PlacedStep, PlacedStep])[];

/** Several steps of one name and type are told apart by what they hold, then by their order. */
function pairsByName(before: readonly PlacedStep[], after: readonly PlacedStep[], likeness: StepLikeness): Pairs {
  const old = groupBy(before, nameOf);
  const now = groupBy(after, nameOf);
  const pairs: Pairs = [];
  for (const [name, left] of old) {
    const right = now.get(name);
    if (name === null || right === undefined) continue;
    pairs.push(...pairAlike(left, right, likeness, 0));
  }
  return pairs;
}

/** An id that its format made up is made of a name; the number behind it only tells apart those that are called the same. */
function nameOf({ step }: PlacedStep): string | null {
  const made = step.weakId === true ? step.id.replace(/#\d+$/, '') : null;
  const name = step.label?.trim() ? step.label.trim() : made;
  return name === null ? null : `${step.kind}\n${name}`;
}

/** Unique among all steps of both, not only among those that are left: the only one of many that is left proves nothing. */
function pairsByType(
  allBefore: readonly PlacedStep[],
  allAfter: readonly PlacedStep[],
  left: ReadonlySet<PlacedStep>,
): Pairs {
  const now = groupBy(allAfter, typeOf);
  return [...groupBy(allBefore, typeOf)].flatMap(([kind, old]): Pairs => {
    const [one, other] = [old[0], now.get(kind)?.[0]];
    const isUnique = old.length === 1 && now.get(kind)?.length === 1;
    return isUnique && one && other && left.has(one) && left.has(other) ? [[one, other]] : [];
  });
}

/** Formats keep their own word for what several types have one kind of. */
function typeOf({ step: { kind, properties } }: PlacedStep): string {
  const { nodeType } = properties;
  return typeof nodeType === 'string' ? `${kind}\n${nodeType}` : kind;
}

function pairsByContent(before: readonly PlacedStep[], after: readonly PlacedStep[], likeness: StepLikeness): Pairs {
  const now = groupBy(after, typeOf);
  return [...groupBy(before, typeOf)].flatMap(([kind, old]) =>
    pairAlike(old, now.get(kind) ?? [], likeness, LEAST_LIKENESS),
  );
}

function groupBy<Key>(steps: readonly PlacedStep[], keyOf: (placed: PlacedStep) => Key): Map<Key, PlacedStep[]> {
  return Map.groupBy(steps, keyOf);
}
