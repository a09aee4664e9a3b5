import { summarizeVersions } from './compare.ts';
import { getWorkflow, tagEnvironment, tagVersion, tagWorkflow } from './find-things.ts';
import type { Ports } from './ports.ts';
import { abortsAlone, chooseRestored, placeOfCandidate, setRollbackScene } from './roll-back.ts';
import type { UseCases } from './use-cases.ts';

/** What a rollback would take out and bring back, for whoever is asked whether to do it. Refuses what the rollback would. */
export function makePreviewRollback({ reading }: Ports): UseCases['previewRollback'] {
  return (request) =>
    reading(request.actor.workspaceId, async (tx) => {
      const workflow = await getWorkflow(tx, request.workflow);
      const scene = await setRollbackScene(tx, request, workflow, await tx.environments.pipeline());
      const { environment, active } = scene;
      const running = await placeOfCandidate(tx, scene);
      const aborts = running !== null && (await abortsAlone(tx, scene, request));
      const removed = aborts ? running.candidate : active;
      const restored = aborts ? active : await chooseRestored(tx, scene, request.to);
      return {
        kind: aborts ? 'aborts' : 'rolls-back',
        workflow: tagWorkflow(workflow),
        environment: tagEnvironment(environment),
        deploymentId: removed.id,
        removed: tagVersion(await tx.versions.getById(removed.versionId)),
        restored: tagVersion(await tx.versions.getById(restored.versionId)),
        alsoAborts: running === null || aborts ? null : tagVersion(running.version),
        diff: await summarizeVersions(tx, removed.versionId, restored.versionId),
      };
    });
}
