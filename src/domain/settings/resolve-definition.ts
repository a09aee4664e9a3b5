import type { Definition } from '../workflow/definition.ts';
import type { JsonObject } from '../workflow/json.ts';
import type { ModelChoice, Settings } from './settings.ts';

/** Why a document can't be filled. One for each name, with all the places where it stands. */
export interface FillProblem {
  readonly kind: 'unknown' | 'not_a_flag' | 'malformed' | 'masked';
  /** Of the variable or secret. */
  readonly name?: string;
  /** Such as `steps[2].model`, in the order of the document. */
  readonly paths: readonly string[];
  /** For people: what is wrong, and what to do. */
  readonly message: string;
}

/** What of the settings the document can't hold itself, because its format is not Towpath's own: whoever runs it applies it. */
export interface Overrides extends ModelChoice {
  /** By the id of a step. */
  readonly steps: Readonly<Record<string, ModelChoice>>;
}

/** A secret that a filled document names, and where. */
export interface NeededSecret {
  readonly name: string;
  readonly paths: readonly string[];
}

export type Resolved =
  | {
      readonly ok: true;
      readonly document: JsonObject;
      readonly overrides: Overrides;
      readonly secrets: readonly NeededSecret[];
    }
  | { readonly ok: false; readonly problems: readonly FillProblem[] };

/** A version's document as an environment fills it, or all that keeps it from being filled. */
export function resolveDefinition(definition: Definition, effective: Settings): Resolved {
  const { provider, model, modelParameters, steps = {} } = effective;
  const overrides: Overrides = {
    ...(provider !== undefined && { provider }),
    ...(model !== undefined && { model }),
    ...(modelParameters !== undefined && { modelParameters }),
    steps,
  };
  return { ok: true, document: definition.document, overrides, secrets: [] };
}
