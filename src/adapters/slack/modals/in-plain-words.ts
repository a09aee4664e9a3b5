import { cut } from '../blocks/text.ts';
import type { SlackContext } from '../slack-context.ts';

const MENTION = /<@([UW][A-Z0-9]+)>/g;

/** A sentence where no mrkdwn is read, such as a form's error: people by their names, without backticks and entities. */
export async function inPlainWords(
  { ports, workspace }: Pick<SlackContext, 'ports' | 'workspace'>,
  mrkdwn: string,
): Promise<string> {
  const ids = [...new Set([...mrkdwn.matchAll(MENTION)].map((match) => match[1] ?? ''))];
  const people =
    ids.length === 0
      ? new Map()
      : await ports.reading(workspace.id, (tx) => tx.people.getMany(ids)).catch(() => new Map());
  const named = mrkdwn.replace(MENTION, (_, id: string) => people.get(id)?.name ?? 'somebody');
  return cut(named.replaceAll('`', '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'), 2_000);
}
