import type { Actor } from '../../domain/actor.ts';
import { Refusal } from '../../domain/refusal.ts';
import { budgetOf, needsReplay, needsRun, suiteByItself } from '../../domain/suite/runs-by-itself.ts';
import type { Transaction } from '../ports.ts';
import type { Review } from '../review.ts';
import { askForRun, type RunWanted } from './ask-for-run.ts';

/** Has run by itself what the policy judges a promotion by: the workflow's suite, and a replay beside what is live. */
export async function askByItself(tx: Transaction, judged: Review): Promise<void> {
  await askForSuite(tx, judged);
  await askForReplay(tx, judged);
}

async function askForSuite(tx: Transaction, { facts, target }: Review): Promise<void> {
  const { promotion, workflow, now } = facts;
  const byItself = suiteByItself(target.policy);
  const suite = byItself === null ? null : await tx.suites.newestTag(workflow.id);
  if (byItself === null || suite === null) return;
  const what = { versionId: promotion.versionId, environmentId: target.id };
  const last = await tx.suites.newestRun({ kind: 'suite', ...what, suite: suite.number });
  if (!needsRun(last, { promotionId: promotion.id, at: now, maxAge: byItself.maxAge })) return;
  await ask(tx, {
    ...{ kind: 'suite', name: suite.name, workflowId: workflow.id, ...what, liveVersionId: null },
    ...{ suite: suite.number, promotionId: promotion.id, budget: byItself.budget, total: suite.cases },
  });
}

/** With nothing live there is nothing to compare with. */
async function askForReplay(tx: Transaction, { facts, target, live }: Review): Promise<void> {
  const { promotion, workflow } = facts;
  const { shadow } = target.policy;
  if (shadow === undefined || live === null || live.versionId === promotion.versionId) return;
  const what = { versionId: promotion.versionId, environmentId: target.id };
  const last = await tx.suites.newestRun({ kind: 'shadow', ...what });
  if (!needsReplay(last, { promotionId: promotion.id, liveVersionId: live.versionId })) return;
  await ask(tx, {
    ...{ kind: 'shadow', name: 'shadow', workflowId: workflow.id, ...what, liveVersionId: live.versionId },
    ...{ suite: null, promotionId: promotion.id, budget: budgetOf(target.policy), total: shadow.sample },
  });
}

/** A version with too many results there is judged by those that it has. */
async function ask(tx: Transaction, wanted: RunWanted): Promise<void> {
  const clock: Actor = { workspaceId: tx.workspaceId, userId: 'clock', via: 'clock' };
  try {
    await askForRun(tx, clock, wanted);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}
