import { Client } from 'pg';
import type { StandInMessage } from '../../../src/adapters/sandbox/start-slack-stand-in.ts';
import { waitUntil } from '../slack/wait-until.ts';
import type { WholeTowpath } from './run-towpath.ts';

/** A small workflow; `prompt` makes one version differ from another. */
export function workflowSource(name: string, prompt: string): string {
  return `apiVersion: towpath/v1
name: ${name}
steps:
  - { id: answer, type: llm, label: Answer, provider: anthropic, model: claude-sonnet, systemPrompt: ${JSON.stringify(prompt)} }
`;
}

/** Pushes by the API, as CI does. Returns the version's number. */
export async function push(towpath: WholeTowpath, name: string, source: string, query = ''): Promise<number> {
  const answer = await fetch(`${towpath.url}/api/v1/workflows/${name}/versions${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${towpath.apiToken}`, 'content-type': 'application/yaml' },
    body: source,
  });
  const body = (await answer.json()) as { version: { number: number } };
  if (!answer.ok) throw new Error(`The push was answered ${answer.status}: ${JSON.stringify(body)}`);
  return body.version.number;
}

/** Reads the API. */
export async function get<T>(towpath: WholeTowpath, path: string): Promise<T> {
  const answer = await fetch(`${towpath.url}/api/v1${path}`, {
    headers: { authorization: `Bearer ${towpath.apiToken}` },
  });
  if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** Messages of a channel that everybody sees, threads included. */
export function publicMessages(towpath: WholeTowpath, channel: string): StandInMessage[] {
  return towpath.slack.messages(channel).filter((message) => message.ephemeralTo === undefined);
}

/** The newest message of a channel that has a button of that action, and speaks of that workflow where one is named. */
export function withButton(
  towpath: WholeTowpath,
  channel: string,
  actionId: string,
  workflow = '',
): StandInMessage | undefined {
  return publicMessages(towpath, channel).findLast((message) => {
    const blocks = JSON.stringify(message.blocks);
    return blocks.includes(`"${actionId}"`) && blocks.includes(workflow);
  });
}

/** What a person was told privately in a channel last. */
export function lastWhisper(towpath: WholeTowpath, person: string, channel: string): string | undefined {
  return towpath.slack.messages(channel).findLast((message) => message.ephemeralTo === person)?.text;
}

/** Waits until every job of the queue is done. */
export async function untilQuiet(towpath: WholeTowpath, withinMs = 20_000): Promise<void> {
  const client = new Client({ connectionString: towpath.database.url });
  await client.connect();
  try {
    await waitUntil(
      'the queue to be empty',
      async () => {
        const { rows } = await client.query<{ waiting: string }>(
          "SELECT count(*)::text AS waiting FROM graphile_worker._private_jobs WHERE run_at <= now() + interval '1 minute'",
        );
        return rows[0]?.waiting === '0';
      },
      withinMs,
    );
  } finally {
    await client.end();
  }
}

/** Announcement ids of posted messages that appear more than once: none, if nothing was repeated. */
export function repeatedAnnouncements(towpath: WholeTowpath, channels: readonly string[]): string[] {
  const ids = channels
    .flatMap((channel) => publicMessages(towpath, channel))
    .flatMap((message) => String(message.metadata?.event_payload['announcement_id'] ?? []));
  return ids.filter((id, index) => id !== '' && ids.indexOf(id) !== index);
}
