import { RunnerFailure, type RunRequest } from '../ports/runners.ts';

type Which = Pick<RunRequest, 'workflow' | 'environment'>;

/** What whoever asks is told once the day's money is spent. @param most US dollars */
export function costReached({ workflow, environment }: Which, most: number): string {
  return `The runs of ${workflow} in ${environment}, those of suites too, have cost the $${most} of today (UTC) that its settings allow. Wait until tomorrow, or raise \`limits.costPerDay\` there.`;
}

/** Nothing was run, so it cost nothing. */
export function costReachedFailure(request: RunRequest): RunnerFailure {
  return new RunnerFailure('cost_reached', costReached(request, request.settings.limits?.costPerDay ?? 0), null, 0);
}

/** A place was free all the time, and the money for it was not. */
export function costAtStake({ workflow, environment, settings, limits }: RunRequest): RunnerFailure {
  const most = settings.limits?.costPerDay ?? 0;
  return new RunnerFailure(
    'too_busy',
    `What goes on already may cost the rest of the $${most} that the runs of ${workflow} in ${environment} may cost today (UTC), and none of it ended within ${Math.round(limits.timeoutMs / 1_000)} s. Try again later, or raise \`limits.costPerDay\` there.`,
    null,
    0,
  );
}

/** The lesser of what a run may cost and what is left of its day, in US dollars; null: as much as it takes. */
export function leastCost(perRun: number | null, left: number | null): number | null {
  if (perRun === null || left === null) return perRun ?? left;
  return Math.min(perRun, left);
}
