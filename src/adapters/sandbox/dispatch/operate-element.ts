import type { CheckedBlock } from '../block-kit/blocks.ts';
import type { InteractiveElement } from '../block-kit/elements.ts';
import { interactiveElements } from '../block-kit/interactive-elements.ts';
import type { SandboxContainer, SandboxStateValues } from '../protocol.ts';
import { SandboxRefusal } from '../sandbox-refusal.ts';
import type { StandInMessage } from '../state/messages.ts';
import type { SlackState } from '../state/slack-state.ts';
import type { StoredView } from '../state/views.ts';
import { messageJson } from '../web-api/message-json.ts';
import { viewJson } from '../web-api/view-json.ts';
import type { BotLink } from './bot-link.ts';
import { readValue } from './element-values.ts';
import { actingPerson, conversationName, interactionBase, responseUrl } from './payload-parts.ts';
import type { BotAnswer } from './post-to-bot.ts';
import { stateValues } from './view-values.ts';

export interface OperatedElement {
  as: string;
  container: SandboxContainer;
  /** Which element, and what was chosen. Without `block_id`: the first element with that action id. */
  action: { block_id?: string; action_id: string; type?: string } & Record<string, unknown>;
  state: SandboxStateValues;
}

/** What the element is in. */
export type FoundContainer = { message: StandInMessage } | { view: StoredView };

/**
 * Tells the bot that a person used a button, menu or input (`block_actions`). The element is looked up in what is stored now:
 * one that is not there, or not there for this person, is refused and the bot hears nothing.
 */
export async function operateElement(state: SlackState, bot: BotLink, used: OperatedElement): Promise<BotAnswer> {
  const person = actingPerson(state, used.as);
  const found = findContainer(state, used.as, used.container);
  const blocks = blocksOf(found);
  const { block, element } = findElement(blocks, used.action);
  const values = stateValues(state, used.as, blocks, used.state);
  if ('view' in found) state.views.setValues(found.view, values);
  const action = {
    type: element.type,
    action_id: element.action_id,
    block_id: block.block_id,
    ...readValue(state, used.as, element, used.action),
    action_ts: state.nextTs(),
  };
  return bot.deliver('action', {
    type: 'block_actions',
    ...interactionBase(state, person),
    ...surroundings(state, used.as, found, values),
    actions: [action],
  });
}

export function findContainer(state: SlackState, as: string, container: SandboxContainer): FoundContainer {
  if (container.type === 'message') {
    const message = state.directory.canSee(as, container.channel)
      ? state.messages.find(container.channel, container.ts)
      : null;
    if (!message || (message.ephemeralTo ?? as) !== as)
      throw new SandboxRefusal('That message is not there any more.', 404);
    return { message };
  }
  const view =
    container.type === 'home' ? state.views.home(as) : state.views.stack(as).find(({ id }) => id === container.viewId);
  if (!view)
    throw new SandboxRefusal(
      container.type === 'home' ? 'The Home tab is still empty.' : 'That dialog is closed.',
      404,
    );
  return { view };
}

export function blocksOf(found: FoundContainer): CheckedBlock[] {
  return ('message' in found ? found.message.blocks : found.view.view.blocks) as CheckedBlock[];
}

export function findElement(
  blocks: readonly CheckedBlock[],
  wanted: OperatedElement['action'],
): { block: CheckedBlock; element: InteractiveElement } {
  const found = interactiveElements(blocks).find(
    ({ block, element }) =>
      element.action_id === wanted.action_id &&
      (wanted.block_id === undefined || block.block_id === wanted.block_id) &&
      (wanted.type === undefined || element.type === wanted.type),
  );
  if (!found) throw new SandboxRefusal('That button or menu is not there any more.', 404);
  if (found.block.type === 'input' && !found.block.dispatch_action)
    throw new SandboxRefusal('That input is sent with its dialog only.');
  return found;
}

function surroundings(
  state: SlackState,
  as: string,
  found: FoundContainer,
  values: StoredView['values'],
): Record<string, unknown> {
  if ('view' in found) {
    const { view } = found;
    const isModal = view.view.type === 'modal';
    return {
      container: { type: 'view', view_id: view.id },
      view: viewJson(state, { ...view, values }),
      trigger_id: state.tickets.issueTrigger(as, isModal ? view.id : null),
    };
  }
  const { message } = found;
  const { channel, ts, threadTs } = message;
  const isEphemeral = message.ephemeralTo !== undefined;
  return {
    container: {
      type: 'message',
      message_ts: ts,
      channel_id: channel,
      is_ephemeral: isEphemeral,
      ...(threadTs ? { thread_ts: threadTs } : {}),
    },
    channel: { id: channel, name: conversationName(state, channel) },
    // Slack leaves ephemeral messages out of the payload, and metadata out of messages.
    ...(isEphemeral ? {} : { message: messageJson(state, message) }),
    state: { values },
    trigger_id: state.tickets.issueTrigger(as),
    response_url: responseUrl(
      state,
      state.tickets.issueResponse({ person: as, channel, messageTs: ts, ...(threadTs ? { threadTs } : {}) }),
    ),
  };
}
