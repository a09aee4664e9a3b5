import { z } from 'zod';
import type { Conversation } from '../state/directory.ts';
import type { StandInMessage } from '../state/messages.ts';
import type { SlackState } from '../state/slack-state.ts';
import { flag, pageOf, paging } from './argument-types.ts';
import { readableConversation, scopeFamily, visibleConversation } from './conversations.ts';
import { messageJson } from './message-json.ts';
import { SlackApiError } from './slack-api-error.ts';
import { requireScope, webApiMethod } from './web-api-method.ts';

const MAX_MESSAGES = 999;
const DEFAULT_MESSAGES = 100;

const window = {
  channel: z.string(),
  oldest: z.string().optional(),
  latest: z.string().optional(),
  inclusive: flag.optional(),
  include_all_metadata: flag.optional(),
  ...paging,
};

const history = webApiMethod('conversations.history', { tier: 'tier3', args: z.object(window) }, (state, args) => {
  const conversation = readableConversation(state, args.channel);
  const messages = state.messages
    .list(conversation.id)
    .filter((message) => message.ephemeralTo === undefined && standsInChannel(message) && isWithin(message, args))
    .toReversed();
  return messagePage(state, messages, args);
});

/** What opened no thread and answers in none, and replies that are sent to the channel, too. */
function standsInChannel({ threadTs, isBroadcast }: StandInMessage): boolean {
  return threadTs === undefined || isBroadcast === true;
}

const replies = webApiMethod(
  'conversations.replies',
  { tier: 'tier3', args: z.object({ ts: z.string(), ...window }) },
  (state, args) => {
    const conversation = readableConversation(state, args.channel);
    const parent = state.messages.find(conversation.id, args.ts);
    if (!parent || parent.ephemeralTo !== undefined) throw new SlackApiError('thread_not_found');
    const inWindow = state.messages.replies(conversation.id, parent.ts).filter((message) => isWithin(message, args));
    return messagePage(state, [parent, ...inWindow], args);
  },
);

const info = webApiMethod(
  'conversations.info',
  { tier: 'tier3', args: z.object({ channel: z.string() }) },
  (state, args) => {
    const conversation = visibleConversation(state, args.channel);
    requireScope(state, `${scopeFamily(conversation)}:read`);
    return { channel: conversationJson(state, conversation) };
  },
);

const members = webApiMethod(
  'conversations.members',
  { tier: 'tier4', args: z.object({ channel: z.string(), ...paging }) },
  (state, args) => {
    const conversation = visibleConversation(state, args.channel);
    requireScope(state, `${scopeFamily(conversation)}:read`);
    const inIt = [...state.directory.people.values()].filter((person) => isMember(conversation, person.id, state));
    const { page, nextCursor } = pageOf(inIt, { limit: args.limit || DEFAULT_MESSAGES, cursor: args.cursor });
    return { members: page.map(({ id }) => id), response_metadata: { next_cursor: nextCursor } };
  },
);

const list = webApiMethod(
  'conversations.list',
  { tier: 'tier2', args: z.object({ types: z.string().optional(), exclude_archived: flag.optional(), ...paging }) },
  (state, args) => {
    const types = (args.types ?? 'public_channel').split(',');
    if (types.includes('public_channel')) requireScope(state, 'channels:read');
    if (types.includes('private_channel')) requireScope(state, 'groups:read');
    const channels = [...state.directory.channels.values()].filter(
      (channel) =>
        types.includes(channel.isPrivate ? 'private_channel' : 'public_channel') &&
        !(channel.isPrivate && !channel.botIsMember) &&
        !(args.exclude_archived && channel.isArchived),
    );
    const { page, nextCursor } = pageOf(channels, { limit: args.limit || DEFAULT_MESSAGES, cursor: args.cursor });
    return {
      channels: page.map((channel) => conversationJson(state, { kind: 'channel', id: channel.id, channel })),
      response_metadata: { next_cursor: nextCursor },
    };
  },
);

const open = webApiMethod(
  'conversations.open',
  {
    scope: 'im:write',
    tier: 'tier3',
    args: z.object({ users: z.string().optional(), channel: z.string().optional(), return_im: flag.optional() }),
  },
  (state, args) => {
    const users = args.users?.split(',') ?? [];
    if (users.length > 1) requireScope(state, 'mpim:write');
    const id = users[0] ?? args.channel;
    if (!id) throw new SlackApiError('users_list_not_supplied');
    const conversation = state.directory.findConversation(id, { people: users.length > 0 });
    if (users.length > 0 && state.directory.people.get(id)?.isBot) throw new SlackApiError('cannot_dm_bot');
    if (conversation?.kind !== 'im') throw new SlackApiError(users.length > 0 ? 'user_not_found' : 'channel_not_found');
    if (conversation.person.deleted) throw new SlackApiError('user_disabled');
    return { channel: args.return_im ? conversationJson(state, conversation) : { id: conversation.id } };
  },
);

export const conversationMethods = [history, replies, info, members, list, open];

/** A conversation as Slack shows it to the bot. */
export function conversationJson(state: SlackState, conversation: Conversation): Record<string, unknown> {
  const { team, bot } = state.settings;
  if (conversation.kind === 'im') {
    return {
      id: conversation.id,
      created: 1_700_000_000,
      is_im: true,
      is_archived: false,
      user: conversation.person.id,
      context_team_id: team.id,
    };
  }
  const { channel } = conversation;
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: !channel.isPrivate,
    is_group: channel.isPrivate,
    is_im: false,
    is_mpim: false,
    is_private: channel.isPrivate,
    is_archived: channel.isArchived,
    is_general: false,
    is_member: channel.botIsMember,
    created: 1_700_000_000,
    creator: bot.userId,
    context_team_id: team.id,
    topic: { value: channel.topic, creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
  };
}

function isMember(conversation: Conversation, person: string, state: SlackState): boolean {
  const isBot = person === state.settings.bot.userId;
  if (conversation.kind === 'im') return isBot || conversation.person.id === person;
  return isBot ? conversation.channel.botIsMember : !state.directory.people.get(person)?.deleted;
}

/** `oldest` and `latest` leave their own moment out unless `inclusive` says otherwise. */
function isWithin(
  message: StandInMessage,
  {
    oldest,
    latest,
    inclusive,
  }: { oldest?: string | undefined; latest?: string | undefined; inclusive?: boolean | undefined },
): boolean {
  const at = micros(message.ts);
  const afterOldest = oldest === undefined || at > micros(oldest) || (inclusive === true && at === micros(oldest));
  const beforeLatest = latest === undefined || at < micros(latest) || (inclusive === true && at === micros(latest));
  return afterOldest && beforeLatest;
}

function micros(ts: string): number {
  const value = Math.round(Number(ts) * 1_000_000);
  if (Number.isNaN(value))
    throw new SlackApiError('invalid_arguments', { messages: [`[ERROR] "${ts}" is no timestamp`] });
  return value;
}

function messagePage(
  state: SlackState,
  messages: readonly StandInMessage[],
  args: { limit?: number | undefined; cursor?: string | undefined; include_all_metadata?: boolean | undefined },
): Record<string, unknown> {
  const limit = args.limit || DEFAULT_MESSAGES;
  if (limit > MAX_MESSAGES) throw new SlackApiError('invalid_limit');
  const { page, nextCursor } = pageOf(messages, { limit, cursor: args.cursor });
  return {
    messages: page.map((message) => messageJson(state, message, { metadata: args.include_all_metadata ?? false })),
    has_more: nextCursor !== '',
    ...(nextCursor ? { response_metadata: { next_cursor: nextCursor } } : {}),
  };
}
