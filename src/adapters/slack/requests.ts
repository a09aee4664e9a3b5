import { z } from 'zod';

/*
 * What is read of Slack's requests. Signed, and still from outside: anything else in them is dropped.
 */

const userId = z.string().regex(/^[UW][A-Z0-9]+$/);
/** Slack's own limit of a command is far lower; more than this is nothing a person typed. */
const typed = z.string().max(100_000);

export const commandRequest = z.object({
  command: z.string(),
  text: typed.default(''),
  user_id: userId,
  channel_id: z.string(),
  trigger_id: z.string().optional(),
  response_url: z.url().optional(),
});

const view = z.object({
  id: z.string(),
  hash: z.string().optional(),
  type: z.string().optional(),
  callback_id: z.string().optional(),
  private_metadata: z.string().default(''),
  state: z.object({ values: z.record(z.string(), z.record(z.string(), z.unknown())) }).optional(),
});
export type SlackView = z.infer<typeof view>;

const action = z.object({
  action_id: z.string(),
  block_id: z.string().optional(),
  action_ts: z.string().optional(),
  value: z.string().optional(),
});

export const clickRequest = z.object({
  user: z.object({ id: userId }),
  trigger_id: z.string().optional(),
  response_url: z.url().optional(),
  channel: z.object({ id: z.string() }).optional(),
  container: z
    .object({ type: z.string(), message_ts: z.string().optional(), is_ephemeral: z.boolean().optional() })
    .optional(),
  view: view.optional(),
  actions: z.array(action).min(1),
});
export type SlackClick = z.infer<typeof clickRequest>;

export const viewSubmission = z.object({ user: z.object({ id: userId }), trigger_id: z.string().optional(), view });
export type SlackSubmission = z.infer<typeof viewSubmission>;

/** What repeats and byte-identical replays of one request share, and no other request has. Null without anything unique. */
export function requestKey(
  kind: 'command' | 'click' | 'submission',
  request: { trigger_id?: string | undefined; view?: SlackView | undefined; actions?: SlackClick['actions'] },
): string | null {
  const [first] = request.actions ?? [];
  const moment = first?.action_ts === undefined ? undefined : `${first.action_id}:${first.action_ts}`;
  const parts = [
    request.trigger_id,
    moment,
    kind === 'submission' ? `${request.view?.id}:${request.view?.hash}` : undefined,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? null : [`slack-${kind}`, ...parts].join(':').slice(0, 500);
}
