import { z } from 'zod';
import { publishHome } from '../home/publish-home.ts';
import type { Listening } from '../listen.ts';
import { isReview, showReview } from '../modals/review-modal.ts';
import type { Click } from './click.ts';

const promotion = z.object({ promotionId: z.uuid() });
const rollback = z.object({ rollbackId: z.uuid() });
const deployment = z.object({ deploymentId: z.uuid() });
const proposal = z.object({ proposalId: z.uuid() });
const run = z.object({ runId: z.uuid() });

/** Whose messages the clicked one is among: the promotion's, the rollback's, the deployment's, the proposed settings' or the run's. */
export function subjectOf({ value }: Click): string | null {
  return (
    promotion.safeParse(value).data?.promotionId ??
    rollback.safeParse(value).data?.rollbackId ??
    deployment.safeParse(value).data?.deploymentId ??
    proposal.safeParse(value).data?.proposalId ??
    run.safeParse(value).data?.runId ??
    null
  );
}

/**
 * A message changes through the queue; a modal or the Home tab belongs to the one who clicked and is shown anew here. What
 * was done is done, so that this failing is logged and nothing more.
 */
export async function afterClick(listening: Listening, { view, actor, value }: Click): Promise<void> {
  if (view === null) return;
  try {
    const promotionId = promotion.safeParse(value).data?.promotionId;
    if (isReview(view) && promotionId !== undefined) await showReview(listening, view.id, promotionId);
    else if (view.type === 'home') await publishHome(listening, actor);
  } catch (error) {
    listening.log.warn({ err: error, user: actor.userId }, 'What was clicked could not be shown anew');
  }
}
