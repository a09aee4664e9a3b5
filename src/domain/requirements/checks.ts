import { newestByName } from '../check-result.ts';
import { belongsTo } from './measure.ts';
import { notJudgedYet, policyOf, type Requirement } from './requirement.ts';

/** Every check from outside that the policy names has passed for the version in the target. */
export const checksRequirement: Requirement = {
  kind: 'checks',
  applies: (facts) => (policyOf(facts).checks ?? []).length > 0,
  evaluate: (facts) => {
    const names = policyOf(facts).checks ?? [];
    const asked = `${names.length === 1 ? 'Check' : 'Checks'} ${names.join(', ')}`;
    if (facts.checks === undefined) return notJudgedYet(asked);
    const newest = newestByName(facts.checks.filter(belongsTo(facts)), 'check');
    const stateOf = (name: string) => newest.find((result) => result.name === name)?.state;
    const bad = names.filter((name) => stateOf(name) === 'failed' || stateOf(name) === 'errored');
    const open = names.filter((name) => stateOf(name) === undefined || stateOf(name) === 'running');
    if (bad.length > 0) {
      const why = newest.find(({ name }) => name === bad[0])?.detail;
      return {
        state: 'failed',
        summary: asked,
        detail: `${bad.join(', ')} failed${why === undefined ? '' : `: ${why}`}`,
      };
    }
    if (open.length === 0) return { state: 'met', summary: `${asked} passed` };
    const runs = open.every((name) => stateOf(name) === 'running');
    // Of one check its name is said already.
    const detail = names.length > 1 ? `still open: ${open.join(', ')}` : runs ? 'it runs' : 'no result yet';
    return { state: 'pending', summary: asked, detail };
  },
};
