import { approvalsRequirement } from './approvals.ts';
import type { Facts, Requirement, Verdict } from './requirement.ts';
import { rolloutRequirement } from './rollout.ts';
import { settingsRequirement } from './settings.ts';

/** Every requirement there is, in the order the card shows them. */
export const REQUIREMENTS: readonly Requirement[] = [settingsRequirement, rolloutRequirement, approvalsRequirement];

export interface JudgedRequirement extends Verdict {
  kind: string;
}

/** Judges every requirement by the same facts: what the card shows is what the act of deploying reads. */
export function evaluateAll(facts: Facts, requirements: readonly Requirement[] = REQUIREMENTS): JudgedRequirement[] {
  return requirements
    .filter((requirement) => requirement.applies?.(facts) ?? true)
    .map((requirement) => ({ kind: requirement.kind, ...requirement.evaluate(facts) }));
}

/** Whether nothing is missing any more: the act that made this true deploys (rule 6). */
export function allMet(verdicts: readonly Verdict[]): boolean {
  return verdicts.every((verdict) => verdict.state === 'met');
}
