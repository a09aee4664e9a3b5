import { longestIncreasing } from './longest-increasing.ts';
import type { StepMatch, StepMatching } from './match-steps.ts';

/** A matched step that stands elsewhere: in another container, or in another order within the same list. */
export interface StepMove {
  readonly match: StepMatch;
  readonly how: 'elsewhere' | 'reordered';
}

/** @param orderMatters false where only dependencies order the steps, so that listing them otherwise is no move */
export function movedSteps({ matches, beforeOf }: StepMatching, orderMatters: boolean): StepMove[] {
  const isElsewhere = new Set(matches.filter((match) => !staysInList(match, beforeOf)));
  const reordered = orderMatters
    ? reorderedMatches(matches.filter((match) => !isElsewhere.has(match)))
    : new Set<StepMatch>();
  const moves: StepMove[] = [];
  if (isElsewhere.size === 0 && reordered.size === 0) return moves;
  for (const match of matches) {
    if (isElsewhere.has(match)) moves.push({ match, how: 'elsewhere' });
    else if (reordered.has(match)) moves.push({ match, how: 'reordered' });
  }
  return moves;
}

function staysInList({ before, after }: StepMatch, beforeOf: StepMatching['beforeOf']): boolean {
  if (before.role !== after.role) return false;
  if (before.parent === null || after.parent === null) return before.parent === after.parent;
  return beforeOf.get(after.parent.step) === before.parent;
}

/** The fewest steps whose move explains the new order of each list. */
function reorderedMatches(staying: readonly StepMatch[]): Set<StepMatch> {
  const lists = Map.groupBy(staying, ({ after }) => `${after.parent?.place ?? ''} ${after.role}`);
  return new Set([...lists.values()].flatMap(outOfOrder));
}

/** Where several choices are equally few, the same steps are chosen whichever of the two orders came first. */
function outOfOrder(list: readonly StepMatch[]): StepMatch[] {
  const byAfter = [...list].sort((a, b) => a.after.place - b.after.place);
  const byBefore = [...list].sort((a, b) => a.before.place - b.before.place);
  const isForward = idsOf(byBefore) <= idsOf(byAfter);
  const kept = isForward
    ? longestIncreasing(byAfter, ({ before }) => before.place)
    : longestIncreasing(byBefore, ({ after }) => after.place);
  return byAfter.filter((match) => !kept.has(match));
}

function idsOf(list: readonly StepMatch[]): string {
  return list.map(({ after }) => after.step.id).join(' ');
}
