import { z } from 'zod';
import { richTextBlock } from './rich-text.ts';
import {
  boxOption,
  colourStyle,
  confirmation,
  imageUrl,
  linkUrl,
  menuOption,
  menuOptionGroups,
  menuOptions,
  overflowOption,
  plainText,
  slackFile,
  text,
} from './text-objects.ts';

/*
 * The interactive elements and the image, with Slack's published limits.
 * Left out on purpose, and refused as unsupported: menus with an external source (`external_select`), workflow buttons.
 */

const actionId = text(255).optional();
const clickable = { action_id: actionId, confirm: confirmation.optional() };
const field = { action_id: actionId, focus_on_load: z.boolean().optional(), placeholder: plainText(150).optional() };
const menu = { ...clickable, ...field };
const dispatchConfig = z
  .strictObject({ trigger_actions_on: z.array(z.enum(['on_enter_pressed', 'on_character_entered'])).min(1) })
  .optional();
const maxSelected = z.int().min(1).optional();
const userId = z.string().regex(/^[UW][A-Z0-9]+$/, 'must be a valid user ID');
const conversationId = z.string().regex(/^[CDGUW][A-Z0-9]+$/, 'must be a valid conversation ID');
const conversationFilter = z
  .strictObject({
    include: z
      .array(z.enum(['im', 'mpim', 'private', 'public']))
      .min(1)
      .optional(),
    exclude_external_shared_channels: z.boolean().optional(),
    exclude_bot_users: z.boolean().optional(),
  })
  .optional();

const button = z.strictObject({
  type: z.literal('button'),
  text: plainText(75),
  value: text(2_000).optional(),
  url: linkUrl.optional(),
  style: colourStyle,
  accessibility_label: text(75).optional(),
  ...clickable,
});

const overflow = z.strictObject({
  type: z.literal('overflow'),
  options: z.array(overflowOption).min(2).max(5),
  ...clickable,
});

const staticSelect = z.strictObject({
  type: z.literal('static_select'),
  options: menuOptions.optional(),
  option_groups: menuOptionGroups.optional(),
  initial_option: menuOption.optional(),
  ...menu,
});

const multiStaticSelect = z.strictObject({
  type: z.literal('multi_static_select'),
  options: menuOptions.optional(),
  option_groups: menuOptionGroups.optional(),
  initial_options: z.array(menuOption).min(1).max(100).optional(),
  max_selected_items: maxSelected,
  ...menu,
});

const usersSelect = z.strictObject({ type: z.literal('users_select'), initial_user: userId.optional(), ...menu });
const multiUsersSelect = z.strictObject({
  type: z.literal('multi_users_select'),
  initial_users: z.array(userId).optional(),
  max_selected_items: maxSelected,
  ...menu,
});

const conversationsSelect = z.strictObject({
  type: z.literal('conversations_select'),
  initial_conversation: conversationId.optional(),
  default_to_current_conversation: z.boolean().optional(),
  response_url_enabled: z.boolean().optional(),
  filter: conversationFilter,
  ...menu,
});
const multiConversationsSelect = z.strictObject({
  type: z.literal('multi_conversations_select'),
  initial_conversations: z.array(conversationId).optional(),
  default_to_current_conversation: z.boolean().optional(),
  max_selected_items: maxSelected,
  filter: conversationFilter,
  ...menu,
});

const channelsSelect = z.strictObject({
  type: z.literal('channels_select'),
  initial_channel: conversationId.optional(),
  response_url_enabled: z.boolean().optional(),
  ...menu,
});
const multiChannelsSelect = z.strictObject({
  type: z.literal('multi_channels_select'),
  initial_channels: z.array(conversationId).optional(),
  max_selected_items: maxSelected,
  ...menu,
});

const boxes = { action_id: actionId, focus_on_load: z.boolean().optional(), confirm: confirmation.optional() };
const checkboxes = z.strictObject({
  type: z.literal('checkboxes'),
  options: z.array(boxOption).min(1).max(10),
  initial_options: z.array(boxOption).min(1).max(10).optional(),
  ...boxes,
});
const radioButtons = z.strictObject({
  type: z.literal('radio_buttons'),
  options: z.array(boxOption).min(1).max(10),
  initial_option: boxOption.optional(),
  ...boxes,
});

const datepicker = z.strictObject({ type: z.literal('datepicker'), initial_date: z.iso.date().optional(), ...menu });
const timepicker = z.strictObject({
  type: z.literal('timepicker'),
  initial_time: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time in HH:mm')
    .optional(),
  timezone: z.string().min(1).optional(),
  ...menu,
});
const datetimepicker = z.strictObject({
  type: z.literal('datetimepicker'),
  initial_date_time: z.int().min(1_000_000_000).max(9_999_999_999).optional(),
  ...boxes,
});

export const imageElement = z.strictObject({
  type: z.literal('image'),
  alt_text: text(2_000),
  image_url: imageUrl.optional(),
  slack_file: slackFile.optional(),
});

const plainTextInput = z.strictObject({
  type: z.literal('plain_text_input'),
  initial_value: z.string().max(3_000).optional(),
  multiline: z.boolean().optional(),
  min_length: z.int().min(0).max(3_000).optional(),
  max_length: z.int().min(1).max(3_000).optional(),
  dispatch_action_config: dispatchConfig,
  ...field,
});
const emailInput = z.strictObject({
  type: z.literal('email_text_input'),
  initial_value: z.string().optional(),
  dispatch_action_config: dispatchConfig,
  ...field,
});
const urlInput = z.strictObject({
  type: z.literal('url_text_input'),
  initial_value: z.string().optional(),
  dispatch_action_config: dispatchConfig,
  ...field,
});
/** Slack wants the numbers as strings. */
const decimal = z.string().regex(/^-?\d+(\.\d+)?$/, 'must be a number');
const numberInput = z.strictObject({
  type: z.literal('number_input'),
  is_decimal_allowed: z.boolean(),
  initial_value: decimal.optional(),
  min_value: decimal.optional(),
  max_value: decimal.optional(),
  dispatch_action_config: dispatchConfig,
  ...field,
});
const richTextInput = z.strictObject({
  type: z.literal('rich_text_input'),
  initial_value: richTextBlock.optional(),
  dispatch_action_config: dispatchConfig,
  ...field,
});
const fileInput = z.strictObject({
  type: z.literal('file_input'),
  action_id: actionId,
  filetypes: z.array(z.string().regex(/^[a-z0-9]+$/, 'must be a file extension')).optional(),
  max_files: z.int().min(1).max(10).optional(),
});

const menus = [
  staticSelect,
  multiStaticSelect,
  usersSelect,
  multiUsersSelect,
  conversationsSelect,
  multiConversationsSelect,
  channelsSelect,
  multiChannelsSelect,
  checkboxes,
  radioButtons,
  datepicker,
  timepicker,
] as const;

export const sectionAccessory = z.discriminatedUnion('type', [button, overflow, imageElement, ...menus]);
export const actionsElement = z.discriminatedUnion('type', [button, overflow, datetimepicker, ...menus]);
export const inputElement = z.discriminatedUnion('type', [
  plainTextInput,
  emailInput,
  urlInput,
  numberInput,
  richTextInput,
  fileInput,
  datetimepicker,
  ...menus,
]);

/** Any element a person can use, as it is stored. */
export type InteractiveElement = z.infer<typeof actionsElement> | z.infer<typeof inputElement>;
