import { z } from 'zod';
import type { StandInMessage } from '../state/messages.ts';
import type { SlackState } from '../state/slack-state.ts';
import { flag } from './argument-types.ts';
import { visibleConversation, writableConversation } from './conversations.ts';
import { checkContent, checkMetadata, contentArguments } from './message-content.ts';
import { messageJson, permalinkOf } from './message-json.ts';
import { SlackApiError } from './slack-api-error.ts';
import { requireScope, webApiMethod } from './web-api-method.ts';

const timestamp = z.string().regex(/^\d+\.\d{6}$/);

const customised = {
  username: z.string().optional(),
  icon_url: z.string().optional(),
  icon_emoji: z.string().optional(),
};

const postMessage = webApiMethod(
  'chat.postMessage',
  {
    scope: 'chat:write',
    tier: 'posting',
    args: z.object({
      channel: z.string(),
      thread_ts: z.string().optional(),
      reply_broadcast: flag.optional(),
      metadata: z.unknown().optional(),
      ...contentArguments,
      ...customised,
    }),
  },
  (state, args) => {
    if (args.username ?? args.icon_url ?? args.icon_emoji) requireScope(state, 'chat:write.customize');
    const conversation = writableConversation(state, args.channel, { people: true });
    const { text, blocks } = checkContent(state, args);
    const metadata = checkMetadata(args.metadata);
    const message = state.messages.add({
      channel: conversation.id,
      ...authorship(state),
      ...inThread(state, conversation.id, args.thread_ts),
      ...(args.thread_ts !== undefined && args.reply_broadcast === true ? { isBroadcast: true as const } : {}),
      text: text ?? '',
      blocks: blocks ?? [],
      fileIds: [],
      ...(metadata ? { metadata } : {}),
    });
    return { channel: message.channel, ts: message.ts, message: messageJson(state, message, { metadata: true }) };
  },
);

const postEphemeral = webApiMethod(
  'chat.postEphemeral',
  {
    scope: 'chat:write',
    tier: 'tier4',
    args: z.object({
      channel: z.string(),
      user: z.string(),
      thread_ts: z.string().optional(),
      ...contentArguments,
      ...customised,
    }),
  },
  (state, args) => {
    const conversation = writableConversation(state, args.channel);
    const person = state.directory.people.get(args.user);
    if (!person || person.deleted || !state.directory.canSee(person.id, conversation.id))
      throw new SlackApiError('user_not_in_channel');
    const { text, blocks } = checkContent(state, args);
    const message = state.messages.add({
      channel: conversation.id,
      ...authorship(state),
      ...inThread(state, conversation.id, args.thread_ts),
      text: text ?? '',
      blocks: blocks ?? [],
      fileIds: [],
      ephemeralTo: person.id,
    });
    return { message_ts: message.ts };
  },
);

const update = webApiMethod(
  'chat.update',
  {
    scope: 'chat:write',
    tier: 'tier3',
    args: z.object({ channel: z.string(), ts: z.string(), metadata: z.unknown().optional(), ...contentArguments }),
  },
  (state, args) => {
    const message = ownMessage(state, args.channel, args.ts, 'cant_update_message');
    const { text, blocks } = checkContent(state, args);
    const metadata = checkMetadata(args.metadata);
    // Parts that are left out stay as they were; an empty list of blocks or empty metadata takes them away.
    const { metadata: before, ...rest } = message;
    const kept = metadata === undefined ? before : (metadata ?? undefined);
    const edited = state.messages.edit(
      { ...rest, ...(kept ? { metadata: kept } : {}) },
      { ...(text === undefined ? {} : { text }), ...(blocks ? { blocks } : {}) },
    );
    return {
      channel: edited.channel,
      ts: edited.ts,
      text: edited.text,
      message: messageJson(state, edited, { metadata: true }),
    };
  },
);

const remove = webApiMethod(
  'chat.delete',
  { scope: 'chat:write', tier: 'tier3', args: z.object({ channel: z.string(), ts: z.string() }) },
  (state, args) => {
    const message = ownMessage(state, args.channel, args.ts, 'cant_delete_message');
    state.messages.remove(message);
    return { channel: message.channel, ts: message.ts };
  },
);

const getPermalink = webApiMethod(
  'chat.getPermalink',
  { tier: 'tier3', args: z.object({ channel: z.string(), message_ts: z.string() }) },
  (state, args) => {
    const conversation = visibleConversation(state, args.channel);
    const message = state.messages.find(conversation.id, args.message_ts);
    if (!message || message.ephemeralTo !== undefined) throw new SlackApiError('message_not_found');
    return { channel: conversation.id, permalink: permalinkOf(state, message) };
  },
);

export const chatMethods = [postMessage, postEphemeral, update, remove, getPermalink];

function authorship(state: SlackState): { user: string; botId: string } {
  return { user: state.settings.bot.userId, botId: state.settings.bot.botId };
}

/** Where a reply belongs. Only a message that opens a thread, or could, takes replies. */
function inThread(state: SlackState, channel: string, threadTs: string | undefined): { threadTs?: string } {
  if (threadTs === undefined) return {};
  if (!timestamp.safeParse(threadTs).success) throw new SlackApiError('invalid_thread_ts');
  const parent = state.messages.find(channel, threadTs);
  if (!parent || parent.ephemeralTo !== undefined) throw new SlackApiError('thread_not_found');
  if (parent.threadTs !== undefined) throw new SlackApiError('cannot_reply_to_message');
  return { threadTs };
}

function ownMessage(state: SlackState, channel: string, ts: string, error: string): StandInMessage {
  const conversation = writableConversation(state, channel);
  const message = state.messages.find(conversation.id, ts);
  if (!message || message.ephemeralTo !== undefined) throw new SlackApiError('message_not_found');
  if (message.botId !== state.settings.bot.botId) throw new SlackApiError(error);
  return message;
}
