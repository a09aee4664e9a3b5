import type {
  ActionsBlockElement,
  AnyBlock,
  InputBlock,
  InputBlockElement,
  KnownBlock,
  SectionBlockAccessory,
} from '@slack/types';
import type { SandboxStateValues } from '../../protocol.ts';

/** Everything in a block that a person can use. */
export type Interactive = Exclude<ActionsBlockElement | InputBlockElement | SectionBlockAccessory, { type: 'image' }>;

/** What a person chose in one element, in the words of Slack's `view.state.values` (without `type`). */
export type Chosen = Record<string, unknown>;

/** What a person changed so far, by block, action and element type; everything else still has its initial value. */
export type Edits = ReadonlyMap<string, Chosen>;

/**
 * Slack keeps what was typed when a view is updated and its element keeps block and action id, and starts anew when
 * one of them changes. The type belongs to the key, so that a value never ends up in another kind of element.
 */
export function editKey(blockId: string, element: Pick<Interactive, 'action_id' | 'type'>): string {
  return JSON.stringify([blockId, element.action_id ?? '', element.type]);
}

/** What an element holds before anybody touched it; null where it never has a value of its own. */
export function initialValue(element: Interactive): Chosen | null {
  switch (element.type) {
    case 'plain_text_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input':
      return { value: element.initial_value ?? null };
    case 'static_select':
    case 'external_select':
    case 'radio_buttons':
      return { selected_option: element.initial_option ?? null };
    case 'multi_static_select':
    case 'multi_external_select':
    case 'checkboxes':
      return { selected_options: element.initial_options ?? [] };
    case 'file_input':
      return { files: [] };
    default:
      return idValue(element) ?? timeValue(element);
  }
}

function idValue(element: Interactive): Chosen | null {
  switch (element.type) {
    case 'users_select':
      return { selected_user: element.initial_user ?? null };
    case 'multi_users_select':
      return { selected_users: element.initial_users ?? [] };
    case 'channels_select':
      return { selected_channel: element.initial_channel ?? null };
    case 'multi_channels_select':
      return { selected_channels: element.initial_channels ?? [] };
    case 'conversations_select':
      return { selected_conversation: element.initial_conversation ?? null };
    case 'multi_conversations_select':
      return { selected_conversations: element.initial_conversations ?? [] };
    default:
      return null;
  }
}

function timeValue(element: Interactive): Chosen | null {
  switch (element.type) {
    case 'datepicker':
      return { selected_date: element.initial_date ?? null };
    case 'timepicker':
      return { selected_time: element.initial_time ?? null };
    case 'datetimepicker':
      return { selected_date_time: element.initial_date_time ?? null };
    default:
      return null;
  }
}

/** The interactive elements of a block, in the order they are drawn. */
export function elementsOf(block: AnyBlock): Interactive[] {
  const known = block as KnownBlock;
  if (known.type === 'actions') return known.elements;
  if (known.type === 'input') return [known.element];
  if (known.type === 'section' && known.accessory !== undefined && known.accessory.type !== 'image')
    return [known.accessory];
  return [];
}

/** Slack's `state.values` for these blocks: what was chosen, or what stood there from the start. */
export function stateValues(blocks: readonly AnyBlock[], edits: Edits): SandboxStateValues {
  const values: SandboxStateValues = {};
  for (const block of blocks) {
    for (const element of elementsOf(block)) {
      const chosen = edits.get(editKey(block.block_id ?? '', element)) ?? initialValue(element);
      if (chosen === null) continue;
      const blockId = block.block_id ?? '';
      values[blockId] = { ...values[blockId], [element.action_id ?? '']: { type: element.type, ...chosen } };
    }
  }
  return values;
}

/** What Slack's own client refuses before it asks the app, by block id. */
export function missingInputs(blocks: readonly AnyBlock[], edits: Edits): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const block of blocks) {
    const known = block as KnownBlock;
    if (known.type !== 'input') continue;
    const problem = problemWith(
      known,
      edits.get(editKey(known.block_id ?? '', known.element)) ?? initialValue(known.element),
    );
    if (problem !== null) problems[known.block_id ?? ''] = problem;
  }
  return problems;
}

function problemWith({ element, optional }: InputBlock, chosen: Chosen | null): string | null {
  const [value] = Object.values(chosen ?? {});
  if (isEmpty(value)) return optional === true ? null : 'Please complete this required field.';
  if (element.type !== 'plain_text_input' || typeof value !== 'string') return null;
  const { min_length: least = 0, max_length: most = 3000 } = element;
  if (value.length < least) return `Please write at least ${least} characters.`;
  return value.length > most ? `Please keep this to ${most} characters; it has ${value.length}.` : null;
}

function isEmpty(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() === '';
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}
