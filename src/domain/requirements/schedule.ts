import type { Facts, Requirement } from './requirement.ts';

function deployAt({ promotion }: Facts): Date | null {
  return promotion.deployAt ?? null;
}

/** The time that was asked for has come. Everything else is judged again then. */
export const scheduleRequirement: Requirement = {
  kind: 'schedule',
  applies: (facts) => deployAt(facts) !== null,
  evaluate: (facts) => {
    const at = deployAt(facts);
    if (at === null || at <= facts.now) return { state: 'met', summary: 'The time it was scheduled for has come' };
    return { state: 'pending', summary: 'Scheduled for later', retryAt: at };
  },
};
