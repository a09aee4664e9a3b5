import type { Actor } from '../../domain/actor.ts';
import { USUAL_SHADOW } from '../../domain/policy/shadow-policy.ts';
import { Refusal } from '../../domain/refusal.ts';
import { budgetOf, needsReplay, needsRun, suiteByItself } from '../../domain/suite/runs-by-itself.ts';
import type { Transaction } from '../ports.ts';
import type { Review } from '../review.ts';
import { askForRun, type RunWanted } from './ask-for-run.ts';

/** Has run by itself what the policy judges a promotion by: the workflow's suite, and a replay beside what is live. */
export async function askByItself(tx: Transaction, judged: Review): Promise<void> {
  await askForSuite(tx, judged);
  await askForReplay(tx, judged);
  await askForSoak(tx, judged);
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
async function askForReplay(tx: Transaction, judged: Review): Promise<void> {
  const { facts, target, live } = judged;
  const { shadow } = target.policy;
  if (shadow === undefined || live === null || live.versionId === facts.promotion.versionId) return;
  await replayIn(tx, judged, { environmentId: target.id, liveVersionId: live.versionId, total: shadow.sample });
}

/** How much the version diverges in the environment before from what it would replace: what a soak may be judged by, too. */
async function askForSoak(tx: Transaction, judged: Review): Promise<void> {
  const { facts, target, live } = judged;
  if (target.policy.soak?.maxDivergence === undefined || live === null || live.versionId === facts.promotion.versionId)
    return;
  const since = facts.stretches?.find(({ to }) => to === null)?.from;
  await replayIn(tx, judged, {
    ...{ environmentId: facts.promotion.sourceEnvironmentId, liveVersionId: live.versionId },
    ...{ total: USUAL_SHADOW.sample, ...(since !== undefined && { since }) },
  });
}

interface Replay {
  environmentId: string;
  liveVersionId: string;
  /** How many inputs, as far as that is known. */
  total: number;
  since?: Date;
}

async function replayIn(tx: Transaction, { facts, target }: Review, { since, ...replay }: Replay): Promise<void> {
  const { promotion, workflow } = facts;
  const { environmentId, liveVersionId } = replay;
  const { versionId, id: promotionId } = promotion;
  const last = await tx.suites.newestRun({ kind: 'shadow', versionId, environmentId, liveVersionId });
  if (!needsReplay(last, { promotionId, liveVersionId, ...(since !== undefined && { since }) })) return;
  await ask(tx, {
    ...{ kind: 'shadow', name: 'shadow', workflowId: workflow.id, versionId, ...replay },
    ...{ suite: null, promotionId, budget: budgetOf(target.policy) },
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
