import { z } from 'zod';
import { RetryAt } from '../../use-cases/retry-at.ts';
import type { SuiteWork } from '../../use-cases/suite/work-on-run.ts';

const Payload = z.object({ workspaceId: z.string(), runId: z.string(), environmentId: z.string() });

/** Runs of one environment that a process carries out at a time: half an hour each must not take all workers from the others. */
const MOST_OF_ONE = 4;
/** Milliseconds until one that finds no place here is offered again, to whichever process is free. */
const LATER = 1_000;

/** The tasks `run-suite` and `replay-shadow`: each carries out one run. */
export function makeSuiteTasks(
  work: Pick<SuiteWork, 'run'>,
): Record<'run-suite' | 'replay-shadow', (payload: unknown) => Promise<void>> {
  const going = new Map<string, number>();
  const carryOut = async (payload: unknown) => {
    const { environmentId, ...run } = Payload.parse(payload);
    const others = going.get(environmentId) ?? 0;
    if (others >= MOST_OF_ONE)
      throw new RetryAt(new Date(Date.now() + LATER), `${others} runs of this environment go on here already`);
    going.set(environmentId, others + 1);
    try {
      await work.run(run);
    } finally {
      const left = (going.get(environmentId) ?? 1) - 1;
      if (left === 0) going.delete(environmentId);
      else going.set(environmentId, left);
    }
  };
  return { 'run-suite': carryOut, 'replay-shadow': carryOut };
}
