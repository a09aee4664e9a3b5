import { createHmac } from 'node:crypto';

/** Slack's headers over a request body: `v0=HMAC-SHA256(secret, "v0:timestamp:body")`. `timestamp` is in seconds. */
export function signRequest(body: string, signingSecret: string, timestamp: string): Record<string, string> {
  const digest = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${digest}` };
}

/** The real time: the bot compares it with its own clock, whatever a test did to the stand-in's. */
export function signatureTimestamp(): string {
  return String(Math.floor(Date.now() / 1_000));
}
