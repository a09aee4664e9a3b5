import type { SettingsLayerView } from '../../../use-cases/views.ts';
import { mention, moment } from './mrkdwn.ts';
import { type Part, section } from './parts.ts';
import { escaped } from './text.ts';

/** What one layer of settings gives, a line each; ¹ marks what the file keeps. */
export function layerSection(
  title: string,
  { number, changedBy, at, listed, more }: SettingsLayerView,
  importance: number,
): Part {
  const lines = listed.map(
    ({ name, value, managedByFile }) => `• ${escaped(name, 140)}: ${escaped(value, 160)}${managedByFile ? ' ¹' : ''}`,
  );
  const changed = `number ${number}, by ${mention(changedBy)} ${moment(at)}`;
  return section(
    [
      `*${title}* (${changed})`,
      ...(lines.length === 0 ? ['nothing any more'] : lines),
      ...(more > 0 ? [`and ${more} more`] : []),
    ].join('\n'),
    importance,
  );
}

/** What the mark means, where it stands somewhere. */
export function fileMark(layers: readonly (SettingsLayerView | null)[]): string {
  const isThere = layers.some((given) => given?.listed.some(({ managedByFile }) => managedByFile));
  return isThere ? '¹ by the configuration file, and changed there only.' : '';
}
