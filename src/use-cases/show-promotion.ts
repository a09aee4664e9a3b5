import { Refusal } from '../domain/refusal.ts';
import { describePromotion } from './describe-promotion.ts';
import { describeDeploymentReceipt, describeRollbackReceipt } from './describe-receipt.ts';
import { getWorkflow, tagEnvironment, tagVersion, tagWorkflow } from './find-things.ts';
import type { Ports } from './ports.ts';
import type { UseCases } from './use-cases.ts';

/** One promotion as its card shows it. @throws Refusal unknown_promotion */
export function makeShowPromotion({ reading }: Ports): UseCases['showPromotion'] {
  return ({ workspaceId, promotionId }) =>
    reading(workspaceId, async (tx) => {
      const promotion = await tx.promotions.find(promotionId);
      if (promotion === null) throw new Refusal('unknown_promotion', `There is no promotion ${promotionId}.`);
      return describePromotion(
        tx,
        promotion,
        await tx.workflows.getById(promotion.workflowId),
        await tx.environments.pipeline(),
      );
    });
}

/** Promotions, newest first. */
export function makeListPromotions({ reading }: Ports): UseCases['listPromotions'] {
  return ({ workspaceId, status, workflow: slug, page }) =>
    reading(workspaceId, async (tx) => {
      const wanted = slug === undefined ? null : await getWorkflow(tx, slug);
      const filter = {
        ...(status === undefined ? {} : { status }),
        ...(wanted === null ? {} : { workflowId: wanted.id }),
      };
      const { items, cursor } = await tx.promotions.list(filter, page);
      const versions = await tx.versions.getMany(items.map((promotion) => promotion.versionId));
      const workflows = await tx.workflows.getMany(items.map((promotion) => promotion.workflowId));
      const environments = await tx.environments.getMany(
        items.flatMap((p) => [p.sourceEnvironmentId, p.targetEnvironmentId]),
      );
      const summaries = items.flatMap((promotion) => {
        const {
          versionId,
          workflowId,
          sourceEnvironmentId,
          targetEnvironmentId,
          originChannel: _,
          approvals,
          ...rest
        } = promotion;
        const [version, workflow] = [versions.get(versionId), workflows.get(workflowId)];
        const [from, to] = [environments.get(sourceEnvironmentId), environments.get(targetEnvironmentId)];
        if (version === undefined || workflow === undefined || from === undefined || to === undefined) return [];
        return [
          {
            ...rest,
            workflow: tagWorkflow(workflow),
            version: tagVersion(version),
            from: tagEnvironment(from),
            to: tagEnvironment(to),
            approvals: approvals.map(({ by, role, at }) => ({ by, role, at })),
          },
        ];
      });
      return { items: summaries, cursor };
    });
}

/** A deployment in the first environment as its receipt shows it. */
export function makeShowDeploymentReceipt({ reading }: Ports): UseCases['showDeploymentReceipt'] {
  return ({ workspaceId, deploymentId }) =>
    reading(workspaceId, async (tx) => {
      const deployment = await tx.deployments.getById(deploymentId);
      return describeDeploymentReceipt(
        tx,
        deployment,
        await tx.workflows.getById(deployment.workflowId),
        await tx.environments.pipeline(),
      );
    });
}

/** A rollback as its receipt shows it. @throws Refusal moved_on when it is not known */
export function makeShowRollbackReceipt({ reading }: Ports): UseCases['showRollbackReceipt'] {
  return ({ workspaceId, rollbackId }) =>
    reading(workspaceId, async (tx) => {
      const rollback = await tx.deployments.findRollback(rollbackId);
      if (rollback === null) throw new Refusal('moved_on', 'That rollback is not known here.');
      return describeRollbackReceipt(tx, rollback, await tx.workflows.getById(rollback.workflowId));
    });
}
