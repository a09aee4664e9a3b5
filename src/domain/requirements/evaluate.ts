import { approvalsRequirement } from './approvals.ts';
import { checklistRequirement } from './checklist.ts';
import { checksRequirement } from './checks.ts';
import { costRequirement } from './cost.ts';
import { freezeRequirement } from './freeze.ts';
import { gatesRequirement } from './gates.ts';
import { heldRequirement } from './held.ts';
import { latencyRequirement } from './latency.ts';
import { lockRequirement } from './lock.ts';
import { isParityAged, parityAged, parityRequirement } from './parity.ts';
import { qualityRequirement } from './quality.ts';
import type { Facts, Requirement, Verdict } from './requirement.ts';
import { rolloutRequirement } from './rollout.ts';
import { scheduleRequirement } from './schedule.ts';
import { settingsRequirement } from './settings.ts';
import { shadowRequirement } from './shadow.ts';
import { soakRequirement } from './soak.ts';
import { testsRequirement } from './tests.ts';

/** Every requirement there is, in the order the card shows them. */
export const REQUIREMENTS: readonly Requirement[] = [
  ...[settingsRequirement, parityRequirement],
  ...[testsRequirement, qualityRequirement, costRequirement, latencyRequirement],
  ...[checksRequirement, gatesRequirement, soakRequirement, shadowRequirement, checklistRequirement],
  ...[freezeRequirement, lockRequirement, rolloutRequirement, heldRequirement, scheduleRequirement],
  approvalsRequirement,
];

export interface JudgedRequirement extends Verdict {
  kind: string;
}

/**
 * Judges every requirement by the same facts: what the card shows is what the act of deploying reads. What the target has is looked
 * at once more where that was long ago and nothing else is missing: before, it would be looked at over and over for nothing.
 */
export function evaluateAll(facts: Facts, requirements: readonly Requirement[] = REQUIREMENTS): JudgedRequirement[] {
  const verdicts = requirements
    .filter((requirement) => requirement.applies?.(facts) ?? true)
    .map((requirement) => ({ kind: requirement.kind, ...requirement.evaluate(facts) }));
  if (!isParityAged(facts) || !allMet(verdicts)) return verdicts;
  const { kind } = parityRequirement;
  return verdicts.map((verdict) => (verdict.kind === kind ? { kind, ...parityAged(facts) } : verdict));
}

/** Whether what the target has is to be looked at once more before the promotion may go live. */
export function awaitsParityAgain(facts: Facts, verdicts: readonly JudgedRequirement[]): boolean {
  return (
    isParityAged(facts) && verdicts.some(({ kind, state }) => kind === parityRequirement.kind && state === 'pending')
  );
}

/** Whether nothing is missing any more: the act that made this true deploys (rule 6). */
export function allMet(verdicts: readonly Verdict[]): boolean {
  return verdicts.every((verdict) => verdict.state === 'met');
}

/** The earliest time at which judging again may turn out otherwise without anybody acting; null where the clock changes nothing. */
export function judgeAgainAt(verdicts: readonly Verdict[]): Date | null {
  const times = verdicts.flatMap(({ state, retryAt }) =>
    state === 'met' || retryAt === undefined ? [] : [retryAt.getTime()],
  );
  return times.length === 0 ? null : new Date(Math.min(...times));
}

/** Whether the clock alone is what is missing: nobody has to act any more. An approval is never the clock's. */
export function waitsForTheClock(verdicts: readonly (Verdict & { kind?: string })[]): boolean {
  const open = verdicts.filter(({ state }) => state !== 'met');
  const isTheClocks = ({ kind, state, retryAt }: Verdict & { kind?: string }) =>
    state === 'pending' && retryAt !== undefined && kind !== approvalsRequirement.kind;
  return open.length > 0 && open.every(isTheClocks);
}
