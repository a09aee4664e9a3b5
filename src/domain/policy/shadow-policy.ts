import { z } from 'zod';
import { closedObject } from '../configuration/closed-object.ts';
import { yamlShare } from '../configuration/yaml-duration.ts';
import { lower, type PolicyPart, said } from './policy-part.ts';

/** How alike the version and what is live have to answer the same inputs, replayed without effects. */
export interface ShadowPolicy {
  /** How many inputs are replayed. */
  sample: number;
  /** From 0 to 1: answers that are less alike diverge. */
  minSimilarity: number;
  /** From 0 to 1, of all that was replayed. Left out: `DEFAULT_DIVERGENCE`. */
  maxDivergence?: number;
}

/** The part that may diverge where nobody said. */
export const DEFAULT_DIVERGENCE = 0.1;

/** What a replay goes by that somebody asks for where the policy asks for none. */
export const USUAL_SHADOW: ShadowPolicy = { sample: 100, minSimilarity: 0.85 };

export const shadowPart: PolicyPart<ShadowPolicy> = {
  yaml: closedObject({
    sample: z.number().int().min(1).max(1_000).describe('How many recent inputs are replayed.'),
    minSimilarity: yamlShare.describe('How alike two answers have to be not to diverge: 0.85.'),
    maxDivergence: yamlShare.optional().describe('The part that may diverge: 0.1 for 10%. Left out: 0.1.'),
  }).transform(said),
  kept: z.looseObject({
    sample: z.number(),
    minSimilarity: z.number(),
    maxDivergence: z.number().exactOptional(),
  }),
  stricter: (a, b) =>
    said({
      sample: Math.max(a.sample, b.sample),
      minSimilarity: Math.max(a.minSimilarity, b.minSimilarity),
      // What is left out is the default: a larger one of the other is no looser than that.
      maxDivergence:
        a.maxDivergence === undefined && b.maxDivergence === undefined
          ? undefined
          : lower(a.maxDivergence ?? DEFAULT_DIVERGENCE, b.maxDivergence ?? DEFAULT_DIVERGENCE),
    }),
};
