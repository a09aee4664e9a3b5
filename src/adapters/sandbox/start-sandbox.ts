import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { UseCases } from '../../use-cases/use-cases.ts';
import { readManifest } from './read-manifest.ts';
import { SANDBOX_CHANNELS, SANDBOX_PEOPLE, SANDBOX_TEAM } from './sandbox-workspace.ts';
import { hasWorkflows, seedSamples } from './seed-samples.ts';
import { startSlackStandIn } from './start-slack-stand-in.ts';
import { forgetState } from './state/state-file.ts';
import { untilSilent } from './until-silent.ts';

export interface Sandbox {
  /** The page's address. */
  url: string;
  apiUrl: string;
  botToken: string;
  signingSecret: string;
  /**
   * Fills a new database with samples and waits until their cards are posted; does nothing to another one. To be called when
   * the bot listens. From then on Slack's limits hold.
   */
  seed(): Promise<void>;
  stop(): Promise<void>;
}

export interface SandboxOptions {
  eventsUrl: () => string;
  useCases: UseCases;
  /** Where messages are kept between starts, see `sandboxFile`. */
  stateFile: string;
  port?: number;
}

/** Where the page is preferred to be found; any free port where this one is taken. */
const PORT = 3001;

/** The bot has posted the samples' cards when it is silent for so long; the newcomer waits no longer than the patience. */
const SEEDED = { silenceMs: 400, patienceMs: 15_000 };

/**
 * Starts the newcomer's workspace: the stand-in for Slack with people, channels and the commands, events and scopes of
 * manifest.yml, as strict as Slack itself. Messages kept from another database, one that is gone, are thrown away.
 */
export async function startSandbox({ eventsUrl, useCases, stateFile, port = PORT }: SandboxOptions): Promise<Sandbox> {
  const isNew = !(await hasWorkflows(useCases));
  if (isNew) await forgetState(stateFile);
  const botToken = `xoxb-sandbox-${randomBytes(16).toString('hex')}`;
  const signingSecret = randomBytes(16).toString('hex');
  const { commands, scopes, events } = await readManifest();
  const standIn = await startSlackStandIn({
    people: SANDBOX_PEOPLE.map((person) => ({ ...person, tz: timeZone() })),
    channels: SANDBOX_CHANNELS,
    team: SANDBOX_TEAM,
    commands,
    scopes,
    subscribedEvents: events,
    eventsUrl,
    signingSecret,
    botToken,
    // With them on, the cards of a new database's samples would keep the newcomer's own first card waiting.
    rateLimits: !isNew,
    pageDir: pageFolder(),
    stateFile,
    port,
    otherPortIfTaken: true,
  });
  const seed = async () => {
    if (!isNew) return;
    await seedSamples(useCases);
    await untilSilent(standIn, SEEDED);
    standIn.limitRates(true);
  };
  return { url: standIn.url, apiUrl: standIn.apiUrl, botToken, signingSecret, seed, stop: () => standIn.stop() };
}

/** Of the newcomer's machine, so that a time they type is theirs. */
function timeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Built by `npm ci`. Found from src/ and from dist/ alike. */
function pageFolder(): string {
  const folder = fileURLToPath(new URL('../../../dist/sandbox-page', import.meta.url));
  if (!existsSync(folder))
    throw new Error(`The sandbox's page is not built: ${folder} is missing. Run: npm run build:page`);
  return folder;
}
