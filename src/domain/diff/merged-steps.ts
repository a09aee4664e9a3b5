import type { Step } from '../workflow/definition.ts';
import type { StepMatching } from './match-steps.ts';

/** A step in the tree of both versions: steps after where they stand, steps that are gone where they stood. */
export interface MergedStep {
  readonly step: Step;
  readonly state: 'added' | 'removed' | 'kept' | 'moved';
  /** What it was before, unless it is new. */
  readonly before: Step | null;
  readonly groups: readonly MergedGroup[];
}

export interface MergedGroup {
  readonly role: string;
  readonly steps: readonly MergedStep[];
}

/** Merges two trees of steps into one that shows each step once. @param movedIds ids (after) of steps that stand elsewhere */
export function mergeSteps(
  before: readonly Step[],
  after: readonly Step[],
  matching: StepMatching,
  movedIds: ReadonlySet<string>,
): MergedStep[] {
  const gone = (step: Step): boolean => !matching.afterOf.has(step);

  const mergeList = (old: readonly Step[], now: readonly Step[]): MergedStep[] => {
    const places = new Map(old.map((step, index) => [step, index]));
    const merged: MergedStep[] = [];
    let next = 0;
    const addGone = (end: number): void => {
      for (; next < end; next++)
        if (old[next] !== undefined && gone(old[next] as Step)) merged.push(mergeOne(old[next] as Step, null));
    };
    for (const step of now) {
      const previous = matching.beforeOf.get(step)?.step;
      const place = previous === undefined ? undefined : places.get(previous);
      if (place !== undefined) addGone(place);
      merged.push(mergeOne(previous ?? null, step));
    }
    addGone(old.length);
    return merged;
  };

  const mergeOne = (old: Step | null, now: Step | null): MergedStep => {
    const step = (now ?? old) as Step;
    const state = now === null ? 'removed' : old === null ? 'added' : movedIds.has(now.id) ? 'moved' : 'kept';
    const roles = [...new Set([...(now?.children ?? []), ...(old?.children ?? [])].map(({ role }) => role))];
    const groups = roles.map((role) => ({ role, steps: mergeList(stepsOf(old, role), stepsOf(now, role)) }));
    return { step, state, before: old, groups: groups.filter(({ steps }) => steps.length > 0) };
  };

  return mergeList(before, after);
}

function stepsOf(step: Step | null, role: string): readonly Step[] {
  return step?.children.find((group) => group.role === role)?.steps ?? [];
}
