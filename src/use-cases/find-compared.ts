import type { Deployment } from '../domain/deployment.ts';
import type { DiffSubject } from '../domain/diff-link.ts';
import { type Environment, environmentsMatching } from '../domain/environment.ts';
import type { Promotion } from '../domain/promotion.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Version, Workflow } from '../domain/version.ts';
import { getVersion, getWorkflow, namesEnvironment } from './find-things.ts';
import type { Reading } from './ports.ts';

/** Two versions of one workflow. `from` null: nothing was there before. */
export interface Compared {
  workflow: Workflow;
  from: Version | null;
  to: Version;
  /** What is to take `to` on, where the comparison is about that. */
  promotion: Promotion | null;
  /** Id of the environment that `to` would go to, in place of `from`; null where nothing says which. */
  intoEnvironmentId: string | null;
}

/** Two versions or environments as typed. @throws Refusal unknown_workflow, unknown_version, nothing_active */
export async function findAsTyped(
  tx: Reading,
  { workflow: slug, from, to }: { workflow: string; from: string; to: string },
): Promise<Compared> {
  const workflow = await getWorkflow(tx, slug);
  const before = await versionOrLive(tx, workflow, from);
  const after = await versionOrLive(tx, workflow, to);
  // What is live in an environment against another version: so it would be there.
  const intoEnvironmentId = before.environment?.id ?? null;
  return { workflow, from: before.version, to: after.version, promotion: null, intoEnvironmentId };
}

/** By ids. @throws Refusal unknown_promotion, unknown_version, also for two versions of different workflows */
export async function findSubject(tx: Reading, subject: DiffSubject): Promise<Compared> {
  if ('promotionId' in subject) return findPromoted(tx, subject.promotionId);
  const to = await tx.versions.getById(subject.to);
  const from = subject.from === null ? null : await tx.versions.getById(subject.from);
  if (from !== null && from.workflowId !== to.workflowId)
    throw new Refusal('unknown_version', 'These are versions of two workflows, so there is nothing to compare.');
  return { workflow: await tx.workflows.getById(to.workflowId), from, to, promotion: null, intoEnvironmentId: null };
}

async function findPromoted(tx: Reading, promotionId: string): Promise<Compared> {
  const promotion = await tx.promotions.find(promotionId);
  if (promotion === null)
    throw new Refusal('unknown_promotion', 'That promotion is not known here. `/towpath status` lists what is open.');
  const replaced = await replacedVersion(tx, promotion, await tx.deployments.findByPromotion(promotion.id));
  return {
    workflow: await tx.workflows.getById(promotion.workflowId),
    from: replaced === null ? null : await tx.versions.getById(replaced),
    to: await tx.versions.getById(promotion.versionId),
    promotion,
    intoEnvironmentId: promotion.status === 'open' ? promotion.targetEnvironmentId : null,
  };
}

/**
 * Id of the version that a promotion replaces: what is live in its target, or was when it became `deployment`. For a request that
 * ended without deploying, the proposed version itself may be live there by now: that is no comparison.
 */
export async function replacedVersion(
  tx: Reading,
  promotion: Promotion,
  deployment: Deployment | null,
): Promise<string | null> {
  if (deployment !== null)
    return deployment.replacesId === null ? null : (await tx.deployments.getById(deployment.replacesId)).versionId;
  const live = await tx.deployments.findActive(promotion.workflowId, promotion.targetEnvironmentId);
  return live === null || live.versionId === promotion.versionId ? null : live.versionId;
}

/** A word that is a version or label goes before one that only begins like an environment. */
async function versionOrLive(
  tx: Reading,
  workflow: Workflow,
  word: string,
): Promise<{ version: Version; environment: Environment | null }> {
  const pipeline = await tx.environments.pipeline();
  const matches = environmentsMatching(pipeline, word);
  const [environment] = matches;
  const isVersion = !namesEnvironment(pipeline, word) && (await isKnown(tx, workflow, word));
  if (environment === undefined || matches.length > 1 || isVersion)
    return { version: await getVersion(tx, workflow, word), environment: null };
  const live = await tx.deployments.findActive(workflow.id, environment.id);
  if (live === null)
    throw new Refusal(
      'nothing_active',
      `Nothing of ${workflow.slug} is live in ${environment.name}. Name a version instead.`,
    );
  return { version: await tx.versions.getById(live.versionId), environment };
}

async function isKnown(tx: Reading, workflow: Workflow, word: string): Promise<boolean> {
  return getVersion(tx, workflow, word).then(
    () => true,
    (error: unknown) => {
      if (error instanceof Refusal) return false;
      throw error;
    },
  );
}
