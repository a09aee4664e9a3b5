import { z } from 'zod';
import type {
  ActionRequest,
  CloseRequest,
  CommandRequest,
  HomeRequest,
  MessageRequest,
  SubmitRequest,
} from '../protocol.ts';

const as = z.string().min(1).max(40);
const text = z.string().min(1).max(40_000);
const stateValues = z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown())));

export const commandRequest: z.ZodType<CommandRequest> = z.object({ as, channel: z.string(), text });

export const messageRequest: z.ZodType<MessageRequest> = z
  .object({ as, channel: z.string(), text, threadTs: z.string().optional() })
  .transform(({ threadTs, ...rest }) => (threadTs === undefined ? rest : { ...rest, threadTs }));

export const actionRequest: z.ZodType<ActionRequest> = z.object({
  as,
  container: z.discriminatedUnion('type', [
    z.object({ type: z.literal('message'), channel: z.string(), ts: z.string() }),
    z.object({ type: z.literal('view'), viewId: z.string() }),
    z.object({ type: z.literal('home') }),
  ]),
  action: z.looseObject({ block_id: z.string(), action_id: z.string(), type: z.string() }),
  state: stateValues,
});

export const submitRequest: z.ZodType<SubmitRequest> = z.object({ as, viewId: z.string(), state: stateValues });
export const closeRequest: z.ZodType<CloseRequest> = z.object({ as, viewId: z.string() });
export const homeRequest: z.ZodType<HomeRequest> = z.object({ as });
