import { z } from 'zod';
import type { ParityAsked } from '../../use-cases/parity/check-parity.ts';

const Payload: z.ZodType<ParityAsked> = z.object({ workspaceId: z.string(), promotionId: z.string() });

/** Returns the task `check-parity`: looks once at what one promotion's target has. */
export function makeCheckParityTask(
  checkParity: (asked: ParityAsked) => Promise<void>,
): (payload: unknown) => Promise<void> {
  return (payload) => checkParity(Payload.parse(payload));
}
