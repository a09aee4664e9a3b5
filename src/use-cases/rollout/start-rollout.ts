import type { Deployment } from '../../domain/deployment.ts';
import type { Promotion } from '../../domain/promotion.ts';
import type { Candidate, Transaction } from '../ports.ts';
import { changesBetween, refreshDeployment } from '../tell-deployment.ts';
import { auditRollout, publishRollout, type RolloutPlace } from './tell-rollout.ts';

/** Has a version run beside what is live, for its share of the keys; what is live stays as it is. */
export async function startRollout(
  tx: Transaction,
  place: RolloutPlace,
  { promotion, live, share }: { promotion: Promotion; live: Deployment; share: number },
): Promise<Candidate> {
  const { actor, workflow, environment, version } = place;
  const candidate = await tx.deployments.startCandidate({
    workflowId: workflow.id,
    environmentId: environment.id,
    versionId: version.id,
    promotionId: promotion.id,
    deployedBy: actor.userId,
    reason: promotion.reason,
    changes: await changesBetween(tx, live.versionId, version.id),
    share,
  });
  await auditRollout(tx, place, 'rollout.started', null, candidate);
  await publishRollout(tx, place, 'started', candidate, share);
  // Its Roll back takes the canary out, too.
  await refreshDeployment(tx, live);
  return candidate;
}
