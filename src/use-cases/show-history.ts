import { getEnvironment } from '../domain/environment.ts';
import { lastReviewedApprovals } from '../domain/promotion.ts';
import { getWorkflow, tagEnvironment, tagVersion, tagWorkflow } from './find-things.ts';
import type { Ports } from './ports.ts';
import type { UseCases } from './use-cases.ts';

/** What was live, newest first, with who approved it. */
export function makeShowHistory({ reading }: Ports): UseCases['showHistory'] {
  return ({ actor, workflow: slug, environment: word, page }) =>
    reading(actor.workspaceId, async (tx) => {
      const workflow = await getWorkflow(tx, slug);
      const pipeline = await tx.environments.pipeline();
      const wanted = word === undefined ? null : getEnvironment(pipeline, word).id;
      const { items, cursor } = await tx.deployments.list(workflow.id, wanted, page);
      const versions = await tx.versions.getMany(items.map((deployment) => deployment.versionId));
      const promotions = await tx.promotions.getMany(items.flatMap((deployment) => deployment.promotionId ?? []));
      const environments = new Map(pipeline.map((environment) => [environment.id, environment]));
      for (const id of new Set(items.map((deployment) => deployment.environmentId))) {
        if (!environments.has(id)) environments.set(id, await tx.environments.get(id));
      }
      const entries = items.flatMap((deployment) => {
        const [version, environment] = [versions.get(deployment.versionId), environments.get(deployment.environmentId)];
        if (version === undefined || environment === undefined) return [];
        const { status, share, deployedBy, deployedAt, endedAt, endedBy, promotionId, changes, reason } = deployment;
        const reviewed = lastReviewedApprovals(promotions.get(promotionId ?? '') ?? { approvals: [] });
        const approvals = reviewed.map(({ by, role, at }) => ({ by, role, at }));
        return [
          {
            environment: tagEnvironment(environment),
            version: tagVersion(version),
            status,
            share,
            deployedBy,
            deployedAt,
            endedAt,
            endedBy,
            promotionId,
            approvals,
            changes,
            reason,
          },
        ];
      });
      return { workflow: tagWorkflow(workflow), items: entries, cursor };
    });
}
