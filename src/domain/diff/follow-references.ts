import type { Definition, Step } from '../workflow/definition.ts';
import type { JsonObject } from '../workflow/json.ts';
import { namesStepsByLabel, renameReferences } from '../workflow/step-references.ts';
import type { StepMatching } from './match-steps.ts';

/** A step of the version before as it would read if the steps it names were already called as they are after. */
export type FollowReferences = (before: Step) => Step;

/**
 * Where texts name steps by label, a renamed step takes them along: following it is no change of theirs.
 * Returns the step itself where there is nothing to follow.
 */
export function followReferences(
  before: Pick<Definition, 'format'> | null,
  after: Pick<Definition, 'format'>,
  { matches }: StepMatching,
): FollowReferences {
  const newNames = new Map<string, string>();
  if (before?.format === after.format && namesStepsByLabel(after.format)) {
    for (const match of matches) {
      const [old, now] = [match.before.step.label, match.after.step.label];
      if (old !== undefined && now !== undefined && old !== now) newNames.set(old, now);
    }
  }
  if (newNames.size === 0) return (step) => step;
  return (step) => {
    const properties = renameReferences(step.properties as JsonObject, after.format, newNames);
    return properties === step.properties ? step : { ...step, properties };
  };
}
