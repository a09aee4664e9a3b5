import type { SuiteRunRecord, Transaction } from '../ports.ts';
import { foundOutAt } from './found-out-at.ts';

/** How a run ends that did not come to its end. */
export interface EarlyEnd {
  state: 'failed' | 'stopped';
  /** One line for people: what happened, and what to do. */
  detail: string;
}

/**
 * Ends a run that is under way, and says so in the result that told how far it was. Whoever works on it notices within a second and
 * stops. False: it had ended already. The caller holds the workflow's lock, and marks the promotions that it concerns.
 */
export async function endRun(tx: Transaction, run: SuiteRunRecord, end: EarlyEnd): Promise<boolean> {
  if (!(await tx.suites.end(run.id, end))) return false;
  for (const id of run.checkIds) {
    const check = await tx.evidence.findCheck(id);
    if (check?.state !== 'running') continue;
    const { passed, failed, notJudged } = check;
    await tx.evidence.changeCheck(id, {
      ...{ at: await foundOutAt(tx, run), source: 'suite', state: 'errored', detail: end.detail },
      ...(passed !== undefined && { passed }),
      ...(failed !== undefined && { failed }),
      ...(notJudged !== undefined && { notJudged }),
    });
  }
  await tx.announcements.refresh(run.id);
  if (run.promotionId !== null) await tx.announcements.refresh(run.promotionId);
  return true;
}

/** What was run for a promotion that is closed now is of use to nobody. */
export async function endRunsOf(tx: Transaction, promotionId: string): Promise<void> {
  const detail = 'It was stopped, since its promotion was closed.';
  for (const run of await tx.suites.underWayOf(promotionId)) await endRun(tx, run, { state: 'stopped', detail });
}
