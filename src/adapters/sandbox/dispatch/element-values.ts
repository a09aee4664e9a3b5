import type { InteractiveElement } from '../block-kit/elements.ts';
import { optionsOf } from '../block-kit/rules-across-blocks.ts';
import { SandboxRefusal } from '../sandbox-refusal.ts';
import type { SlackState } from '../state/slack-state.ts';
import { fileJson } from '../web-api/file-json.ts';

type Given = Record<string, unknown>;

/**
 * What a person chose or entered in an element, as Slack puts it into `state.values` and actions. Nothing is believed: an
 * option must be one that the element offers, a person or channel must exist, a file must be the person's own.
 */
export function readValue(state: SlackState, person: string, element: InteractiveElement, given: Given): Given {
  switch (element.type) {
    case 'button':
      return {
        text: element.text,
        ...(element.value === undefined ? {} : { value: element.value }),
        ...(element.style ? { style: element.style } : {}),
      };
    case 'overflow':
      return { selected_option: knownOption(element, given['selected_option']) };
    case 'static_select':
    case 'radio_buttons':
      return { selected_option: given['selected_option'] ? knownOption(element, given['selected_option']) : null };
    case 'multi_static_select':
    case 'checkboxes':
      return { selected_options: listOf(given['selected_options']).map((option) => knownOption(element, option)) };
    case 'users_select':
      return { selected_user: optional(given['selected_user'], (id) => knownId(state.directory.people, id)) };
    case 'multi_users_select':
      return { selected_users: listOf(given['selected_users']).map((id) => knownId(state.directory.people, id)) };
    case 'channels_select':
      return { selected_channel: optional(given['selected_channel'], (id) => knownId(state.directory.channels, id)) };
    case 'multi_channels_select':
      return {
        selected_channels: listOf(given['selected_channels']).map((id) => knownId(state.directory.channels, id)),
      };
    case 'conversations_select':
      return { selected_conversation: optional(given['selected_conversation'], (id) => knownConversation(state, id)) };
    case 'multi_conversations_select':
      return {
        selected_conversations: listOf(given['selected_conversations']).map((id) => knownConversation(state, id)),
      };
    case 'datepicker':
      return { selected_date: optional(given['selected_date'], (value) => matching(value, /^\d{4}-\d\d-\d\d$/)) };
    case 'timepicker':
      return { selected_time: optional(given['selected_time'], (value) => matching(value, /^\d\d:\d\d$/)) };
    case 'datetimepicker':
      return { selected_date_time: optional(given['selected_date_time'], Number) };
    case 'file_input':
      return { files: listOf(given['files']).map((file) => ownFile(state, person, file)) };
    case 'rich_text_input':
      return { rich_text_value: given['rich_text_value'] ?? null };
    default:
      return { value: typeof given['value'] === 'string' && given['value'] !== '' ? given['value'] : null };
  }
}

/** What an element holds before anybody touched it. */
export function initialValue(state: SlackState, person: string, element: InteractiveElement): Given {
  const initial = (name: string) => (element as Given)[name];
  return readValue(state, person, element, {
    value: initial('initial_value'),
    rich_text_value: initial('initial_value'),
    selected_option: initial('initial_option'),
    selected_options: initial('initial_options'),
    selected_user: initial('initial_user'),
    selected_users: initial('initial_users'),
    selected_channel: initial('initial_channel'),
    selected_channels: initial('initial_channels'),
    selected_conversation: initial('initial_conversation'),
    selected_conversations: initial('initial_conversations'),
    selected_date: initial('initial_date'),
    selected_time: initial('initial_time'),
    selected_date_time: initial('initial_date_time'),
  });
}

/** Buttons and overflow menus hold nothing; everything else appears in `state.values`. */
export function hasState(element: InteractiveElement): boolean {
  return element.type !== 'button' && element.type !== 'overflow';
}

/** Whether a value, as `readValue` gives it, holds nothing. */
export function isEmptyValue(value: Given): boolean {
  return Object.values(value).every((part) => part === null || (Array.isArray(part) && part.length === 0));
}

function optional<T>(value: unknown, read: (value: unknown) => T): T | null {
  return value === undefined || value === null || value === '' ? null : read(value);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function knownOption(element: InteractiveElement, chosen: unknown): unknown {
  const value = (chosen as { value?: unknown } | null | undefined)?.value;
  const option = optionsOf(element).find((offered) => offered.value === value);
  if (!option) throw new SandboxRefusal(`“${String(value)}” is not one of the choices.`);
  return option;
}

function knownId(known: ReadonlyMap<string, unknown>, id: unknown): string {
  if (typeof id !== 'string' || !known.has(id))
    throw new SandboxRefusal(`${String(id)} does not exist in this workspace.`);
  return id;
}

function knownConversation(state: SlackState, id: unknown): string {
  if (typeof id !== 'string' || !state.directory.findConversation(id))
    throw new SandboxRefusal(`${String(id)} does not exist in this workspace.`);
  return id;
}

function matching(value: unknown, pattern: RegExp): string {
  if (typeof value !== 'string' || !pattern.test(value))
    throw new SandboxRefusal(`“${String(value)}” cannot be chosen here.`);
  return value;
}

function ownFile(state: SlackState, person: string, given: unknown): Given {
  const file = state.files.find(String((given as { id?: unknown } | null | undefined)?.id));
  if (!file || file.owner !== person) throw new SandboxRefusal('That file is not there any more. Upload it again.');
  return fileJson(state, file);
}
