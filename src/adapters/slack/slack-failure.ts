import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';

/**
 * How a call of Slack failed, and what is known of its effect: `refused` and `limited` did nothing for certain; after
 * `unknown` it may have been done or not.
 */
export type SlackFailure =
  | { kind: 'refused'; code: string }
  | { kind: 'limited'; retryAfterMs: number }
  | { kind: 'unknown'; why: string };

/** Answers of Slack's that say something broke on its side, perhaps after the effect. */
const BROKEN = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
]);
const LIMITED = new Set(['ratelimited', 'rate_limited']);
const DEFAULT_RETRY_MS = 30_000;
/** An hour: a longer pause than that is no pause. */
const LONGEST_RETRY_MS = 3_600_000;

/** Null for an error that is not Slack's: a bug. */
export function slackFailure(error: unknown): SlackFailure | null {
  if (error instanceof WebAPIRateLimitedError) return limited(error.retryAfter * 1_000);
  if (error instanceof WebAPIPlatformError) return platformFailure(error.data.error);
  if (error instanceof WebAPIHTTPError) return httpFailure(error.statusCode);
  if (error instanceof WebAPIRequestError) return { kind: 'unknown', why: error.original.message };
  // A 429 without a usable Retry-After comes as a bare Error, and an answer that is no JSON as a SyntaxError.
  if (error instanceof SyntaxError) return { kind: 'unknown', why: 'no JSON' };
  if (error instanceof Error && error.message.startsWith('Retry header did not contain'))
    return limited(DEFAULT_RETRY_MS);
  return null;
}

function platformFailure(code: string): SlackFailure {
  if (LIMITED.has(code)) return limited(DEFAULT_RETRY_MS);
  return BROKEN.has(code) ? { kind: 'unknown', why: code } : { kind: 'refused', code };
}

function httpFailure(status: number): SlackFailure {
  if (status === 429) return limited(DEFAULT_RETRY_MS);
  return status >= 500 ? { kind: 'unknown', why: `HTTP ${status}` } : { kind: 'refused', code: `http_${status}` };
}

function limited(retryAfterMs: number): SlackFailure {
  return { kind: 'limited', retryAfterMs: Math.min(Math.max(retryAfterMs, 1_000), LONGEST_RETRY_MS) };
}
