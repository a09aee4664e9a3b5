import { z } from 'zod';
import type { SuiteWork } from '../../use-cases/suite/work-on-run.ts';

const Payload = z.object({ workspaceId: z.string(), runId: z.string() });

/** The tasks `run-suite` and `replay-shadow`: each carries out one run. */
export function makeSuiteTasks(
  work: Pick<SuiteWork, 'run'>,
): Record<'run-suite' | 'replay-shadow', (payload: unknown) => Promise<void>> {
  const carryOut = (payload: unknown) => work.run(Payload.parse(payload));
  return { 'run-suite': carryOut, 'replay-shadow': carryOut };
}
