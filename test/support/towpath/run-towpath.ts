import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { SlackStandIn, StandInOptions } from '../../../src/adapters/sandbox/start-slack-stand-in.ts';
import type { TestDatabase } from '../database/create-test-database.ts';
import { startTestSlack, testCredentials } from '../slack/start-test-slack.ts';
import { waitUntil } from '../slack/wait-until.ts';
import { freePort } from './free-port.ts';

/** All of Towpath in processes of its own, against the stand-in for Slack and a database of the test's own. */
export interface WholeTowpath {
  slack: SlackStandIn;
  database: TestDatabase;
  /** `http://127.0.0.1:PORT`, of the process that Slack talks to. */
  url: string;
  apiToken: string;
  process(): ChildProcess;
  /** Ends the process as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again, on the same port and database. Extra variables and words of the command line for this start alone. */
  start(env?: Record<string, string>, words?: readonly string[]): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  terminate(): Promise<number | null>;
  /** What it wrote to its log and error output so far. */
  output(): string;
  stop(): Promise<void>;
}

export interface WholeOptions {
  slack?: Partial<StandInOptions>;
  env?: Record<string, string>;
}

const API_TOKEN = 'test-api-token-0123456789abcdef0123456789';

export async function runTowpath(database: TestDatabase, options: WholeOptions = {}): Promise<WholeTowpath> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const slack = await startTestSlack({ eventsUrl: `${url}/slack/events`, ...options.slack });
  let running: ChildProcess | null = null;
  let output = '';

  const start = async (env: Record<string, string> = {}, words: readonly string[] = []) => {
    const child = spawn(process.execPath, ['src/main.ts', ...words], {
      env: { ...baseEnv(), ...environment(database, slack, port), ...options.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running = child;
    const collect = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-200_000);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    await waitUntil(
      `Towpath to be ready; it said: ${output.slice(-2_000)}`,
      () => isReady(url, child, () => output),
      30_000,
    );
  };
  const end = async (signal: NodeJS.Signals) => {
    const child = running;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
    return child.exitCode;
  };
  await start();
  return {
    slack,
    database,
    url,
    apiToken: API_TOKEN,
    process: () => running ?? failed('no process'),
    kill: async () => void (await end('SIGKILL')),
    start,
    terminate: () => end('SIGTERM'),
    output: () => output,
    async stop() {
      await end('SIGKILL');
      await slack.stop();
      await database.drop();
    },
  };
}

async function isReady(url: string, child: ChildProcess, output: () => string): Promise<boolean> {
  if (child.exitCode !== null) throw new Error(`Towpath ended at its start: ${output().slice(-3_000)}`);
  return fetch(`${url}/readyz`).then(
    (answer) => answer.ok,
    () => false,
  );
}

function baseEnv(): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH, HOME };
}

function environment(database: TestDatabase, slack: SlackStandIn, port: number): Record<string, string> {
  return {
    DATABASE_URL: database.url,
    TOWPATH_KEY: 'test-key-0123456789abcdef0123456789abcdef',
    SLACK_BOT_TOKEN: testCredentials.botToken,
    SLACK_SIGNING_SECRET: testCredentials.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    TOWPATH_API_TOKEN: API_TOKEN,
    TOWPATH_ADMINS: 'U0ADA',
    PORT: String(port),
    LOG_LEVEL: 'info',
  };
}

function failed(why: string): never {
  throw new Error(why);
}
