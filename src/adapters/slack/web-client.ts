import { WebClient, type WebClientOptions } from '@slack/web-api';
import type { Logger } from 'pino';
import { slackLogger } from './slack-logger.ts';

/** How Slack is reached. */
export interface SlackConnection {
  botToken: string;
  /** Default: Slack's own. With or without a slash at its end. */
  apiUrl?: string;
  log: Logger;
}

/** Slack's client waits for ever by itself; ten seconds are more than an answer that somebody waits for may take. */
const TIMEOUT_MS = 10_000;

/** A client that gives up in time, never repeats by itself and says at once when it is limited: who calls decides what then. */
export function makeWebClient(connection: SlackConnection, timeout = TIMEOUT_MS): WebClient {
  return new WebClient(connection.botToken, clientOptions(connection, timeout));
}

/** The same limits, for the clients that Bolt makes. */
export function clientOptions(
  { apiUrl, log }: Pick<SlackConnection, 'apiUrl' | 'log'>,
  timeout = TIMEOUT_MS,
): WebClientOptions {
  return {
    timeout,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    // The path of a method is never an address: what Slack sends can't lead the token elsewhere.
    allowAbsoluteUrls: false,
    logger: slackLogger(log),
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/` }),
  };
}

/**
 * For the client that opens sockets, which must go on trying while Slack is away: given up, its reconnecting would end in
 * a rejection that nobody can catch, and with it the process. Without a word here it tries a hundred times, ever later.
 */
export function socketClientOptions(connection: Pick<SlackConnection, 'apiUrl' | 'log'>): WebClientOptions {
  const { retryConfig: _, rejectRateLimitedCalls: __, ...options } = clientOptions(connection);
  return options;
}
