import { z } from 'zod';
import { closedObject } from '../configuration/closed-object.ts';
import { maxAge, yamlDuration } from '../configuration/yaml-duration.ts';
import { lower, type PolicyPart, said } from './policy-part.ts';

/** The longest that the version may take in the target, but for the slowest twentieth of its runs. */
export interface LatencyPolicy {
  /** Milliseconds. */
  maxP95?: number;
  /** Above what is live there: 0.1 is a tenth more. */
  maxIncrease?: number;
  /** Milliseconds. */
  maxAge: number;
}

export const latencyPart: PolicyPart<LatencyPolicy> = {
  yaml: closedObject({
    maxP95: yamlDuration('1ms', '1d').optional().describe('What 95 of 100 runs take at most: 800ms, 2s.'),
    maxIncrease: z.number().min(0).max(1_000).optional().describe('Above what is live: 0.1 for a tenth more.'),
    maxAge,
  })
    .refine(({ maxP95, maxIncrease }) => maxP95 !== undefined || maxIncrease !== undefined, {
      error: 'needs maxP95, maxIncrease or both',
    })
    .transform(said),
  kept: z.looseObject({
    maxP95: z.number().exactOptional(),
    maxIncrease: z.number().exactOptional(),
    maxAge: z.number(),
  }),
  stricter: (a, b) =>
    said({
      maxP95: lower(a.maxP95, b.maxP95),
      maxIncrease: lower(a.maxIncrease, b.maxIncrease),
      maxAge: Math.min(a.maxAge, b.maxAge),
    }),
};
