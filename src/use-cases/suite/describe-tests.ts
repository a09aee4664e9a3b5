import { suiteByItself } from '../../domain/suite/runs-by-itself.ts';
import type { RunOnCard, TestsOfPromotion } from '../checks/check-views.ts';
import type { SuiteRunRecord } from '../ports/suites.ts';
import type { Reading } from '../ports.ts';
import type { Review } from '../review.ts';

/** What Towpath runs by itself on what is under review. Looked up only where results are asked for, or a suite runs by itself. */
export async function describeTests(tx: Reading, { facts, target, live }: Review): Promise<TestsOfPromotion | null> {
  if (facts.checks === undefined && suiteByItself(target.policy) === null) return null;
  const of = { versionId: facts.promotion.versionId, environmentId: target.id };
  const beside = target.policy.shadow === undefined ? null : live;
  const replay =
    beside === null ? null : await tx.suites.newestRun({ kind: 'shadow', ...of, liveVersionId: beside.versionId });
  return {
    suite: onCard(await tx.suites.newestRun({ kind: 'suite', ...of })),
    replay: onCard(replay),
    hasSuite: (await tx.suites.newestTag(facts.workflow.id)) !== null,
  };
}

function onCard(run: SuiteRunRecord | null): RunOnCard | null {
  if (run === null) return null;
  const { id, state, total, done, passed, failed, errored, checkIds } = run;
  return { id, state, total, done, passed, failed, errored, checkId: checkIds[0] ?? null };
}
