import { RunnerFailure } from '../../use-cases/ports/runners.ts';

/** The time that one run has, and the signal that ends it. */
export interface Deadline {
  /** Aborted with the reason of the signal that was given, or a `RunnerFailure` once the time is up. */
  readonly signal: AbortSignal;
  remainingMs(): number;
  /** Waits for the work, but not beyond the end, whatever the work does. */
  race<T>(work: Promise<T>): Promise<T>;
  close(): void;
}

/** Timers count in 32 bits. */
const LONGEST_MS = 2 ** 31 - 1;

export function openDeadline(signal: AbortSignal, timeoutMs: number, what = 'run'): Deadline {
  const ends = new AbortController();
  const { promise, reject } = Promise.withResolvers<never>();
  // Nobody may be waiting when it comes.
  promise.catch(() => undefined);
  const end = (reason: unknown): void => {
    ends.abort(reason);
    reject(reason);
  };
  const bounded = Math.max(0, Math.min(timeoutMs, LONGEST_MS));
  const at = performance.now() + bounded;
  const onAbort = () => end(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  const seconds = Math.round(bounded / 100) / 10;
  const timer = setTimeout(
    () => end(new RunnerFailure('timeout', `The ${what} took longer than ${seconds} s.`)),
    bounded,
  );
  return {
    signal: ends.signal,
    remainingMs: () => Math.max(0, at - performance.now()),
    race: (work) => Promise.race([work, promise]),
    close() {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    },
  };
}
