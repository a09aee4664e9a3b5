import { lookUp } from '../../domain/look-up.ts';
import type { Workflow } from '../../domain/version.ts';
import type { Transaction } from '../ports.ts';
import { saveLayers } from './save-layers.ts';
import { given, type LayerChange } from './settings-differences.ts';

/**
 * Gives a workflow that was just pushed for the first time what the newest file has for it, whatever file this process was
 * started with. Nothing of it is live, so nothing can break.
 */
export async function giveNewWorkflow(tx: Transaction, workflow: Workflow): Promise<void> {
  // A start that applies another file either waits for this push, and finds the workflow, or is found here. Environments are held
  // first, as every act holds them before the workspace's row.
  const pipeline = await tx.environments.pipelineHeld();
  const content = await tx.configurationFile.contentHeld();
  const layers = Object.entries(content?.workflows ?? {}).flatMap(([environment, workflows]) => {
    const fields = lookUp(workflows, workflow.slug) ?? {};
    return Object.keys(fields).length === 0 ? [] : [{ environment, fields }];
  });
  if (layers.length === 0) return;
  const changes = layers.flatMap(({ environment: name, fields }): LayerChange[] => {
    const environment = pipeline.find((one) => one.name === name);
    return environment === undefined ? [] : [{ environment, workflow, before: null, ...given(null, fields) }];
  });
  await saveLayers(tx, { workspaceId: tx.workspaceId, userId: 'file', via: 'file' }, changes);
}
