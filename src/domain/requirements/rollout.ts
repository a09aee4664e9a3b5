import { shareText } from '../rollout.ts';
import type { Requirement } from './requirement.ts';

/**
 * While a canary runs in the target, nothing else is deployed there, and a canary has to be able to be one. Asked only where one of
 * the two keeps the promotion from being deployed.
 */
export const rolloutRequirement: Requirement = {
  kind: 'rollout',
  applies: ({ candidate, noCanary }) => candidate !== undefined || noCanary !== undefined,
  evaluate: ({ candidate, noCanary, workflow, target }) => {
    if (candidate === undefined)
      return { state: 'failed', summary: 'A workflow that can run as a canary', detail: noCanary ?? '' };
    const { version, share } = candidate;
    return {
      state: 'pending',
      summary: `A canary of ${version} runs at ${shareText(share)}: finish or abort it first (\`/towpath rollout ${workflow.slug} ${target.name}\`)`,
    };
  },
};
