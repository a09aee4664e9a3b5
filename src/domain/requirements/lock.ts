import type { Facts, Requirement } from './requirement.ts';

/** `/towpath lock WORKFLOW|ENV|all REASON [for 2h]`: nothing goes live in its scope. */
export interface Lock {
  id: string;
  /** Null: every workflow. */
  workflowId: string | null;
  /** Null: every environment. */
  environmentId: string | null;
  reason: string;
  by: string;
  at: Date;
  /** Null: until somebody unlocks. */
  until: Date | null;
  /** Whose card it was taken from: its owner ends it by ending that. Null: none. */
  promotionId: string | null;
}

/** Whether it holds at `now`; its end is no part of it. */
export function isLockInForce({ until }: Pick<Lock, 'until'>, now: Date): boolean {
  return until === null || until > now;
}

/** The locks that keep a workflow from going live in an environment at `now`, the oldest first. */
export function locksOn(locks: readonly Lock[], workflowId: string, environmentId: string, now: Date): Lock[] {
  return locks
    .filter((lock) => lock.workflowId === null || lock.workflowId === workflowId)
    .filter((lock) => lock.environmentId === null || lock.environmentId === environmentId)
    .filter((lock) => isLockInForce(lock, now))
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}

function inScope({ locks = [], workflow, target, now }: Facts): Lock[] {
  return locksOn(locks, workflow.id, target.id, now);
}

/** Nobody locked the workflow or the target. Stops promotions and deploys, never rollbacks. */
export const lockRequirement: Requirement = {
  kind: 'lock',
  applies: (facts) => inScope(facts).length > 0,
  evaluate: (facts) => {
    const held = inScope(facts);
    const [oldest] = held;
    if (oldest === undefined) return { state: 'met', summary: 'Nothing is locked' };
    const what =
      oldest.workflowId !== null
        ? facts.workflow.slug
        : oldest.environmentId !== null
          ? facts.target.name
          : 'Everything';
    const ends = held.flatMap(({ until }) => (until === null ? [] : [until.getTime()]));
    return {
      state: 'pending',
      // Without its age: what is judged alike is said alike, and a card would show an old one.
      summary: `${what} is locked`,
      detail: held.map(({ reason }) => reason).join('; '),
      people: [...new Set(held.map(({ by }) => by))],
      ...(ends.length > 0 && { retryAt: new Date(Math.min(...ends)) }),
    };
  },
};
