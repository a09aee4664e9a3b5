import { createHash } from 'node:crypto';

/** Milliseconds. */
export const FIRST_DELAY = 5000;
const FACTOR = 3;
export const LONGEST_DELAY = 4 * 60 * 60 * 1000;
/** How far a delay is moved to either side, so that deliveries that failed together don't all come back together. */
export const JITTER = 0.25;
/** How long retries go on, counted from `startedAt`. */
export const RETRY_FOR = 24 * 60 * 60 * 1000;
/** An endpoint that asks for less is still not called more often than this once it has failed for a while. */
export const LEAST_ASKED_DELAY = 60_000;

export interface FailedAttempt {
  /** The delivery's. */
  id: string;
  /** 1 for the first. */
  attempt: number;
  startedAt: Date;
  now: Date;
  /** What the endpoint asked for, in milliseconds. */
  retryAfter?: number | undefined;
}

/**
 * When a failed delivery is tried next: after 5 s, 15 s, 45 s … up to four hours, each moved by a quarter at most, or when the
 * endpoint asked for it. The last attempt is a day after the first at the latest; null when that is over.
 */
export function nextAttemptAt({ id, attempt, startedAt, now, retryAfter }: FailedAttempt): Date | null {
  const end = startedAt.getTime() + RETRY_FOR;
  if (now.getTime() >= end) return null;
  const backoff = backoffDelay(id, attempt);
  const delay = retryAfter === undefined ? backoff : Math.max(retryAfter, Math.min(backoff, LEAST_ASKED_DELAY));
  return new Date(Math.min(now.getTime() + delay, end));
}

function backoffDelay(id: string, attempt: number): number {
  // From the seventh power on it is the longest one anyway, and a great power is no number any more.
  const delay = Math.min(FIRST_DELAY * FACTOR ** Math.min(attempt - 1, 20), LONGEST_DELAY);
  return Math.round(delay * (1 + JITTER * spread(`${id}:${attempt}`)));
}

/** A number from -1 to 1 that looks random and is always the same for the same text. */
function spread(text: string): number {
  return (createHash('sha256').update(text).digest().readUInt32BE() / 0xffffffff) * 2 - 1;
}
