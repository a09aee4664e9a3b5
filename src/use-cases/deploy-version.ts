import { environmentsMatching, type Pipeline } from '../domain/environment.ts';
import { assertCanDeploy } from '../domain/permissions.ts';
import { Refusal } from '../domain/refusal.ts';
import { parseVersionReference, type Version, versionName, type Workflow } from '../domain/version.ts';
import { afterChange } from './after-change.ts';
import { keepReason } from './decide.ts';
import { describeDeploymentReceipt } from './describe-receipt.ts';
import { getPersonBehind, getVersion, getWorkflowLocked } from './find-things.ts';
import { goLive } from './go-live.ts';
import { refuseHeld } from './holds/refuse-held.ts';
import type { Ports, Transaction } from './ports.ts';
import { channelOf } from './settings/channel-of.ts';
import { refuseUnfilled } from './settings/refuse-unfilled.ts';
import type { UseCases } from './use-cases.ts';

/** Rule 1: puts a version live in the first environment, with no approval, as often as one likes. */
export function makeDeployVersion({ inTransaction }: Ports): UseCases['deployVersion'] {
  return ({ actor, workflow: slug, version: word, originChannel, reason }) =>
    inTransaction(actor.workspaceId, async (tx) => {
      const workflow = await getWorkflowLocked(tx, slug);
      const person = await getPersonBehind(tx, actor);
      assertCanDeploy(person, workflow);
      const pipeline = await tx.environments.pipelineLocked();
      const environment = firstOf(pipeline);
      const version = await chosenVersion(tx, workflow, pipeline, word);
      const live = await tx.deployments.findActive(workflow.id, environment.id);
      if (live?.versionId === version.id) {
        throw new Refusal(
          'already_active',
          `${versionName(version)} of ${workflow.slug} is live in ${environment.name} already. Push a new version, or name another one.`,
        );
      }
      // It could only have been started while something else was the first environment.
      const { candidate, ...held } = await tx.holds.inTheWay(workflow.id, environment.id);
      if (candidate !== null) {
        throw new Refusal(
          'rollout_running',
          `A canary of ${workflow.slug} runs in ${environment.name}. Finish or abort it first: \`/towpath rollout ${workflow.slug} ${environment.name}\`.`,
        );
      }
      refuseHeld(held, workflow, environment, tx.now);
      await refuseUnfilled(tx, workflow, version, environment);
      const { activated } = await goLive(tx, actor, {
        workflow,
        environment,
        version,
        promotion: null,
        live,
        reason: keepReason(reason),
      });
      await afterChange(tx, actor, pipeline, {
        workflow,
        environment,
        before: live?.versionId ?? null,
        now: version.id,
      });
      const target = (await channelOf(tx, environment, workflow.id)) ?? originChannel ?? actor.userId;
      await tx.announcements.post({ kind: 'deployment-receipt', subjectId: activated.id, target });
      return describeDeploymentReceipt(tx, activated, workflow, pipeline);
    });
}

function firstOf(pipeline: Pipeline) {
  const [first] = pipeline;
  if (first === undefined) throw new Error('The pipeline has no environment.');
  return first;
}

async function chosenVersion(
  tx: Transaction,
  workflow: Workflow,
  pipeline: Pipeline,
  word: string | undefined,
): Promise<Version> {
  if (word !== undefined) {
    await refuseEnvironment(tx, workflow, pipeline, word);
    return getVersion(tx, workflow, word);
  }
  const newest = await tx.versions.newest(workflow.id);
  if (newest === null)
    throw new Refusal('unknown_version', `${workflow.slug} has no version yet. Push one with \`/towpath push\`.`);
  return newest;
}

/** `/deploy W production` is a wish that rule 1 does not grant: say what to do instead of "no such version". */
async function refuseEnvironment(tx: Transaction, workflow: Workflow, pipeline: Pipeline, word: string): Promise<void> {
  const [environment] = environmentsMatching(pipeline, word);
  if (environment === undefined || (await tx.versions.find(workflow.id, parseVersionReference(word))) !== null) return;
  const instead =
    environment.rank === pipeline[0]?.rank
      ? `\`/deploy ${workflow.slug}\` goes to ${environment.name} by itself.`
      : `\`/deploy\` puts a version into ${pipeline[0]?.name} only. Use \`/promote ${workflow.slug} ${environment.name}\` to take it further.`;
  throw new Refusal('not_first_environment', instead);
}
