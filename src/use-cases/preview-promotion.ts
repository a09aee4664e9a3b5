import { isDue, type Promotion } from '../domain/promotion.ts';
import { describePromotion } from './describe-promotion.ts';
import { getWorkflow } from './find-things.ts';
import type { Ports } from './ports.ts';
import { isSameRequest, type Proposal, propose } from './request-promotion.ts';
import type { UseCases } from './use-cases.ts';
import type { PromotionPreviewView } from './views.ts';

/** Of a request that nobody made: no promotion has it. */
const NO_ID = '00000000-0000-0000-0000-000000000000';

/** What a request for a promotion would ask for and need, for whoever is asked whether to make it. Refuses what the request would. */
export function makePreviewPromotion({ reading }: Ports): UseCases['previewPromotion'] {
  return (request) =>
    reading(request.actor.workspaceId, async (tx) => {
      const workflow = await getWorkflow(tx, request.workflow);
      const proposal = await propose(tx, request, workflow, () => tx.environments.pipeline());
      const found = await tx.promotions.findOpen(workflow.id, proposal.to.id);
      const open = found === null || isDue(found, tx.now) ? null : found;
      const shown = open !== null && isSameRequest(proposal, open) ? open : asked(proposal, tx.now);
      const view = await describePromotion(tx, shown, workflow, proposal.pipeline);
      const { version, from, to, canary, deployAt, replaces, diff, inEffect, ridesAlong, requirements, canApprove } =
        view;
      return {
        ...{
          workflow: view.workflow,
          version,
          from,
          to,
          canary,
          deployAt,
          replaces,
          diff,
          inEffect,
          ridesAlong,
          requirements,
          canApprove,
        },
        open: open === null ? null : await describeOpen(open, (id) => tx.versions.getById(id)),
      };
    });
}

/** The request as it would be made now. */
export function asked({ actor, workflow, from, to, version, canary, deployAt }: Proposal, now: Date): Promotion {
  return {
    id: NO_ID,
    workflowId: workflow.id,
    versionId: version.id,
    sourceEnvironmentId: from.id,
    targetEnvironmentId: to.id,
    status: 'open',
    requestedBy: actor.userId,
    reason: null,
    canary,
    originChannel: null,
    requestedAt: now,
    expiresAt: new Date(now.getTime() + to.policy.expireAfter),
    ...{ closedAt: null, closedBy: null, closeReason: null, approvals: [], deployAt },
  };
}

async function describeOpen(
  { id, versionId, canary, deployAt = null, requestedBy, approvals }: Promotion,
  getVersion: (id: string) => Promise<{ number: number; label: string | null }>,
): Promise<PromotionPreviewView['open']> {
  const { number, label } = await getVersion(versionId);
  return {
    promotionId: id,
    version: { number, label },
    canary,
    deployAt,
    requestedBy,
    approvedBy: [...new Set(approvals.map((approval) => approval.by))],
  };
}
