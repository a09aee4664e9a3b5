import { z } from 'zod';
import type { GateAsked } from '../../use-cases/gates/ask-gate.ts';
import { RetryAt } from '../../use-cases/retry-at.ts';

const Payload: z.ZodType<GateAsked> = z.object({
  workspaceId: z.string(),
  promotionId: z.string(),
  url: z.string(),
  fingerprint: z.string(),
});

/** Returns the task `ask-gate`: one attempt to ask one gate. One that can't be reached yet is tried again. */
export function makeAskGateTask(
  askGate: (asked: GateAsked) => Promise<Date | null>,
): (payload: unknown) => Promise<void> {
  return async (payload) => {
    const again = await askGate(Payload.parse(payload));
    if (again !== null) throw new RetryAt(again, 'a gate could not be asked');
  };
}
