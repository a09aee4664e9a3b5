import type { Actor } from '../../domain/actor.ts';
import type { Deployment } from '../../domain/deployment.ts';
import type { Environment, Pipeline } from '../../domain/environment.ts';
import { isDue } from '../../domain/promotion.ts';
import type { Workflow } from '../../domain/version.ts';
import { tagVersion } from '../find-things.ts';
import { rejudge } from '../go-live.ts';
import type { Candidate, Transaction } from '../ports.ts';
import type { RolloutReceiptView } from '../views.ts';
import { auditRollout, publishRollout, type RolloutPlace, refreshBeside, storyOfRollout } from './tell-rollout.ts';

/** Ends a canary and leaves what is live as it is. What waited for its end is judged by the caller. */
export async function abortCandidate(
  tx: Transaction,
  place: RolloutPlace & { candidate: Candidate },
  reason: string | null,
): Promise<Deployment> {
  const { actor, candidate } = place;
  const aborted = await tx.deployments.abortCandidate(candidate, actor.userId, reason);
  await auditRollout(tx, place, 'rollout.aborted', candidate, aborted);
  await publishRollout(tx, place, 'aborted', aborted, candidate.share, { reason });
  const at = tx.now.toISOString();
  await refreshBeside(tx, aborted);
  await storyOfRollout(tx, aborted, { event: 'rollout-aborted', by: actor.userId, at, reason });
  return aborted;
}

/**
 * Judges what is under review for a place again where no canary keeps it from being deployed any more. Gives what was deployed by
 * that: whoever ended the canary did not ask for it, and has to be told.
 */
export async function judgeWaiting(
  tx: Transaction,
  actor: Actor,
  pipeline: Pipeline,
  workflow: Workflow,
  environment: Environment,
): Promise<RolloutReceiptView['followed']> {
  const waiting = await tx.promotions.findOpen(workflow.id, environment.id);
  if (waiting === null || isDue(waiting, tx.now)) return null;
  const { status, versionId, canary } = await rejudge(tx, actor, waiting, workflow, pipeline);
  return status === 'deployed' ? { version: tagVersion(await tx.versions.getById(versionId)), canary } : null;
}

/** What waited for a canary that a rollback takes out does not go live by that: nobody who rolls back means to bring in what is new. */
export async function keepWaitingBack(tx: Transaction, workflow: Workflow, environment: Environment): Promise<void> {
  const waiting = await tx.promotions.findOpen(workflow.id, environment.id);
  if (waiting === null) return;
  await tx.promotions.keepBack(waiting.id, tx.now);
  await tx.announcements.refresh(waiting.id);
}
