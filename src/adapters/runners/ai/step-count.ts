import { setImmediate as others } from 'node:timers/promises';
import { RunnerFailure } from '../../../use-cases/ports/runners.ts';

/** Steps, and repetitions of loops, that one run takes at most. */
const MOST_STEPS = 10_000;
/** Steps that ask nobody anything keep the process to themselves: after so many, all else has its turn. */
const AT_A_STRETCH = 100;

/** Counts what one run does, whether or not it asks a model: loops within loops end somewhere, and can be ended. */
export interface StepCount {
  /** Before each step and each repetition. @throws RunnerFailure refused, or why the run was given up */
  next(): Promise<void>;
  /** Throws as `next` does where no further step may be taken: a step's `onError` goes on from its own failures alone. */
  assertGoesOn(): void;
}

/** @param signal aborted once nobody wants the run any more */
export function makeStepCount(signal: AbortSignal): StepCount {
  let steps = 0;
  function assertGoesOn(): void {
    if (signal.aborted) throw signal.reason;
    if (steps > MOST_STEPS)
      throw new RunnerFailure('refused', `The run was ended after ${MOST_STEPS} steps. Bound its loops.`);
  }
  return {
    async next() {
      if (++steps % AT_A_STRETCH === 0) await others();
      assertGoesOn();
    },
    assertGoesOn,
  };
}
