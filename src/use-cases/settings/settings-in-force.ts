import { effectiveSettings } from '../../domain/settings/merge-settings.ts';
import type { Settings } from '../../domain/settings/settings.ts';
import type { Reading, SettingsLayers } from '../ports.ts';

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

export function inForce({ environment, workflow }: SettingsLayers): SettingsInForce {
  return {
    effective: effectiveSettings(environment?.settings ?? {}, workflow?.settings ?? {}),
    // Revisions never change, so their ids say what they hold.
    key: environment === null && workflow === null ? null : `${environment?.id ?? ''}+${workflow?.id ?? ''}`,
  };
}
