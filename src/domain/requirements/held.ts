import type { Requirement } from './requirement.ts';

/**
 * What waited for a canary does not go live by a rollback that took that out: whoever rolls back wants less that is new, not more. It
 * goes on once a person approves it or asks for it again.
 */
export const heldRequirement: Requirement = {
  kind: 'held',
  applies: ({ promotion }) => promotion.heldSince != null,
  evaluate: () => ({
    state: 'pending',
    summary: 'Kept back since a rollback took out the canary that it waited for',
    detail: 'approve it again, or ask for it again, to go on',
  }),
};
