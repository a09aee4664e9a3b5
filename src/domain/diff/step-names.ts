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

export function nameSteps(definitions: readonly Pick<Definition, 'steps'>[]): StepNames {
  const idsByLabel = new Map<string, Set<string>>();
  const byId = new Map<string, Step>();
  for (const step of definitions.flatMap(allSteps)) {
    byId.set(step.id, step);
    const ids = idsByLabel.get(labelOf(step)) ?? new Set();
    idsByLabel.set(labelOf(step), ids.add(step.id));
  }
  const of = (step: Step): string => {
    const isShared = (idsByLabel.get(labelOf(step))?.size ?? 0) > 1;
    return isShared ? `${quoteName(labelOf(step))} (${step.id.slice(0, 100)})` : quoteName(labelOf(step));
  };
  return {
    of,
    byId: (id) => {
      const step = byId.get(id);
      return step === undefined ? quoteName(id) : of(step);
    },
    withKind: (step) => `${OWN_WORDS[step.kind] ?? 'Step'} ${of(step)}`,
  };
}

/** What a person calls it. */
export function labelOf(step: Step): string {
  return step.label?.trim() ? step.label : step.id;
}
