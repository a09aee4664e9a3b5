import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readManifest } from './read-manifest.ts';
import { SANDBOX_CHANNELS, SANDBOX_PEOPLE, SANDBOX_TEAM } from './sandbox-workspace.ts';
import { startSlackStandIn } from './start-slack-stand-in.ts';

export interface Sandbox {
  /** The page's address. */
  url: string;
  apiUrl: string;
  botToken: string;
  signingSecret: string;
  stop(): Promise<void>;
}

/** Where the page is preferred to be found; any free port where this one is taken. */
const PORT = 3001;

/**
 * Starts the newcomer's workspace: the stand-in for Slack with people, channels and the commands, events and scopes of
 * manifest.yml, as strict as Slack itself.
 */
export async function startSandbox(options: { eventsUrl: () => string; port?: number }): Promise<Sandbox> {
  const botToken = `xoxb-sandbox-${randomBytes(16).toString('hex')}`;
  const signingSecret = randomBytes(16).toString('hex');
  const { commands, scopes, events } = await readManifest();
  const settings = {
    people: SANDBOX_PEOPLE,
    channels: SANDBOX_CHANNELS,
    team: SANDBOX_TEAM,
    commands,
    scopes,
    subscribedEvents: events,
    eventsUrl: options.eventsUrl,
    signingSecret,
    botToken,
    rateLimits: true,
    pageDir: pageFolder(),
  };
  const standIn = await startSlackStandIn({ ...settings, port: options.port ?? PORT }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') throw error;
      return startSlackStandIn({ ...settings, port: 0 });
    },
  );
  return { url: standIn.url, apiUrl: standIn.apiUrl, botToken, signingSecret, stop: () => standIn.stop() };
}

/** Built by `npm ci`. Found from src/ and from dist/ alike. */
function pageFolder(): string {
  const folder = fileURLToPath(new URL('../../../dist/sandbox-page', import.meta.url));
  if (!existsSync(folder))
    throw new Error(`The sandbox's page is not built: ${folder} is missing. Run: npm run build:page`);
  return folder;
}
