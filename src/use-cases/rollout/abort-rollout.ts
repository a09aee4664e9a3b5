import { assertCanRollBack } from '../../domain/permissions.ts';
import { keepReason } from '../decide.ts';
import { getActing, getPersonBehind, getWorkflowLocked } from '../find-things.ts';
import type { Ports, Transaction } from '../ports.ts';
import type { RolloutReceiptView } from '../views.ts';
import { abortCandidate, judgeWaiting, keepWaitingBack } from './abort-candidate.ts';
import { describeRolloutReceipt } from './describe-rollout.ts';
import { findDone, type RolloutScene, setRolloutScene } from './rollout-scene.ts';
import type { RolloutUseCases } from './rollout-use-cases.ts';

/** Takes a canary back: it needs no approval, as a rollback, and quarantines nothing. */
export function makeAbortRollout({ inTransaction }: Ports): RolloutUseCases['abortRollout'] {
  return (request) =>
    inTransaction(request.actor.workspaceId, async (tx) => {
      const { actor } = request;
      const workflow = await getWorkflowLocked(tx, request.workflow);
      const pipeline = await tx.environments.pipelineLocked();
      const done = await findDone(tx, request, workflow, pipeline, 'aborted');
      if (done !== null) {
        const environment = await tx.environments.get(done.environmentId);
        const version = await tx.versions.getById(done.versionId);
        const { share, reason, endedAt } = done;
        const told = { share: share ?? 0, reason, at: endedAt ?? tx.now };
        const place = { actor, workflow, environment, version };
        return describeRolloutReceipt(tx, place, done, { act: 'aborted', changed: false, ...told });
      }
      const scene = await setRolloutScene(tx, request, workflow, pipeline);
      // The operator's own token stands in for nobody; a name that comes with it has to be somebody's.
      const person = await (actor.userId === actor.via ? getActing : getPersonBehind)(tx, actor);
      assertCanRollBack(person, workflow, scene.environment);
      const [reason, { environment, candidate }] = [keepReason(request.reason), scene];
      const aborted = await abortCandidate(tx, scene, reason);
      const followed = await judgeWaiting(tx, actor, pipeline, workflow, environment);
      const told = { act: 'aborted', changed: true, share: candidate.share, reason, followed } as const;
      return describeRolloutReceipt(tx, scene, aborted, told);
    });
}

/**
 * Aborts a canary in place of a rollback, which leaves live what is: what waited for the canary's end is shown as it stands then, and
 * deployed by whoever asks for it or approves it next.
 */
export async function abortAlone(
  tx: Transaction,
  scene: RolloutScene,
  reason: string | null,
): Promise<RolloutReceiptView> {
  const { workflow, environment, candidate } = scene;
  const aborted = await abortCandidate(tx, scene, reason);
  await keepWaitingBack(tx, workflow, environment);
  return describeRolloutReceipt(tx, scene, aborted, { act: 'aborted', changed: true, share: candidate.share, reason });
}
