import { lookUp } from '../look-up.ts';
import { allSteps, type Definition, type Step } from '../workflow/definition.ts';
import { quoteName } from './quote.ts';

/** How steps are called in sentences. */
export interface StepNames {
  /** `‘Summarise’`; with its id where another step has the same label. */
  of(step: Step): string;
  /** By id, for steps that are only named, as in `dependsOn`. The id itself where there is no such step. */
  byId(id: string): string;
  /** `Loop ‘refine’`, `Step ‘Summarise’`. */
  withKind(step: Step): string;
}

/** Kinds that a person thinks of by their own word; the others are steps. */
const OWN_WORDS: Readonly<Record<string, string>> = { loop: 'Loop', condition: 'Condition', parallel: 'Parallel' };

/** Looks through the steps when first asked: of two versions that do not differ, no step is ever named. */
export function nameSteps(definitions: readonly Pick<Definition, 'steps'>[]): StepNames {
  let shared: ReadonlySet<string> | undefined;
  let byId: ReadonlyMap<string, Step> | undefined;
  const of = (step: Step): string => {
    shared ??= sharedLabels(definitions);
    const label = labelOf(step);
    return shared.has(label) ? `${quoteName(label)} (${step.id.slice(0, 100)})` : quoteName(label);
  };
  return {
    of,
    byId: (id) => {
      byId ??= new Map(definitions.flatMap(allSteps).map((step) => [step.id, step]));
      const step = byId.get(id);
      return step === undefined ? quoteName(id) : of(step);
    },
    withKind: (step) => `${lookUp(OWN_WORDS, step.kind) ?? 'Step'} ${of(step)}`,
  };
}

/** Within one version: the same step may have one id in each. */
function sharedLabels(definitions: readonly Pick<Definition, 'steps'>[]): Set<string> {
  const shared = new Set<string>();
  for (const definition of definitions) {
    const labels = new Set<string>();
    for (const step of allSteps(definition)) {
      const label = labelOf(step);
      if (labels.has(label)) shared.add(label);
      else labels.add(label);
    }
  }
  return shared;
}

/** What a person calls it. */
export function labelOf(step: Step): string {
  return step.label?.trim() ? step.label : step.id;
}
