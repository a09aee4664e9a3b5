import type { Actor } from '../domain/actor.ts';
import type { Promotion } from '../domain/promotion.ts';
import type { Workflow } from '../domain/version.ts';
import { rejudge } from './go-live.ts';
import type { Transaction } from './ports.ts';

/** More open promotions than this at once are beyond what one act judges again; their cards follow at their next change. */
const MOST_OPEN = 1000;

/**
 * Runs a change of people's roles or standing, and judges again every open promotion that one of them approved: an approval by
 * somebody demoted stops counting (rule 4). The workflows are locked first, in one order, as every act on them does.
 */
export async function whileApproversChange(
  tx: Transaction,
  actor: Actor,
  userIds: readonly string[],
  change: () => Promise<void>,
): Promise<void> {
  const changing = new Set(userIds);
  const approvedBy = (promotion: Promotion) => promotion.approvals.some((approval) => changing.has(approval.by));
  const concerned = (await tx.promotions.listAllOpen(MOST_OPEN)).filter(approvedBy);
  const workflowIds = [...new Set(concerned.map((promotion) => promotion.workflowId))].sort();
  const workflows = new Map<string, Workflow>();
  for (const id of workflowIds) workflows.set(id, await tx.workflows.getByIdLocked(id));
  const pipeline = await tx.environments.pipelineLocked();
  await change();
  for (const { id } of concerned) {
    const promotion = await tx.promotions.find(id);
    const workflow = promotion === null ? undefined : workflows.get(promotion.workflowId);
    if (promotion?.status === 'open' && workflow !== undefined) await rejudge(tx, actor, promotion, workflow, pipeline);
  }
}
