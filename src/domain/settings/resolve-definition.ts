import { allSteps, type Definition } from '../workflow/definition.ts';
import type { JsonObject } from '../workflow/json.ts';
import { applyChoices } from './apply-choices.ts';
import { fillDefinition } from './fill.ts';
import type { NeededSecret } from './fill-notes.ts';
import type { FillProblem } from './fill-problem.ts';
import type { ModelChoice, Settings } from './settings.ts';

export type { NeededSecret } from './fill-notes.ts';
export type { FillProblem } from './fill-problem.ts';

/** What of the settings the document can't hold itself, because its format is not Towpath's own: whoever runs it applies it. */
export interface Overrides extends ModelChoice {
  /** By the id or, where none has that id, the label of a step; only of steps that there are. */
  readonly steps: Readonly<Record<string, ModelChoice>>;
}

export type Resolved =
  | {
      readonly ok: true;
      readonly document: JsonObject;
      readonly overrides: Overrides;
      readonly secrets: readonly NeededSecret[];
    }
  | { readonly ok: false; readonly problems: readonly FillProblem[] };

/**
 * A version's document as an environment fills it, or all that keeps it from being filled. In Towpath's own format the steps are
 * told their provider, model and parameters, and `overrides` is empty; of other formats only masks are replaced and what the
 * format lists is filled.
 */
export function resolveDefinition(definition: Definition, effective: Settings): Resolved {
  const isOwn = definition.format === 'towpath';
  const { document, problems, secrets } = fillDefinition(definition, effective, (filled) =>
    isOwn ? applyChoices(filled, effective) : filled,
  );
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, document, overrides: isOwn ? { steps: {} } : overridesOf(definition, effective), secrets };
}

/** What the settings say that is handed out beside the document. */
export function overridesOf(
  definition: Definition,
  { provider, model, modelParameters, steps = {} }: Settings,
): Overrides {
  const known = new Set(allSteps(definition).flatMap(({ id, label }) => (label === undefined ? [id] : [id, label])));
  return {
    ...(provider !== undefined && { provider }),
    ...(model !== undefined && { model }),
    ...(modelParameters !== undefined && { modelParameters }),
    steps: Object.fromEntries(Object.entries(steps).filter(([id]) => known.has(id))),
  };
}
