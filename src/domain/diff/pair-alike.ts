import type { PlacedStep } from './match-steps.ts';
import type { StepLikeness } from './step-likeness.ts';

type Pair = readonly [before: PlacedStep, after: PlacedStep];

/** Pairs of steps whose likeness is looked at, for one group: more are paired only where they hold the same. */
const MOST_COMPARED = 40_000;

/**
 * Pairs the steps of two groups: those that hold the same in order, then the most alike first.
 * @param least likeness (0 to 1) below which two steps are not paired; 0 pairs all that can be paired
 */
export function pairAlike(
  before: readonly PlacedStep[],
  after: readonly PlacedStep[],
  likeness: StepLikeness,
  least: number,
): Pair[] {
  const [one, other] = [before[0], after[0]];
  if (one === undefined || other === undefined) return [];
  if (least === 0 && before.length === 1 && after.length === 1) return [[one, other]];
  const tellsEnough = (placed: PlacedStep) => least === 0 || likeness.tellsEnough(placed.step);
  const same = pairSame(before.filter(tellsEnough), after.filter(tellsEnough), likeness);
  const taken = new Set(same.flat());
  const left = before.filter((placed) => !taken.has(placed));
  const right = after.filter((placed) => !taken.has(placed));
  if (left.length * right.length > MOST_COMPARED) return least === 0 ? [...same, ...pairInOrder(left, right)] : same;
  return [...same, ...pairMostAlike(left, right, likeness, least)];
}

function pairSame(before: readonly PlacedStep[], after: readonly PlacedStep[], likeness: StepLikeness): Pair[] {
  const waiting = Map.groupBy(before, ({ step }) => likeness.sameness(step));
  for (const list of waiting.values()) list.reverse();
  return after.flatMap((now): Pair[] => {
    const old = waiting.get(likeness.sameness(now.step))?.pop();
    return old === undefined ? [] : [[old, now]];
  });
}

function pairInOrder(before: readonly PlacedStep[], after: readonly PlacedStep[]): Pair[] {
  return before.slice(0, after.length).map((old, index): Pair => [old, after[index] ?? old]);
}

interface Candidate {
  readonly pair: Pair;
  readonly likeness: number;
  readonly distance: number;
}

/** Where several are equally alike, the nearest in order go first, whichever of the two definitions came first. */
function pairMostAlike(
  before: readonly PlacedStep[],
  after: readonly PlacedStep[],
  likeness: StepLikeness,
  least: number,
): Pair[] {
  const candidates: Candidate[] = [];
  for (const [rank, old] of before.entries()) {
    for (const [place, now] of after.entries()) {
      const alike = likeness.between(old.step, now.step);
      if (alike >= least) candidates.push({ pair: [old, now], likeness: alike, distance: Math.abs(rank - place) });
    }
  }
  const sumOf = ({ pair: [old, now] }: Candidate) => old.place + now.place;
  candidates.sort((a, b) => b.likeness - a.likeness || a.distance - b.distance || sumOf(a) - sumOf(b));
  const taken = new Set<PlacedStep>();
  return candidates.flatMap(({ pair: [old, now] }): Pair[] => {
    if (taken.has(old) || taken.has(now)) return [];
    taken.add(old).add(now);
    return [[old, now]];
  });
}
