import { summarizeVersions } from './compare.ts';
import { getWorkflow, tagEnvironment, tagVersion, tagWorkflow } from './find-things.ts';
import type { Ports } from './ports.ts';
import { chooseRestored, setRollbackScene } from './roll-back.ts';
import type { UseCases } from './use-cases.ts';

/** What a rollback would take out and bring back, for whoever is asked whether to do it. Refuses what the rollback would. */
export function makePreviewRollback({ reading }: Ports): UseCases['previewRollback'] {
  return (request) =>
    reading(request.actor.workspaceId, async (tx) => {
      const workflow = await getWorkflow(tx, request.workflow);
      const scene = await setRollbackScene(tx, request, workflow, await tx.environments.pipeline());
      const { environment, active } = scene;
      const restored = await chooseRestored(tx, scene, request.to);
      return {
        workflow: tagWorkflow(workflow),
        environment: tagEnvironment(environment),
        deploymentId: active.id,
        removed: tagVersion(await tx.versions.getById(active.versionId)),
        restored: tagVersion(await tx.versions.getById(restored.versionId)),
        diff: await summarizeVersions(tx, active.versionId, restored.versionId),
      };
    });
}
