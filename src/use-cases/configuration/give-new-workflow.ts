import type { GivenSettings } from '../../domain/configuration/configuration.ts';
import type { Workflow } from '../../domain/version.ts';
import type { Transaction } from '../ports.ts';
import { saveLayers } from './save-layers.ts';
import { given, type LayerChange } from './settings-differences.ts';

/** Gives a workflow that was just pushed for the first time what the file has for it. Nothing of it is live, so nothing can break. */
export async function giveNewWorkflow(
  tx: Transaction,
  workflow: Workflow,
  files: ReadonlyMap<string, GivenSettings>,
): Promise<void> {
  if (![...files.values()].some(({ workflows }) => workflows.has(workflow.slug))) return;
  const changes: LayerChange[] = [];
  for (const environment of await tx.environments.pipelineHeld()) {
    const fields = files.get(environment.name)?.workflows.get(workflow.slug) ?? {};
    if (Object.keys(fields).length === 0) continue;
    changes.push({ environment, workflow, before: null, ...given(null, fields) });
  }
  await saveLayers(tx, { workspaceId: tx.workspaceId, userId: 'file', via: 'file' }, changes);
}
