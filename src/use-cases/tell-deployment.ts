import type { Deployment } from '../domain/deployment.ts';
import type { Environment } from '../domain/environment.ts';
import type { Version, Workflow } from '../domain/version.ts';
import { summarizeVersions } from './compare.ts';
import type { Reading, Transaction } from './ports.ts';

/** What a deployment keeps of what it changes, in sentences. `from` null: nothing was there before. */
export async function changesBetween(tx: Reading, from: string | null, to: string): Promise<string[]> {
  const { lines, more } = await summarizeVersions(tx, from, to);
  return more > 0 ? [...lines, `and ${more} more`] : lines;
}

/** Brings the message that shows a deployment up to date: its promotion's card, or its own receipt. */
export async function refreshDeployment(
  tx: Transaction,
  deployment: Pick<Deployment, 'id' | 'promotionId'>,
): Promise<void> {
  await tx.announcements.refresh(deployment.promotionId ?? deployment.id);
}

/** What webhooks say of a deployment. */
export function deploymentData(workflow: Workflow, environment: Environment, version: Version, deployment: Deployment) {
  return {
    workflow: workflow.slug,
    environment: environment.name,
    version: { number: version.number, label: version.label, contentHash: version.contentHash },
    deployment: {
      id: deployment.id,
      status: deployment.status,
      deployedAt: deployment.deployedAt.toISOString(),
      deployedBy: deployment.deployedBy,
      promotion: deployment.promotionId,
    },
  };
}
