import { z } from 'zod';
import { closedObject } from '../configuration/closed-object.ts';
import { maxAge } from '../configuration/yaml-duration.ts';
import { type PolicyPart, union } from './policy-part.ts';

/** The least score that the version has to reach on one named scale. */
export interface QualityPolicy {
  /** The scale's name: results on others are not looked at. */
  scale: string;
  minScore: number;
  /** The scale's best score: 4.0 of 5. */
  of: number;
  /** Milliseconds. */
  maxAge: number;
}

const scale = closedObject({
  scale: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,62}$/, { error: 'has to be a name in small letters, such as helpfulness' })
    .default('quality')
    .describe('Which score is meant, such as helpfulness. Left out: quality.'),
  minScore: z.number().min(0).max(1_000_000).describe('The least score, such as 4.0.'),
  of: z.number().positive().max(1_000_000).default(5).describe('The best score that there is. Left out: 5.'),
  maxAge,
}).refine(({ minScore, of }) => minScore <= of, {
  path: ['minScore'],
  error: 'is more than the best score that there is, `of`',
});

const kept: z.ZodType<QualityPolicy> = z.looseObject({
  ...{ scale: z.string(), minScore: z.number() },
  ...{ of: z.number(), maxAge: z.number() },
});

/** Scores on different scales, and of different best ones, can't be compared: each is asked for by itself. */
const scaleOf = (policy: QualityPolicy) => JSON.stringify([policy.scale, policy.of]);

export const qualityPart: PolicyPart<readonly QualityPolicy[]> = {
  yaml: z
    .union([scale.transform((one) => [one]), z.array(scale).min(1).max(10)], {
      error: 'has to be a mapping such as { minScore: 4.0, of: 5 }, or a list of such',
    })
    .refine((all) => new Set(all.map((one) => one.scale)).size === all.length, { error: 'names a scale twice' }),
  kept: z.array(kept),
  stricter: (a, b) =>
    union(a, b, scaleOf).map((policy) => {
      const same = [...a, ...b].filter((other) => scaleOf(other) === scaleOf(policy));
      return {
        ...policy,
        minScore: Math.max(...same.map(({ minScore }) => minScore)),
        maxAge: Math.min(...same.map((one) => one.maxAge)),
      };
    }),
};
