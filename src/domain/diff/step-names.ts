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
  let found: ReturnType<typeof collectNames> | undefined;
  const look = () => {
    found ??= collectNames(definitions);
    return found;
  };
  const of = (step: Step): string => {
    return look().shared.has(labelOf(step))
      ? `${quoteName(labelOf(step))} (${step.id.slice(0, 100)})`
      : quoteName(labelOf(step));
  };
  return {
    of,
    byId: (id) => {
      const step = look().byId.get(id);
      return step === undefined ? quoteName(id) : of(step);
    },
    withKind: (step) => `${OWN_WORDS[step.kind] ?? 'Step'} ${of(step)}`,
  };
}

function collectNames(definitions: readonly Pick<Definition, 'steps'>[]) {
  const byId = new Map<string, Step>();
  const shared = new Set<string>();
  for (const definition of definitions) {
    // Within one version: the same step may have one id in each.
    const labels = new Set<string>();
    for (const step of allSteps(definition)) {
      byId.set(step.id, step);
      const label = labelOf(step);
      if (labels.has(label)) shared.add(label);
      else labels.add(label);
    }
  }
  return { byId, shared };
}

/** What a person calls it. */
export function labelOf(step: Step): string {
  return step.label?.trim() ? step.label : step.id;
}
