import type { ModalView } from '@slack/types';
import { z } from 'zod';
import type { CheckedBlock } from '../block-kit/blocks.ts';
import type { SandboxStateValues, SubmitAnswer } from '../protocol.ts';
import { SandboxRefusal } from '../sandbox-refusal.ts';
import type { SlackState } from '../state/slack-state.ts';
import type { StoredView } from '../state/views.ts';
import { SlackApiError } from '../web-api/slack-api-error.ts';
import { viewJson } from '../web-api/view-json.ts';
import { checkedModal } from '../web-api/view-methods.ts';
import { parseJsonOrNull } from '../wire/parse-json-or-null.ts';
import type { BotLink } from './bot-link.ts';
import { actingPerson, interactionBase } from './payload-parts.ts';
import type { BotAnswer } from './post-to-bot.ts';
import { clientErrors, stateValues } from './view-values.ts';

/** What Slack shows when an app's answer to a submission is late, missing or makes no sense. */
const TROUBLE = 'We had some trouble connecting. Try again?';

const responseSchema = z.discriminatedUnion('response_action', [
  z.object({ response_action: z.literal('errors'), errors: z.record(z.string(), z.string()) }),
  z.object({ response_action: z.literal('update'), view: z.unknown() }),
  z.object({ response_action: z.literal('push'), view: z.unknown() }),
  z.object({ response_action: z.literal('clear') }),
]);

/**
 * Submits a person's topmost modal. Answers with errors by block id: Slack's own for inputs that are missing or out of bounds,
 * which the bot never hears of, or the bot's. With none, the modal did what the bot answered: closed, changed or opened another.
 */
export async function submitView(
  state: SlackState,
  bot: BotLink,
  { as, viewId, state: entered }: { as: string; viewId: string; state: SandboxStateValues },
): Promise<SubmitAnswer> {
  const person = actingPerson(state, as);
  const stored = topmost(state, as, viewId);
  const blocks = stored.view.blocks as CheckedBlock[];
  const values = stateValues(state, as, blocks, entered);
  const errors = clientErrors(blocks, values);
  if (Object.keys(errors).length > 0) return refused(state, stored, errors);
  state.views.setValues(stored, values);
  handOverFiles(state, values);
  const answer = await bot.deliver('view', {
    type: 'view_submission',
    ...interactionBase(state, person),
    trigger_id: state.tickets.issueTrigger(as, viewId),
    view: viewJson(state, { ...stored, values }),
    response_urls: [],
  });
  return follow(state, stored, answer);
}

function handOverFiles(state: SlackState, values: ReturnType<typeof stateValues>): void {
  for (const { files } of Object.values(values).flatMap((block) => Object.values(block)) as { files?: unknown }[]) {
    for (const { id } of (files ?? []) as { id: string }[]) state.files.handOver(id);
  }
}

/** Dismisses a person's topmost modal, and tells the bot where the view asked for it. */
export async function closeView(
  state: SlackState,
  bot: BotLink,
  { as, viewId }: { as: string; viewId: string },
): Promise<void> {
  const person = actingPerson(state, as);
  const stored = topmost(state, as, viewId);
  const isCleared = stored.view.clear_on_close ?? false;
  if (isCleared) state.views.closeAll(as);
  else state.views.close(stored);
  if (!stored.view.notify_on_close) return;
  await bot.deliver('view', {
    type: 'view_closed',
    ...interactionBase(state, person),
    view: viewJson(state, stored),
    is_cleared: isCleared,
  });
}

function topmost(state: SlackState, as: string, viewId: string): StoredView<ModalView> {
  const top = state.views.stack(as).at(-1);
  if (top?.id !== viewId) throw new SandboxRefusal('That dialog is closed.', 404);
  return top;
}

function refused(state: SlackState, stored: StoredView<ModalView>, errors: Record<string, string>): SubmitAnswer {
  state.views.setErrors(stored, errors);
  return { errors };
}

function follow(state: SlackState, stored: StoredView<ModalView>, answer: BotAnswer): SubmitAnswer {
  if (answer.status !== 200) throw new SandboxRefusal(TROUBLE, 424);
  const current = state.views.find(stored.id) as StoredView<ModalView> | null;
  if (answer.body.trim() === '') {
    if (current) state.views.close(current);
    return { errors: {} };
  }
  const parsed = responseSchema.safeParse(parseJsonOrNull(answer.body));
  if (!parsed.success) throw new SandboxRefusal(TROUBLE, 424);
  if (parsed.data.response_action === 'errors') return followErrors(state, current ?? stored, parsed.data.errors);
  try {
    followView(state, current ?? stored, parsed.data);
  } catch (error) {
    if (error instanceof SlackApiError) throw new SandboxRefusal(`${TROUBLE} (${error.message})`, 424);
    throw error;
  }
  return { errors: {} };
}

/** Errors belong to input blocks of the view; others make Slack show its own error. */
function followErrors(state: SlackState, stored: StoredView<ModalView>, errors: Record<string, string>): SubmitAnswer {
  const inputs = stored.view.blocks.flatMap((block) => (block.type === 'input' ? [block.block_id] : []));
  const unknown = Object.keys(errors).find((blockId) => !inputs.includes(blockId));
  if (unknown !== undefined || Object.keys(errors).length === 0)
    throw new SandboxRefusal(`${TROUBLE} (errors for no input: ${unknown})`, 424);
  return refused(state, stored, errors);
}

function followView(
  state: SlackState,
  stored: StoredView<ModalView>,
  response: { response_action: 'update' | 'push'; view?: unknown } | { response_action: 'clear' },
): void {
  if (response.response_action === 'clear') state.views.closeAll(stored.person);
  else if (response.response_action === 'update')
    state.views.update(stored, checkedModal(state, response.view, stored));
  else state.views.push(stored.person, stored.id, checkedModal(state, response.view));
}
