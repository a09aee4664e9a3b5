import { parseRetryAfter } from '../../outbound/parse-retry-after.ts';

/** What an attempt came to. Times in milliseconds. */
export type Decision =
  | { kind: 'delivered' }
  | { kind: 'retry'; error: string; retryAfter?: number }
  | { kind: 'give-up'; error: string };

/**
 * What follows from the status an endpoint answered with. Trouble that passes (5xx, 408, 429) is retried; a refusal is not, as it
 * would be refused again.
 * @param retryAfter the header as it came
 */
export function decide(status: number, retryAfter: string | undefined, now: Date): Decision {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (status >= 300 && status < 400) {
    return {
      kind: 'give-up',
      error: `Answered ${status}, a redirect, which is not followed. Configure the address it leads to.`,
    };
  }
  if (status === 410)
    return { kind: 'give-up', error: 'Answered 410: the endpoint is gone. Take it out of the configuration.' };
  if (status === 408 || status === 429 || status >= 500) {
    const asked = parseRetryAfter(retryAfter, now);
    return { kind: 'retry', error: `Answered ${status}.`, ...(asked === null ? {} : { retryAfter: asked }) };
  }
  return { kind: 'give-up', error: `Answered ${status}: the endpoint refuses this. Mend it there, then redeliver.` };
}
