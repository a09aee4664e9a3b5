import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import type { SlackStandIn, StandInOptions } from '../../../src/adapters/sandbox/start-slack-stand-in.ts';
import { startTestSlack, testCredentials } from './start-test-slack.ts';

export interface TestBot {
  slack: SlackStandIn;
  app: App;
  stop(): Promise<void>;
}

/** A stand-in and a bare, real Bolt app that talk to each other over signed HTTP on free ports. */
export async function startTestBot(
  listen: (app: App) => void,
  options: Partial<StandInOptions> = {},
): Promise<TestBot> {
  let port = 0;
  const slack = await startTestSlack({ eventsUrl: () => `http://127.0.0.1:${port}/slack/events`, ...options });
  const receiver = new HTTPReceiver({ signingSecret: testCredentials.signingSecret, logLevel: LogLevel.ERROR });
  const app = new App({
    token: testCredentials.botToken,
    receiver,
    clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } },
    logLevel: LogLevel.ERROR,
    // Otherwise Bolt asks who it is in the background, and a short test may be over before the answer.
    deferInitialization: true,
  });
  await app.init();
  listen(app);
  const server = await app.start({ port: 0, host: '127.0.0.1' });
  port = ((server as { address(): unknown }).address() as AddressInfo).port;
  const stop = async () => {
    await app.stop();
    await slack.stop();
  };
  return { slack, app, stop };
}
