import { tellStory } from '../announce.ts';
import type { Transaction } from '../ports.ts';
import { refreshDeployment } from '../tell-deployment.ts';
import type { StoryPayload } from '../views.ts';

/** More at once are beyond one change; their cards follow at their next step. */
const MOST_CARDS = 1_000;

/** The cards of a version's canaries say what can be done with them, which its quarantine changes. `story`: what is told below them. */
export async function refreshCanariesOf(
  tx: Transaction,
  workflowId: string,
  versionId: string,
  story: StoryPayload | null = null,
): Promise<void> {
  for (const candidate of await tx.deployments.listCandidates([workflowId])) {
    if (candidate.versionId !== versionId) continue;
    await refreshDeployment(tx, candidate);
    if (story !== null && candidate.promotionId !== null) await tellStory(tx, candidate.promotionId, story);
  }
}

/** The cards of all canaries in environments whose settings or rules moved: they say what did since they were approved. */
export async function refreshCanariesIn(tx: Transaction, environmentIds: readonly string[]): Promise<void> {
  if (environmentIds.length === 0) return;
  for (const candidate of await tx.deployments.listCandidatesIn(environmentIds, MOST_CARDS))
    await refreshDeployment(tx, candidate);
}
