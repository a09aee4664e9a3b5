import { z } from 'zod';
import { type PolicyPart, union } from './policy-part.ts';

function distinct(names: readonly string[]): boolean {
  return new Set(names).size === names.length;
}

/** Names of checks from outside that have to have passed. */
export const checksPart: PolicyPart<readonly string[]> = {
  yaml: z
    .array(
      z.string().regex(/^[a-z][a-z0-9_.-]{0,62}$/, {
        error: 'has to be a name in small letters, such as security-review',
      }),
    )
    .max(20)
    .refine(distinct, { error: 'names a check twice' }),
  kept: z.array(z.string()),
  stricter: (a, b) => union(a, b, (name) => name),
};

/** Items that people tick on the card. */
export const checklistPart: PolicyPart<readonly string[]> = {
  yaml: z
    .array(
      z
        .string()
        .trim()
        .regex(/^[^\p{Cc}]{1,75}$/u, { error: 'has to be one line of at most 75 characters' }),
    )
    .max(10)
    .refine(distinct, { error: 'names an item twice' }),
  kept: z.array(z.string()),
  stricter: (a, b) => union(a, b, (item) => item),
};
