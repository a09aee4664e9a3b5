import type { Change, WorkflowDiff } from './change.ts';

/**
 * How many of the changes that several versions made together the last of them made, or made again: `whole` compares with
 * what is live, `last` with the version just before. Counts listed changes only, so at most `whole.changes.length`.
 */
export function changesMadeBy(last: WorkflowDiff, whole: WorkflowDiff): number {
  const made = new Set(last.changes.map(placeOf));
  return whole.changes.filter((change) => made.has(placeOf(change))).length;
}

/** What was changed, whatever it was before. A step that came is not the same as something that changed in it. */
function placeOf({ class: changeClass, kind, stepId, property, path }: Change): string {
  if (stepId === undefined) return JSON.stringify([changeClass, path]);
  return JSON.stringify([changeClass, stepId, property ?? `whole:${kind}`]);
}
