import { isUnderWay } from '../../domain/suite/suite-run.ts';
import type { SuiteRunRecord, Transaction } from '../ports.ts';

/**
 * When the result of a run that ends now was found out: before another run of the same began to wait, where one does. Nothing is
 * judged by an older run while a newer one is to come.
 */
export async function foundOutAt(
  tx: Transaction,
  { id, kind, versionId, environmentId, liveVersionId }: SuiteRunRecord,
): Promise<Date> {
  const of = { kind, versionId, environmentId, ...(liveVersionId !== null && { liveVersionId }) };
  const newest = await tx.suites.newestRun(of);
  if (newest === null || newest.id === id || !isUnderWay(newest.state)) return tx.now;
  return new Date(Math.min(tx.now.getTime(), newest.askedAt.getTime() - 1));
}
