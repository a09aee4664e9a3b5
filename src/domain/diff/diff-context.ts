import type { ChangeCollector } from './change-collector.ts';
import type { TextBudget } from './compare-text.ts';
import type { Effort } from './effort.ts';
import type { FollowReferences } from './follow-references.ts';
import type { Likeness } from './likeness.ts';
import type { StepMatching } from './match-steps.ts';
import type { StepNames } from './step-names.ts';

/** What the parts of one comparison share. Made anew for each: nothing is remembered between two. */
export interface DiffContext {
  readonly collector: ChangeCollector;
  readonly matching: StepMatching;
  readonly follow: FollowReferences;
  readonly names: StepNames;
  readonly likeness: Likeness;
  readonly effort: Effort;
  readonly budget: TextBudget;
}
