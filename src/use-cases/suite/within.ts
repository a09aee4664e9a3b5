import { RunnerFailure } from '../ports/runners.ts';

/**
 * Waits no longer than the signal and the time allow, also for work that heeds neither; that work's own signal is aborted then.
 * @throws RunnerFailure timeout; the signal's reason
 */
export async function within<T>(
  signal: AbortSignal,
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ends = new AbortController();
  const { promise, reject } = Promise.withResolvers<never>();
  const end = (reason: unknown): void => {
    reject(reason);
    ends.abort(reason);
  };
  const onAbort = () => end(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(
    () => end(new RunnerFailure('timeout', `No answer within ${Math.round(milliseconds / 1000)} s.`)),
    Math.min(milliseconds, LONGEST_MS),
  );
  try {
    if (signal.aborted) throw signal.reason;
    return await Promise.race([work(ends.signal), promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    // Work that was not waited for is given up.
    ends.abort();
  }
}

/** Timers count in 32 bits. */
const LONGEST_MS = 2 ** 31 - 1;
