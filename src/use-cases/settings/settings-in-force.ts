import { effectiveSettings } from '../../domain/settings/merge-settings.ts';
import type { Settings, SettingsRevision } from '../../domain/settings/settings.ts';
import type { Reading } from '../ports.ts';

/** What an environment gives a workflow. */
export interface SettingsInForce {
  effective: Settings;
  /** Names these very settings. Null: none were ever given, neither to the environment nor to the workflow in it. */
  key: string | null;
}

/** Both layers in one query. */
export async function settingsInForce(
  tx: Reading,
  environmentId: string,
  workflowId: string,
): Promise<SettingsInForce> {
  return inForce(await tx.settings.current(environmentId, workflowId));
}

/** One layer, of which the id names exactly what it holds. */
export type NamedLayer = Pick<SettingsRevision, 'id' | 'settings'>;

export function inForce({
  environment,
  workflow,
}: {
  environment: NamedLayer | null;
  workflow: NamedLayer | null;
}): SettingsInForce {
  return {
    effective: effectiveSettings(environment?.settings ?? {}, workflow?.settings ?? {}),
    // Revisions never change, so their ids say what they hold.
    key: environment === null && workflow === null ? null : `${environment?.id ?? ''}+${workflow?.id ?? ''}`,
  };
}
