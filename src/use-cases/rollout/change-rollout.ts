import { assertCanMoveOn } from '../../domain/permissions.ts';
import { Refusal } from '../../domain/refusal.ts';
import { assertShare, shareText } from '../../domain/rollout.ts';
import { getPersonBehind, getWorkflowLocked } from '../find-things.ts';
import { refuseHeld } from '../holds/refuse-held.ts';
import type { Ports } from '../ports.ts';
import { describeRolloutReceipt } from './describe-rollout.ts';
import { type RolloutScene, refuseQuarantined, setRolloutScene } from './rollout-scene.ts';
import type { RolloutUseCases } from './rollout-use-cases.ts';
import { auditRollout, publishRollout, storyOfRollout } from './tell-rollout.ts';
import { whyNoCanary } from './why-no-canary.ts';

/** Gives a canary another share of the keys. What it is for was approved with it, so that this takes no approval. */
export function makeChangeRollout({ inTransaction }: Ports): RolloutUseCases['changeRollout'] {
  return (request) =>
    inTransaction(request.actor.workspaceId, async (tx) => {
      const { actor, share } = request;
      assertShare(share);
      const workflow = await getWorkflowLocked(tx, request.workflow);
      assertCanMoveOn(await getPersonBehind(tx, actor), workflow);
      const scene = await setRolloutScene(tx, request, workflow, await tx.environments.pipelineLocked());
      const { environment, candidate, active } = scene;
      const before = candidate.share;
      if (share === before)
        return describeRolloutReceipt(tx, scene, candidate, { act: 'changed', changed: false, share, before });
      assertShownShare(scene, request.expectedShare);
      await refuseQuarantined(tx, scene);
      // Taking a share back is a way back, which nothing stops.
      if (share > before)
        refuseHeld(await tx.holds.inTheWay(workflow.id, environment.id), workflow, environment, tx.now);
      const bar = await whyNoCanary(tx, workflow, environment, active, candidate.versionId, share);
      if (bar !== null) throw new Refusal(bar.code, bar.sentence);
      const changed = await tx.deployments.changeShare(candidate, share);
      await auditRollout(tx, scene, 'rollout.changed', candidate, changed);
      await publishRollout(tx, scene, 'changed', changed, share);
      const at = tx.now.toISOString();
      await storyOfRollout(tx, changed, { event: 'rollout-changed', by: actor.userId, at, share, before });
      // The card of what waits for this one's end names its share.
      const waiting = await tx.promotions.findOpen(workflow.id, environment.id);
      if (waiting !== null) await tx.announcements.refresh(waiting.id);
      return describeRolloutReceipt(tx, scene, changed, { act: 'changed', changed: true, share, before });
    });
}

/** Somebody may have been quicker than the message that shows it. @throws Refusal moved_on */
function assertShownShare({ candidate, workflow, environment }: RolloutScene, shown = candidate.share): void {
  if (shown === candidate.share) return;
  throw new Refusal(
    'moved_on',
    `That canary is at ${shareText(candidate.share)} by now, not at ${shareText(shown)} as was shown, so nothing was changed. \`/towpath rollout ${workflow.slug} ${environment.name}\` shows it, and what can be done.`,
  );
}
