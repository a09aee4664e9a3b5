import { durationText } from './setting-name.ts';
import type { Settings } from './settings.ts';
import type { SettingsFile } from './settings-schema.ts';

/**
 * One layer as a file writes it, which `settingsSchema` reads as the same settings again: durations become texts such as `30s`.
 * Webhooks are left out: they stay what `towpath.yaml` says, and their addresses are for admins.
 */
export function settingsFile({ limits, webhooks: _kept, ...others }: Settings): SettingsFile {
  if (limits === undefined) return others;
  const { timeout, ...amounts } = limits;
  return { ...others, limits: { ...(timeout !== undefined && { timeout: durationText(timeout) }), ...amounts } };
}
