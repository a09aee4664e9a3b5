import { z } from 'zod';
import { closedObject } from '../configuration/closed-object.ts';
import { maxAge } from '../configuration/yaml-duration.ts';
import { lower, type PolicyPart, said } from './policy-part.ts';

/** The most that a run of the version may cost in the target. */
export interface CostPolicy {
  /** US dollars. */
  maxCostPerRun?: number;
  /** Above what is live there: 0.1 is a tenth more. */
  maxIncrease?: number;
  /** Milliseconds. */
  maxAge: number;
}

export const costPart: PolicyPart<CostPolicy> = {
  yaml: closedObject({
    maxCostPerRun: z.number().min(0).max(1_000_000).optional().describe('US dollars, such as 0.05.'),
    maxIncrease: z.number().min(0).max(1_000).optional().describe('Above what is live: 0.1 for a tenth more.'),
    maxAge,
  })
    .refine(({ maxCostPerRun, maxIncrease }) => maxCostPerRun !== undefined || maxIncrease !== undefined, {
      error: 'needs maxCostPerRun, maxIncrease or both',
    })
    .transform(said),
  kept: z.looseObject({
    maxCostPerRun: z.number().exactOptional(),
    maxIncrease: z.number().exactOptional(),
    maxAge: z.number(),
  }),
  stricter: (a, b) =>
    said({
      maxCostPerRun: lower(a.maxCostPerRun, b.maxCostPerRun),
      maxIncrease: lower(a.maxIncrease, b.maxIncrease),
      maxAge: Math.min(a.maxAge, b.maxAge),
    }),
};
