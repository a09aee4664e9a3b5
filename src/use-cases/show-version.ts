import { getEnvironment } from '../domain/environment.ts';
import { Refusal } from '../domain/refusal.ts';
import { versionStage } from '../domain/version.ts';
import { readDocument } from './compare.ts';
import { getVersion, getWorkflow, tagEnvironment, tagVersion, tagWorkflow } from './find-things.ts';
import type { Ports } from './ports.ts';
import type { UseCases } from './use-cases.ts';

/** One version with its definition. */
export function makeShowVersion({ reading }: Ports): UseCases['showVersion'] {
  return ({ workspaceId, workflow: slug, version: word }) =>
    reading(workspaceId, async (tx) => {
      const workflow = await getWorkflow(tx, slug);
      const version = await getVersion(tx, workflow, word);
      const pipeline = await tx.environments.pipeline();
      const active = (await tx.deployments.listActive([workflow.id])).filter(
        (deployment) => deployment.versionId === version.id,
      );
      const stage = versionStage({
        everDeployed: (await tx.versions.everDeployed([version.id])).has(version.id),
        quarantined: (await tx.versions.quarantined([workflow.id])).has(version.id),
        liveIn: active.map((deployment) => pipeline.find((e) => e.id === deployment.environmentId)?.rank ?? 0),
        lastRank: pipeline.at(-1)?.rank ?? 0,
      });
      const { note, format, contentHash, logicHash, sourceCommit, createdAt } = version;
      const definition = await readDocument(tx, version.id);
      return {
        workflow: tagWorkflow(workflow),
        version: tagVersion(version),
        note,
        format,
        contentHash,
        logicHash,
        sourceCommit,
        createdAt,
        stage,
        definition,
      };
    });
}

/** What is live in an environment. @throws Refusal nothing_active */
export function makeShowLive({ reading }: Ports): UseCases['showLive'] {
  return ({ workspaceId, workflow: slug, environment: word }) =>
    reading(workspaceId, async (tx) => {
      const workflow = await getWorkflow(tx, slug);
      const environment = getEnvironment(await tx.environments.pipeline(), word);
      const live = await tx.deployments.findActive(workflow.id, environment.id);
      if (live === null)
        throw new Refusal('nothing_active', `Nothing of ${workflow.slug} is live in ${environment.name}.`);
      const version = await tx.versions.getById(live.versionId);
      const definition = await readDocument(tx, version.id);
      const { id, status, deployedAt, deployedBy, promotionId: promotion } = live;
      return {
        workflow: tagWorkflow(workflow),
        environment: tagEnvironment(environment),
        version: { ...tagVersion(version), contentHash: version.contentHash },
        deployment: { id, status, deployedAt, deployedBy, promotion },
        definition,
      };
    });
}
