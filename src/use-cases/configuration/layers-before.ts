import type { Reading, SettingsLayers } from '../ports.ts';
import type { LayerChange } from './settings-differences.ts';

/** Whether one of the changes is about this workflow in this environment. */
export function concerns(changes: readonly LayerChange[], environmentId: string, workflowId: string): boolean {
  return changes.some(
    ({ environment, workflow }) =>
      environment.id === environmentId && (workflow === null || workflow.id === workflowId),
  );
}

/** What applied to a workflow in an environment before the changes, asked when they are written. */
export async function layersBefore(
  tx: Reading,
  changes: readonly LayerChange[],
  environmentId: string,
  workflowId: string,
): Promise<SettingsLayers> {
  const now = await tx.settings.current(environmentId, workflowId);
  const changed = (id: string | null) =>
    changes.find(({ environment, workflow }) => environment.id === environmentId && (workflow?.id ?? null) === id);
  const [own, narrow] = [changed(null), changed(workflowId)];
  return {
    environment: own === undefined ? now.environment : own.before,
    workflow: narrow === undefined ? now.workflow : narrow.before,
  };
}
