import { setTimeout as sleep } from 'node:timers/promises';
import { RunnerFailure } from '../../use-cases/ports/runners.ts';

export interface Patience {
  /** How often it is tried again. */
  readonly retries: number;
  /** Milliseconds before the first repetition, where the runner names none. */
  readonly delayMs: number;
  readonly backoff: 'fixed' | 'linear' | 'exponential';
  readonly signal: AbortSignal;
  /** Milliseconds that are left; a wait beyond them is not begun. */
  readonly remainingMs: () => number;
}

const LONGEST_DELAY_MS = 60_000;

/** Does it again while it fails in a way that may pass. A runner that says when to come again is heeded, if there is the time. */
export async function retrying<T>(work: () => Promise<T>, patience: Patience): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RunnerFailure) || !error.mayPass || attempt >= patience.retries) throw error;
      const wait = error.retryAfterMs ?? delayOf(attempt, patience);
      if (wait >= patience.remainingMs()) throw tooLate(error, wait);
      await sleep(wait, undefined, { signal: patience.signal }).catch(() => {
        throw patience.signal.reason;
      });
    }
  }
}

function delayOf(attempt: number, { delayMs, backoff }: Patience): number {
  const factor = backoff === 'fixed' ? 1 : backoff === 'linear' ? attempt + 1 : 2 ** Math.min(attempt, 20);
  return Math.min(delayMs * factor, LONGEST_DELAY_MS);
}

function tooLate(error: RunnerFailure, wait: number): RunnerFailure {
  if (error.retryAfterMs === null) return error;
  const message = `${error.userMessage} It asks to wait ${Math.ceil(wait / 1000)} s, longer than a run may take.`;
  return new RunnerFailure(error.kind, message, wait);
}
