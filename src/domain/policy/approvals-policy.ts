import { z } from 'zod';
import { closedObject } from '../configuration/closed-object.ts';
import { higher, type PolicyPart, said } from './policy-part.ts';

/** How many different people have to approve a change that carries so much risk, whatever the rules ask for. */
export interface RiskPolicy {
  medium?: { count: number };
  high?: { count: number };
}

/** `counts`: a no leaves the promotion open, and that person's yes no longer counts. `vetoes`: it ends the promotion. */
export type RejectionPolicy = 'vetoes' | 'counts';

export const authorMayApprovePart: PolicyPart<boolean> = {
  yaml: z.boolean({ error: 'has to be true or false' }),
  kept: z.boolean(),
  stricter: (a, b) => a && b,
  absent: true,
};

const REJECTIONS = ['vetoes', 'counts'] as const;
export const rejectionPart: PolicyPart<RejectionPolicy> = {
  yaml: z.enum(REJECTIONS, { error: 'has to be vetoes or counts' }),
  kept: z.enum(REJECTIONS),
  stricter: (a, b) => (a === 'counts' && b === 'counts' ? 'counts' : 'vetoes'),
  absent: 'vetoes',
};

const people = closedObject({
  count: z.number().int().min(1).max(20).describe('How many different people have to approve, in all.'),
});
const kept = z.looseObject({ count: z.int() }).exactOptional();

export const riskPart: PolicyPart<RiskPolicy> = {
  yaml: closedObject({
    medium: people.optional().describe('For a change of medium or high risk.'),
    high: people.optional().describe('For a change of high risk.'),
  }).transform(said),
  kept: z.looseObject({ medium: kept, high: kept }),
  stricter: (a, b) => {
    const count = (level: 'medium' | 'high') => higher(a[level]?.count, b[level]?.count);
    const [medium, high] = [count('medium'), count('high')];
    return {
      ...(medium !== undefined && { medium: { count: medium } }),
      ...(high !== undefined && { high: { count: high } }),
    };
  },
};
