import type { Policy } from '../policy/policy.ts';
import { DEFAULT_BUDGET } from '../policy/suites-policy.ts';
import { isUnderWay, type SuiteRunState } from './suite-run.ts';

/** What a policy has Towpath run by itself when a promotion opens. */
export interface RunsByItself {
  /** US dollars that one run may cost. */
  readonly budget: number;
  /** Milliseconds after which what was found out counts no more. */
  readonly maxAge: number;
}

const MEASURED = ['tests', 'cost', 'latency'] as const;

/** Null: nothing runs by itself. Where the policy does not say, the suite runs if its results are asked for. */
export function suiteByItself(policy: Policy): RunsByItself | null {
  const ages = [
    ...MEASURED.flatMap((field) => policy[field]?.maxAge ?? []),
    ...(policy.quality ?? []).map(({ maxAge }) => maxAge),
  ];
  const { onOpen, budget } = policy.suites ?? { onOpen: ages.length > 0, budget: DEFAULT_BUDGET };
  return onOpen ? { budget, maxAge: Math.min(...ages) } : null;
}

/** US dollars that one run of a suite, or one replay, may cost by a policy. */
export function budgetOf({ suites }: Policy): number {
  return suites?.budget ?? DEFAULT_BUDGET;
}

/** The run of the same thing that was asked for last. */
export interface LastRun {
  readonly state: SuiteRunState;
  readonly promotionId: string | null;
  readonly endedAt: Date | null;
  readonly liveVersionId: string | null;
}

/**
 * Whether a promotion is to have something run. What failed for it, or was stopped, is run again only by a person, since it would cost
 * money over and over. What was found out is good as long as it is fresh, whatever promotion it was for.
 */
export function needsRun(last: LastRun | null, now: { promotionId: string; at: Date; maxAge: number }): boolean {
  if (last === null) return true;
  if (isUnderWay(last.state)) return false;
  if (last.state !== 'completed') return last.promotionId !== now.promotionId;
  return now.at.getTime() - (last.endedAt?.getTime() ?? 0) > now.maxAge;
}

/** The same of a replay, which says nothing once something else is live. `since`: nor does one that ended before. */
export function needsReplay(
  last: LastRun | null,
  now: { promotionId: string; liveVersionId: string; since?: Date },
): boolean {
  if (last === null) return true;
  if (isUnderWay(last.state)) return false;
  if (last.liveVersionId !== now.liveVersionId) return true;
  if (now.since !== undefined && last.endedAt !== null && last.endedAt < now.since) return true;
  return last.promotionId !== now.promotionId && last.state !== 'completed';
}
