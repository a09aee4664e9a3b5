import { z } from 'zod';
import { closedObject } from '../configuration/closed-object.ts';
import type { PolicyPart } from './policy-part.ts';

/** What Towpath runs by itself when a promotion opens. */
export interface SuitesPolicy {
  onOpen: boolean;
  /** US dollars that one run of a suite may cost. */
  budget: number;
}

/** US dollars that one run may cost where nobody said. */
export const DEFAULT_BUDGET = 5;

export const suitesPart: PolicyPart<SuitesPolicy> = {
  yaml: closedObject({
    onOpen: z.boolean().default(true).describe("Whether the workflow's suite runs by itself when a promotion opens."),
    budget: z
      .number()
      .min(0)
      .max(10_000)
      .default(DEFAULT_BUDGET)
      .describe('US dollars that one run of it may cost. Left out: 5.'),
  }),
  kept: z.looseObject({ onOpen: z.boolean(), budget: z.number() }),
  stricter: (a, b) => ({ onOpen: a.onOpen || b.onOpen, budget: Math.min(a.budget, b.budget) }),
  // Nobody raises for one workflow what an environment spends without having said how much.
  absent: { onOpen: false, budget: DEFAULT_BUDGET },
};
