import { describeSettingsChange } from '../../domain/settings/diff-settings.ts';
import type { Settings } from '../../domain/settings/settings.ts';

const MOST_SENTENCES = 5;

/** What moved between two layers, or between what a version read of them, in a few sentences. */
export function settingsSentences(before: unknown, after: unknown, most = MOST_SENTENCES): string[] {
  // What a version reads is a part of settings, in their shape.
  const sentences = describeSettingsChange(before as Settings, after as Settings);
  const left = sentences.length - most;
  return left > 0 ? [...sentences.slice(0, most), `and ${left} more`] : sentences;
}
