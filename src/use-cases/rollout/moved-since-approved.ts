import type { Pipeline } from '../../domain/environment.ts';
import { lastReviewedApprovals, type Promotion } from '../../domain/promotion.ts';
import type { Workflow } from '../../domain/version.ts';
import type { Reading } from '../ports.ts';
import { review } from '../review.ts';
import { describeSince } from '../since-approved.ts';

/**
 * What moved since a canary was approved, in sentences: settings that it reads, or what its environment asks for. It was deployed by
 * those approvals, and what moves afterwards moves under it as under what is live, by approvals of its own: it bars nothing, but
 * whoever gives the canary to more has to see it. Empty where nobody had to approve it.
 */
export async function movedSinceApproved(
  tx: Reading,
  promotion: Promotion | null,
  workflow: Workflow,
  pipeline: Pipeline,
): Promise<string[]> {
  const [approval] = promotion === null ? [] : lastReviewedApprovals(promotion);
  if (promotion === null || approval === undefined) return [];
  const { lines } = await describeSince(tx, approval, await review(tx, promotion, workflow, pipeline));
  return lines;
}
