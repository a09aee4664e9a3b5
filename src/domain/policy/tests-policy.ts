import { z } from 'zod';
import { closedObject } from '../configuration/closed-object.ts';
import { maxAge, yamlShare } from '../configuration/yaml-duration.ts';
import type { PolicyPart } from './policy-part.ts';

/** What has to pass of the version's tests in the target. */
export interface TestsPolicy {
  /** From 0 to 1, of all cases: one that was not judged did not pass. */
  minPassRate: number;
  /** Milliseconds. */
  maxAge: number;
}

export const testsPart: PolicyPart<TestsPolicy> = {
  yaml: closedObject({
    minPassRate: yamlShare.default(0.8).describe('The part of the cases that has to pass, 0.9 for 90%. Left out: 0.8.'),
    maxAge,
  }),
  kept: z.looseObject({ minPassRate: z.number(), maxAge: z.number() }),
  stricter: (a, b) => ({
    minPassRate: Math.max(a.minPassRate, b.minPassRate),
    maxAge: Math.min(a.maxAge, b.maxAge),
  }),
};
