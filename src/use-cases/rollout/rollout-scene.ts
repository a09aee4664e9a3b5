import type { Deployment, DeploymentStatus } from '../../domain/deployment.ts';
import { type Environment, getEnvironment, type Pipeline } from '../../domain/environment.ts';
import { Refusal } from '../../domain/refusal.ts';
import { type Version, versionName, type Workflow } from '../../domain/version.ts';
import type { ActiveDeployment, Candidate, Reading } from '../ports.ts';
import type { RolloutChoice } from './rollout-use-cases.ts';
import type { RolloutPlace } from './tell-rollout.ts';

/** A canary, and what it runs beside. */
export interface RolloutScene extends RolloutPlace {
  pipeline: Pipeline;
  candidate: Candidate;
  active: ActiveDeployment;
}

/** @throws Refusal unknown_environment, ambiguous_environment, no_rollout, moved_on */
export async function setRolloutScene(
  tx: Reading,
  { actor, environment: word, expectedDeploymentId }: RolloutChoice,
  workflow: Workflow,
  pipeline: Pipeline,
): Promise<RolloutScene> {
  const environment = getEnvironment(pipeline, word);
  const running = await getRunning(tx, workflow, environment);
  const { candidate, version } = running;
  if (expectedDeploymentId !== undefined && expectedDeploymentId !== candidate.id) {
    throw new Refusal(
      'moved_on',
      `That canary is over: ${versionName(version)} runs as one in ${environment.name} now. \`/towpath rollout ${workflow.slug} ${environment.name}\` shows it.`,
    );
  }
  return { actor, workflow, pipeline, environment, ...running };
}

/** @throws Refusal no_rollout */
export async function getRunning(
  tx: Reading,
  workflow: Workflow,
  environment: Environment,
): Promise<{ candidate: Candidate; version: Version; active: ActiveDeployment }> {
  const candidate = await tx.deployments.findCandidate(workflow.id, environment.id);
  if (candidate === null) {
    throw new Refusal(
      'no_rollout',
      `No canary of ${workflow.slug} runs in ${environment.name}. \`/promote ${workflow.slug} ${environment.name} --canary 10%\` asks for one.`,
    );
  }
  const active = await tx.deployments.findActive(workflow.id, environment.id);
  if (active === null) throw new Error(`Candidate ${candidate.id} runs beside nothing.`);
  return { candidate, version: await tx.versions.getById(candidate.versionId), active };
}

/** The deployment that a repeated click means, which the first one brought to where it is; null where there is none. */
export async function findDone(
  tx: Reading,
  { environment, expectedDeploymentId }: RolloutChoice,
  workflow: Workflow,
  pipeline: Pipeline,
  status: DeploymentStatus,
): Promise<Deployment | null> {
  if (expectedDeploymentId === undefined) return null;
  const found = (await tx.deployments.getMany([expectedDeploymentId])).get(expectedDeploymentId);
  const isIt =
    found?.status === status &&
    found.workflowId === workflow.id &&
    found.environmentId === getEnvironment(pipeline, environment).id &&
    found.promotionId !== null &&
    (await tx.promotions.find(found.promotionId))?.canary !== null;
  return isIt ? found : null;
}

/** @throws Refusal quarantined */
export async function refuseQuarantined(
  tx: Reading,
  { workflow, environment, version }: Pick<RolloutScene, 'workflow' | 'environment' | 'version'>,
): Promise<void> {
  const quarantine = (await tx.versions.quarantined([workflow.id])).get(version.id);
  if (quarantine === undefined) return;
  throw new Refusal(
    'quarantined',
    `${versionName(version)} was rolled back by <@${quarantine.by}>, so its canary can only be aborted: \`/towpath rollout ${workflow.slug} ${environment.name} abort\`.`,
  );
}
