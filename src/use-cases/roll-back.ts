import type { Actor } from '../domain/actor.ts';
import { type Deployment, rollbackTarget, rollbackTargetOf, UNDO_WINDOW } from '../domain/deployment.ts';
import { type Environment, getEnvironment, type Pipeline } from '../domain/environment.ts';
import { assertCanRollBack } from '../domain/permissions.ts';
import { Refusal } from '../domain/refusal.ts';
import { type Version, versionName, type Workflow } from '../domain/version.ts';
import { afterChange, goStale } from './after-change.ts';
import { tellStory } from './announce.ts';
import { keepReason } from './decide.ts';
import { describeRollbackReceipt } from './describe-receipt.ts';
import { getActing, getPersonBehind, getVersion, getWorkflowLocked, tagVersion } from './find-things.ts';
import type { ActiveDeployment, Candidate, Ports, Reading, Transaction } from './ports.ts';
import { abortCandidate, keepWaitingBack } from './rollout/abort-candidate.ts';
import { abortAlone } from './rollout/abort-rollout.ts';
import { refreshCanariesOf } from './rollout/refresh-canaries.ts';
import { channelOf } from './settings/channel-of.ts';
import { deploymentData, refreshDeployment } from './tell-deployment.ts';
import type { UseCases } from './use-cases.ts';

/** Where a rollback happens and what goes. */
export interface RollbackScene {
  actor: Actor;
  workflow: Workflow;
  pipeline: Pipeline;
  environment: Environment;
  active: ActiveDeployment;
  candidate: Candidate | null;
}

/**
 * Rule 9: flips statuses and runs nothing; needs no approval; quarantines what it removed. While a canary runs, it is the canary that
 * goes; what is live goes, too, where that was said.
 */
export function makeRollBack({ inTransaction }: Ports): UseCases['rollBack'] {
  return (request) =>
    inTransaction(request.actor.workspaceId, async (tx) => {
      const workflow = await getWorkflowLocked(tx, request.workflow);
      const scene = await setRollbackScene(tx, request, workflow, await tx.environments.pipelineLocked());
      const { actor, environment, active } = scene;
      const reason = keepReason(request.reason);
      const running = await placeOfCandidate(tx, scene);
      if (running !== null && (await abortsAlone(tx, scene, request)))
        return { kind: 'aborted', receipt: await abortAlone(tx, { ...scene, ...running }, reason) };
      const restored = await chooseRestored(tx, scene, request.to);
      if (running !== null) {
        await abortCandidate(tx, { ...scene, ...running }, reason);
        await keepWaitingBack(tx, workflow, environment);
      }
      const rollback = await tx.deployments.rollBack({
        removed: active,
        restored,
        by: actor.userId,
        reason,
        originChannel: request.originChannel ?? null,
      });
      await tx.audit.record(actor, {
        action: 'deployment.rolled_back',
        subject: `deployment:${active.id}`,
        workflowId: workflow.id,
        environmentId: environment.id,
        before: { removed: active, restored },
        after: rollback,
      });
      await tellRollback(tx, scene, restored, reason);
      await endPromotionsOf(tx, scene);
      await afterChange(tx, actor, scene.pipeline, {
        workflow,
        environment,
        before: active.versionId,
        now: restored.versionId,
      });
      const nobody = actor.userId === actor.via;
      const channel = await channelOf(tx, environment, workflow.id);
      const target = channel ?? request.originChannel ?? (nobody ? null : actor.userId);
      if (target !== null) await tx.announcements.post({ kind: 'rollback-receipt', subjectId: rollback.id, target });
      await tx.announcements.refresh(rollback.id, new Date(rollback.at.getTime() + UNDO_WINDOW));
      const receipt = await describeRollbackReceipt(tx, rollback, workflow);
      return { kind: 'rolled-back', receipt, aborted: running === null ? null : tagVersion(running.version) };
    });
}

/** What runs beside what is live, and its version; null for nothing. */
export async function placeOfCandidate(
  tx: Reading,
  { candidate }: RollbackScene,
): Promise<{ candidate: Candidate; version: Version } | null> {
  return candidate === null ? null : { candidate, version: await tx.versions.getById(candidate.versionId) };
}

/**
 * A rollback that does not name what is live means the canary, which came last, and so does one that asks for what is live beside it.
 * @throws Refusal unknown_version
 */
export async function abortsAlone(
  tx: Reading,
  { workflow, active, candidate }: RollbackScene,
  { to, expectedDeploymentId }: Pick<Parameters<UseCases['rollBack']>[0], 'to' | 'expectedDeploymentId'>,
): Promise<boolean> {
  if (candidate === null || expectedDeploymentId === active.id) return false;
  return to === undefined || (await getVersion(tx, workflow, to)).id === active.versionId;
}

/** Who may, and what is live there. @throws Refusal not_permitted, nothing_active, moved_on */
export async function setRollbackScene(
  tx: Reading,
  request: Parameters<UseCases['rollBack']>[0],
  workflow: Workflow,
  pipeline: Pipeline,
): Promise<RollbackScene> {
  const { actor, expectedDeploymentId } = request;
  const environment = getEnvironment(pipeline, request.environment);
  // The operator's own token stands in for nobody; a name that comes with it has to be somebody's.
  const person = await (actor.userId === actor.via ? getActing : getPersonBehind)(tx, actor);
  assertCanRollBack(person, workflow, environment);
  const active = await tx.deployments.findActive(workflow.id, environment.id);
  if (active === null) {
    throw new Refusal(
      'nothing_active',
      `Nothing of ${workflow.slug} is live in ${environment.name}, so there is nothing to roll back.`,
    );
  }
  const candidate = await tx.deployments.findCandidate(workflow.id, environment.id);
  if (expectedDeploymentId !== undefined && ![active.id, candidate?.id].includes(expectedDeploymentId)) {
    const live = versionName(await tx.versions.getById(active.versionId));
    throw new Refusal(
      'moved_on',
      `That deployment is no longer live: ${environment.name} runs ${live} now. To roll that back, type \`/rollback ${workflow.slug} ${environment.name}\`.`,
    );
  }
  return { actor, workflow, pipeline, environment, active, candidate };
}

/** What comes back. @throws Refusal nothing_to_roll_back_to, unknown_version, already_active, quarantined */
export async function chooseRestored(tx: Reading, scene: RollbackScene, to: string | undefined): Promise<Deployment> {
  const { workflow, environment, active } = scene;
  const history = await tx.deployments.history(workflow.id, environment.id);
  const quarantined = await tx.versions.quarantined([workflow.id]);
  if (to !== undefined) return chooseNamed(tx, scene, to, history, new Set(quarantined.keys()));
  const target = rollbackTarget(active, history, new Set(quarantined.keys()));
  if (target !== null) return target;
  throw new Refusal(
    'nothing_to_roll_back_to',
    `There is nothing to roll back to: no version that was live in ${environment.name} before ${versionName(await tx.versions.getById(active.versionId))} of ${workflow.slug} can come back. Push and promote a corrected version instead.`,
  );
}

async function chooseNamed(
  tx: Reading,
  scene: RollbackScene,
  to: string,
  history: Deployment[],
  quarantined: ReadonlySet<string>,
): Promise<Deployment> {
  const { workflow, environment, active } = scene;
  const version = await getVersion(tx, workflow, to);
  if (version.id === active.versionId)
    throw new Refusal('already_active', `${versionName(version)} is what is live in ${environment.name} now.`);
  if (quarantined.has(version.id)) {
    throw new Refusal(
      'quarantined',
      `${versionName(version)} was itself rolled back and is quarantined. Choose another version, or ask an admin for \`/towpath unquarantine ${workflow.slug} v${version.number} REASON\`.`,
    );
  }
  const target = rollbackTargetOf(version.id, active, history);
  if (target !== null) return target;
  throw new Refusal(
    'nothing_to_roll_back_to',
    `${versionName(version)} was never live in ${environment.name}, so a rollback can't bring it back. \`/towpath history ${workflow.slug} ${environment.name}\` lists what was.`,
  );
}

async function tellRollback(
  tx: Transaction,
  scene: RollbackScene,
  restored: Deployment,
  reason: string | null,
): Promise<void> {
  const { actor, workflow, environment, active } = scene;
  const versions = await tx.versions.getMany([active.versionId, restored.versionId]);
  const [removedVersion, restoredVersion] = [versions.get(active.versionId), versions.get(restored.versionId)];
  if (removedVersion === undefined || restoredVersion === undefined)
    throw new Error('A deployment names a version that does not exist.');
  await tx.webhooks.publish({ environment, workflow }, 'deployment.rolled_back', {
    ...deploymentData(workflow, environment, removedVersion, { ...active, status: 'rolled_back' }),
    restored: deploymentData(workflow, environment, restoredVersion, { ...restored, status: 'active' }),
    by: actor.userId,
    reason,
  });
  if (active.promotionId !== null)
    await tellStory(tx, active.promotionId, {
      event: 'rolled-back',
      by: actor.userId,
      at: tx.now.toISOString(),
      reason,
    });
  await refreshDeployment(tx, active);
  await refreshDeployment(tx, restored);
}

/** The removed version is quarantined for promotion in every environment: what asks for it goes stale. */
async function endPromotionsOf(
  tx: Transaction,
  { actor, workflow, pipeline, environment, active }: RollbackScene,
): Promise<void> {
  for (const promotion of await tx.promotions.listOpen([workflow.id])) {
    if (promotion.versionId !== active.versionId) continue;
    await goStale(tx, actor, pipeline, promotion, workflow, `Its version was rolled back in ${environment.name}.`);
  }
  const told = { by: actor.userId, at: tx.now.toISOString(), environment: environment.name };
  await refreshCanariesOf(tx, workflow.id, active.versionId, { event: 'rollout-barred', ...told });
}
