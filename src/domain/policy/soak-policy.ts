import { z } from 'zod';
import { closedObject } from '../configuration/closed-object.ts';
import { yamlDuration, yamlShare } from '../configuration/yaml-duration.ts';
import { higher, lower, type PolicyPart, said } from './policy-part.ts';

/** How the version has to have done in the environment before, in one unbroken stretch. */
export interface SoakPolicy {
  /** Milliseconds. */
  for: number;
  /** Runs that succeeded. */
  minRuns?: number;
  /** From 0 to 1, of all runs. */
  maxErrorRate?: number;
  /** From 0 to 1, of all comparisons with what was live before. */
  maxDivergence?: number;
}

export const soakPart: PolicyPart<SoakPolicy> = {
  yaml: closedObject({
    for: yamlDuration('1m', '90d').describe('How long it has to have been active there: 24h, 7d.'),
    minRuns: z.number().int().min(1).max(1_000_000).optional().describe('How many runs have to have succeeded.'),
    maxErrorRate: yamlShare.optional().describe('The part of its runs that may fail: 0.02 for 2%.'),
    maxDivergence: yamlShare.optional().describe('The part of comparisons that may come out otherwise: 0.1 for 10%.'),
  }).transform(said),
  kept: z.looseObject({
    for: z.number(),
    minRuns: z.number().exactOptional(),
    maxErrorRate: z.number().exactOptional(),
    maxDivergence: z.number().exactOptional(),
  }),
  stricter: (a, b) =>
    said({
      for: Math.max(a.for, b.for),
      minRuns: higher(a.minRuns, b.minRuns),
      maxErrorRate: lower(a.maxErrorRate, b.maxErrorRate),
      maxDivergence: lower(a.maxDivergence, b.maxDivergence),
    }),
};
