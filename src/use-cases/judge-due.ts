import { createHash } from 'node:crypto';
import type { Actor } from '../domain/actor.ts';
import type { Pipeline } from '../domain/environment.ts';
import { awaitsParityAgain, type JudgedRequirement, judgeAgainAt } from '../domain/requirements/evaluate.ts';
import type { Workflow } from '../domain/version.ts';
import { tellStory } from './announce.ts';
import { askForEvidence } from './ask-for-evidence.ts';
import { settle } from './go-live.ts';
import type { JudgedPromotion, Ports, Transaction } from './ports.ts';
import { type Review, review } from './review.ts';
import type { UseCases } from './use-cases.ts';

/** A tick judges at most this many; the next one goes on. */
const MOST_A_TICK = 200;
/** One that can't be judged is tried again after that long, so that it keeps no other from being judged. */
const PATIENCE = 60_000;
/** Cards follow figures that move all the time no more often than that. */
const CARD_EVERY = 15_000;

/**
 * The clock's act (rule 6): judges again what the clock or new evidence may have changed, one transaction each. Any process may tick at
 * any time: each due promotion is taken by whoever locks its workflow first, and whoever comes later finds it decided.
 */
export function makeJudgeDue({ inTransaction }: Ports): UseCases['judgeDue'] {
  return async (workspaceId) => {
    const failures: unknown[] = [];
    for (let judged = 0; ; judged++) {
      if (judged === MOST_A_TICK || !(await judgeNext(workspaceId, failures))) {
        if (failures.length > 0) throw new AggregateError(failures, 'Some promotions could not be judged.');
        return judged;
      }
    }
  };

  async function judgeNext(workspaceId: string, failures: unknown[]): Promise<boolean> {
    let taken: string | null = null;
    try {
      return await inTransaction(workspaceId, async (tx) => {
        const promotion = await tx.promotions.takeToJudge();
        taken = promotion?.id ?? null;
        if (promotion === null) return false;
        await judge(tx, promotion.id, await tx.workflows.getById(promotion.workflowId));
        return true;
      });
    } catch (error) {
      if (taken === null) throw error;
      failures.push(error);
      const id: string = taken;
      await inTransaction(workspaceId, (tx) =>
        tx.promotions.postponeJudging(id, new Date(tx.now.getTime() + PATIENCE)),
      );
      return true;
    }
  }
}

async function judge(tx: Transaction, promotionId: string, workflow: Workflow): Promise<void> {
  const pipeline = await tx.environments.pipelineLocked();
  const held = await tx.promotions.findHeld(promotionId);
  if (held === null || held.promotion.status !== 'open') return;
  const judged = await review(tx, held.promotion, workflow, pipeline, (ids) => tx.people.getManyLocked(ids));
  if (await goOn(tx, judged, workflow, pipeline)) {
    await tx.announcements.refresh(promotionId);
    return;
  }
  await askForEvidence(tx, judged);
  const missed = hasMissed(held, tx.now) && !awaitsParityAgain(judged.facts, judged.verdicts);
  if (missed) await tellMissed(tx, judged, workflow);
  const as = shownAs(judged.verdicts);
  await tx.promotions.judged(promotionId, { again: judgeAgainAt(judged.verdicts), as, missed });
  const at = refreshedAt(held.judgedAs, as, tx.now);
  if (at !== null) await tx.announcements.refresh(promotionId, at);
}

async function goOn(tx: Transaction, judged: Review, workflow: Workflow, pipeline: Pipeline): Promise<boolean> {
  const clock: Actor = { workspaceId: tx.workspaceId, userId: 'clock', via: 'clock' };
  const { deployed } = await settle(tx, clock, workflow, pipeline, judged);
  return deployed;
}

/** Something was still missing when the time came that it was scheduled for, and nobody was told yet. */
function hasMissed({ promotion: { deployAt = null }, missedAt }: JudgedPromotion, now: Date): boolean {
  return deployAt !== null && deployAt <= now && missedAt === null;
}

/** The channel is told in the card's thread, and whoever asked by themselves. */
async function tellMissed(tx: Transaction, { facts, target, verdicts }: Review, workflow: Workflow): Promise<void> {
  const { id, requestedBy } = facts.promotion;
  const lines = verdicts.filter(({ state }) => state !== 'met').map(({ summary }) => summary);
  await tellStory(tx, id, { event: 'schedule-missed', at: tx.now.toISOString(), lines });
  const text = `The time that ${workflow.slug} was to go live in ${target.name} has come, and something is still missing: ${lines.join('; ')}. It goes live as soon as nothing is.`;
  await tx.announcements.post({
    kind: 'notice',
    subjectId: id,
    target: requestedBy,
    payload: { text: text.slice(0, 2_000) },
  });
}

/** What a card shows of the verdicts: states by themselves, and a hash of all the rest. Of approvals it shows no time. */
function shownAs(verdicts: readonly JudgedRequirement[]): string {
  const states = verdicts.map(({ kind, state }) => `${kind}:${state}`).join(',');
  const shown = verdicts.map(({ retryAt, ...verdict }) =>
    retryAt === undefined || verdict.kind === 'approvals' ? verdict : { ...verdict, retryAt },
  );
  return `${states}#${createHash('sha256').update(JSON.stringify(shown)).digest('hex')}`;
}

/** When the cards are to follow; null: they show it already. Updates of the same quarter of a minute merge. */
function refreshedAt(before: string | null, after: string, now: Date): Date | null {
  if (before === after) return null;
  if (before?.split('#')[0] !== after.split('#')[0]) return now;
  return new Date(Math.ceil(now.getTime() / CARD_EVERY) * CARD_EVERY);
}
