import type { CheckedBlock } from '../block-kit/blocks.ts';
import type { InteractiveElement } from '../block-kit/elements.ts';
import { interactiveElements } from '../block-kit/interactive-elements.ts';
import type { SandboxStateValues } from '../protocol.ts';
import { SandboxRefusal } from '../sandbox-refusal.ts';

/** What somebody chose, said shortly: a text, an option's value, an id, a date; several for multi menus, checkboxes and files. */
export type PlainChoice = string | readonly string[];

/** A short choice in the shape in which a page would send it for this element. */
export function spellOut(element: InteractiveElement, choice: PlainChoice): Record<string, unknown> {
  const one = typeof choice === 'string' ? choice : choice[0];
  const many = typeof choice === 'string' ? [choice] : [...choice];
  switch (element.type) {
    case 'overflow':
    case 'static_select':
    case 'radio_buttons':
      return { selected_option: { value: one } };
    case 'multi_static_select':
    case 'checkboxes':
      return { selected_options: many.map((value) => ({ value })) };
    case 'users_select':
      return { selected_user: one };
    case 'multi_users_select':
      return { selected_users: many };
    case 'channels_select':
      return { selected_channel: one };
    case 'multi_channels_select':
      return { selected_channels: many };
    case 'conversations_select':
      return { selected_conversation: one };
    case 'multi_conversations_select':
      return { selected_conversations: many };
    case 'datepicker':
      return { selected_date: one };
    case 'timepicker':
      return { selected_time: one };
    case 'datetimepicker':
      return { selected_date_time: Number(one) };
    case 'file_input':
      return { files: many.map((id) => ({ id })) };
    default:
      return { value: one };
  }
}

/** Short choices, keyed by block id or action id, as the state of some blocks. A key that fits nothing is refused. */
export function spellOutState(
  blocks: readonly CheckedBlock[],
  choices: Readonly<Record<string, PlainChoice>>,
): SandboxStateValues {
  const values: SandboxStateValues = {};
  for (const [key, choice] of Object.entries(choices)) {
    const placed = interactiveElements(blocks).find(
      ({ block, element }) => block.block_id === key || element.action_id === key,
    );
    if (!placed) throw new SandboxRefusal(`Nothing in this dialog is called “${key}”.`);
    const blockId = placed.block.block_id ?? '';
    values[blockId] = { ...values[blockId], [placed.element.action_id ?? '']: spellOut(placed.element, choice) };
  }
  return values;
}
