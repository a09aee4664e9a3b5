import { type Logger, LogLevel, WebClient } from '@slack/web-api';
import type { SlackStandIn, StandInOptions } from '../../../src/adapters/sandbox/start-slack-stand-in.ts';
import { startTestSlack, testCredentials } from './start-test-slack.ts';

export interface TestClient {
  slack: SlackStandIn;
  /** Slack's own client with the bot token, without retries. */
  client: WebClient;
}

/** A stand-in and Slack's own client, with no bot behind it. */
export async function startTestClient(options: Partial<StandInOptions> = {}): Promise<TestClient> {
  const slack = await startTestSlack({ eventsUrl: 'http://127.0.0.1:9/slack/events', ...options });
  return { slack, client: clientOf(slack, testCredentials.botToken) };
}

/** Slack's client prints every refusal; the tests expect them. */
const quiet: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};

export function clientOf(slack: SlackStandIn, token: string): WebClient {
  return new WebClient(token, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: quiet,
  });
}

/** The error code that a call fails with; fails itself when the call does not. */
export async function errorCodeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    const { data, code } = error as { data?: { error?: string }; code?: string };
    return data?.error ?? code ?? String(error);
  }
  throw new Error('The call succeeded.');
}
