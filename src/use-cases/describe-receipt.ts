import { type Deployment, type Rollback, UNDO_WINDOW } from '../domain/deployment.ts';
import { environmentAfter, type Pipeline } from '../domain/environment.ts';
import { unfilledInWords } from '../domain/settings/unfilled.ts';
import type { Workflow } from '../domain/version.ts';
import { summarizeVersions } from './compare.ts';
import { tagEnvironment, tagVersion, tagWorkflow } from './find-things.ts';
import type { Reading } from './ports.ts';
import { fitVersion } from './settings/fit-version.ts';
import { settingsInForce } from './settings/settings-in-force.ts';
import type { DeploymentReceiptView, RollbackReceiptView } from './views.ts';

/** What went live in the first environment, as it stands now. */
export async function describeDeploymentReceipt(
  tx: Reading,
  deployment: Deployment,
  workflow: Workflow,
  pipeline: Pipeline,
): Promise<DeploymentReceiptView> {
  const environment = await tx.environments.get(deployment.environmentId);
  const replaced =
    deployment.replacesId === null
      ? null
      : await tx.versions.getById((await tx.deployments.getById(deployment.replacesId)).versionId);
  const next = environmentAfter(pipeline, environment);
  const { id, deployedBy, deployedAt, reason, status } = deployment;
  return {
    deployment: { id, deployedBy, deployedAt, reason, active: status === 'active' },
    workflow: tagWorkflow(workflow),
    environment: tagEnvironment(environment),
    version: tagVersion(await tx.versions.getById(deployment.versionId)),
    replaced: replaced === null ? null : tagVersion(replaced),
    diff: await summarizeVersions(tx, replaced?.id ?? null, deployment.versionId),
    next: next === null ? null : tagEnvironment(next),
  };
}

/** What a rollback took away and brought back, as it stands now. */
export async function describeRollbackReceipt(
  tx: Reading,
  rollback: Rollback,
  workflow: Workflow,
): Promise<RollbackReceiptView> {
  const environment = await tx.environments.get(rollback.environmentId);
  const removed = await tx.versions.getById((await tx.deployments.getById(rollback.removedDeploymentId)).versionId);
  const restored = await tx.versions.getById((await tx.deployments.getById(rollback.restoredDeploymentId)).versionId);
  const active = await tx.deployments.findActive(workflow.id, environment.id);
  const candidate = await tx.deployments.findCandidate(workflow.id, environment.id);
  const unchanged =
    candidate === null &&
    active?.id === rollback.restoredDeploymentId &&
    active.since.getTime() === rollback.at.getTime();
  const until = new Date(rollback.at.getTime() + UNDO_WINDOW);
  const settings = await settingsInForce(tx, environment.id, workflow.id);
  const { problems } = await fitVersion(tx, restored.id, settings);
  return {
    rollbackId: rollback.id,
    workflow: tagWorkflow(workflow),
    environment: tagEnvironment(environment),
    removed: tagVersion(removed),
    restored: tagVersion(restored),
    restoredRanFor: await tx.deployments.ranFor(rollback.restoredDeploymentId, rollback.at),
    by: rollback.by,
    at: rollback.at,
    reason: rollback.reason,
    lacks: problems.length === 0 ? null : unfilledInWords(problems),
    diff: await summarizeVersions(tx, removed.id, restored.id),
    undoneAt: rollback.undoneAt,
    undoUntil: rollback.undoneAt === null && unchanged && tx.now < until ? until : null,
  };
}
