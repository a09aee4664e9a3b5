import { SlackApiError } from '../../../src/adapters/sandbox/web-api/slack-api-error.ts';

/* Small blocks to build wrong messages of; left untyped, because the compiler would refuse most of those. */

export const plain = (text: string) => ({ type: 'plain_text', text });
export const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
export const section = (text: string) => ({ type: 'section', text: mrkdwn(text) });
export const table = { type: 'table', rows: [[{ type: 'raw_text', text: 'a' }]] };
export const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));

/** What Slack would say to a check that fails: its pointed messages, else its error code; nothing when it passes. */
export function complaintsOf(check: () => unknown): string[] {
  try {
    check();
    return [];
  } catch (error) {
    if (!(error instanceof SlackApiError)) throw error;
    const { messages = [error.code] } = (error.fields['response_metadata'] ?? {}) as { messages?: string[] };
    return messages;
  }
}
