import { z } from 'zod';
import { closedObject } from '../configuration/closed-object.ts';
import { type ApprovalRule, placesOf } from './approval-rule.ts';
import { higher, type PolicyPart, said } from './policy-part.ts';

/** How many different people have to approve a change that carries so much risk, whatever the rules ask for. */
export interface RiskPolicy {
  medium?: { count: number };
  high?: { count: number };
}

/**
 * The risk's people for rules that were made stricter: those beyond the rules' own still have to fit the first rule. Counted in
 * all alone, somebody whom a rule was added for would take the place of one of them.
 */
export function riskOver(
  risk: RiskPolicy,
  before: readonly ApprovalRule[],
  after: readonly ApprovalRule[],
): RiskPolicy {
  const total = (rules: readonly ApprovalRule[]) => rules.reduce((sum, rule) => sum + placesOf(rule), 0);
  const ofFirst = (rules: readonly ApprovalRule[]) => total(rules.slice(0, 1));
  const raised = (count: number) => {
    const beyond = count - total(before);
    if (beyond <= 0) return count;
    return total(after) + Math.max(0, ofFirst(before) + beyond - ofFirst(after));
  };
  const { medium, high } = risk;
  return {
    ...(medium && { medium: { count: raised(medium.count) } }),
    ...(high && { high: { count: raised(high.count) } }),
  };
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
