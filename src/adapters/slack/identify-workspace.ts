import { z } from 'zod';
import { makeWebClient, type SlackConnection } from './web-client.ts';

/** The one workspace that the bot token belongs to. */
export interface SlackWorkspace {
  /** `T…` */
  id: string;
  name: string;
  /** `https://example.slack.com/`, with the last slash. */
  url: string;
  botUserId: string;
  botId: string;
}

const authTest = z.object({
  team_id: z.string(),
  team: z.string(),
  url: z.url(),
  user_id: z.string(),
  bot_id: z.string(),
});

/** Asks Slack whose token this is. @throws what Slack answers (`invalid_auth` …) or that it does not answer */
export async function identifyWorkspace(connection: SlackConnection): Promise<SlackWorkspace> {
  const known = authTest.parse(await makeWebClient(connection).auth.test());
  const url = known.url.endsWith('/') ? known.url : `${known.url}/`;
  return { id: known.team_id, name: known.team, url, botUserId: known.user_id, botId: known.bot_id };
}

/** Where a message is opened in a browser or Slack itself. */
export function permalink(workspace: Pick<SlackWorkspace, 'url'>, message: { channel: string; ts: string }): string {
  return `${workspace.url}archives/${encodeURIComponent(message.channel)}/p${message.ts.replace('.', '')}`;
}
