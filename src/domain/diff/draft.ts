import type { Step } from '../workflow/definition.ts';
import type { Json } from '../workflow/json.ts';
import type { Change } from './change.ts';

/** A change whose sentence is not made yet: of thousands, only those that are listed get one. */
export interface Draft extends Omit<Change, 'sentence' | 'lines'> {
  readonly say: () => Pick<Change, 'sentence' | 'lines'>;
}

/** What every change of a step carries. */
export function ofStep(step: Step): Pick<Draft, 'stepId' | 'stepLabel' | 'stepKind'> {
  return { stepId: step.id, ...(step.label !== undefined && { stepLabel: step.label }), stepKind: step.kind };
}

/** Only those that are there: an absent value is not an `undefined` one. */
export function withValues(before: Json | undefined, after: Json | undefined): { before?: Json; after?: Json } {
  return { ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}

/** By which of the two values are there. */
export function kindOf(before: Json | undefined, after: Json | undefined): 'added' | 'removed' | 'changed' {
  return before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
}
