import type { Definition, Step } from '../workflow/definition.ts';
import type { JsonObject } from '../workflow/json.ts';
import { namesStepsByLabel, renameReferences } from '../workflow/step-references.ts';
import { makeFollowIds } from './follow-ids.ts';
import type { StepMatching } from './match-steps.ts';

/** A step of the version before as it would read if the steps it names were already called as they are after. */
export type FollowReferences = (before: Step, after: Step) => Step;

/**
 * A step that is called otherwise, by label or by id, takes the texts that name it along: following it is no change of theirs.
 * Returns the step itself where there is nothing to follow.
 */
export function followReferences(
  before: Pick<Definition, 'format'> | null,
  after: Pick<Definition, 'format'>,
  matching: StepMatching,
): FollowReferences {
  const { changedIds, idAfter } = matching;
  const isByLabel = before?.format === after.format && namesStepsByLabel(after.format);
  const newLabels = isByLabel ? labelsThatChanged(matching) : new Map<string, string>();
  if (newLabels.size === 0 && changedIds.size === 0) return (step) => step;
  const followIds = makeFollowIds(changedIds);
  return (step, stepAfter) => {
    const renamed = renameReferences(step.properties as JsonObject, after.format, newLabels);
    const properties = followIds(renamed, stepAfter.properties as JsonObject);
    const isSame = properties === step.properties && !step.dependsOn.some((id) => changedIds.has(id));
    return isSame ? step : { ...step, properties, dependsOn: step.dependsOn.map(idAfter) };
  };
}

/** After, by before. A text that named nobody, and by a new label names somebody, does not say the same any more. */
function labelsThatChanged({ matches, removed }: StepMatching): Map<string, string> {
  const renamed = matches.flatMap((match): [string, string][] => {
    const [old, now] = [match.before.step.label, match.after.step.label];
    return old === undefined || now === undefined || old === now ? [] : [[old, now]];
  });
  if (renamed.length === 0) return new Map();
  const labelsBefore = new Set([...matches.map(({ before }) => before), ...removed].map(({ step }) => step.label));
  const nobody = renamed.flatMap(([, now]): [string, string][] =>
    labelsBefore.has(now) ? [] : [[now, `${now} (missing)`]],
  );
  return new Map([...nobody, ...renamed]);
}
