import type { Actor } from '../../domain/actor.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { SuiteRunKind } from '../../domain/suite/suite-run.ts';
import type { SuiteRunRecord, Transaction } from '../ports.ts';

/** A run that is wanted, of a suite or a replay. */
export interface RunWanted {
  kind: SuiteRunKind;
  /** What its result is called: the suite's name. */
  name: string;
  workflowId: string;
  versionId: string;
  environmentId: string;
  liveVersionId: string | null;
  suite: number | null;
  promotionId: string | null;
  /** US dollars; null: as much as it takes. */
  budget: number | null;
  /** Cases, as far as that is known. */
  total: number;
}

/** Runs of a workflow that wait in an environment without a promotion: each may take half an hour. */
const MOST_WAITING = 5;

/**
 * Puts a run on the queue of its workflow and environment. From now on a check result says how far it is, so that nothing is judged by
 * an older one. The caller marks the promotions that it concerns. @throws Refusal too_many
 */
export async function askForRun(tx: Transaction, actor: Actor, wanted: RunWanted): Promise<SuiteRunRecord> {
  const { name, kind, versionId, environmentId, workflowId, promotionId } = wanted;
  // A promotion's own are one for each environment, and must not be kept from it by what others ask for.
  if (promotionId === null && (await tx.suites.waiting(workflowId, environmentId)) >= MOST_WAITING)
    throw new Refusal(
      'too_many',
      `${MOST_WAITING} runs of this workflow wait for their turn there already. Wait until one has begun, or stop one.`,
    );
  const check = await tx.evidence.recordCheck({
    kind: kind === 'suite' ? 'tests' : 'shadow',
    ...{ name, versionId, environmentId, at: tx.now, state: 'running', source: 'suite' },
    detail: 'waits for its turn',
    ...(wanted.liveVersionId !== null && { liveVersionId: wanted.liveVersionId }),
    by: actor.userId,
  });
  if (promotionId !== null) await tx.announcements.refresh(promotionId);
  const { name: _name, ...run } = wanted;
  return tx.suites.ask({ ...run, askedBy: actor.userId, via: actor.via, checkIds: [check.id] });
}
