import type { StandInMessage } from '../state/messages.ts';
import type { SlackState } from '../state/slack-state.ts';
import { fileJson } from './file-json.ts';

/** A message as the Web API and interaction payloads show it. */
export function messageJson(
  state: SlackState,
  message: StandInMessage,
  { metadata = false } = {},
): Record<string, unknown> {
  const { bot, team } = state.settings;
  const replies = state.messages.replies(message.channel, message.ts);
  return {
    type: 'message',
    ...(message.isBroadcast ? { subtype: 'thread_broadcast' } : {}),
    user: message.user,
    text: message.text,
    ts: message.ts,
    team: team.id,
    ...(message.botId ? { bot_id: message.botId, app_id: bot.appId, bot_profile: botProfile(state) } : {}),
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(message.threadTs ? { thread_ts: message.threadTs, parent_user_id: parentUser(state, message) } : {}),
    ...(replies.length > 0 ? threadSummary(message, replies) : {}),
    ...(message.editedTs ? { edited: { user: message.botId ?? message.user, ts: message.editedTs } } : {}),
    ...(message.fileIds.length > 0 ? { files: filesOf(state, message) } : {}),
    ...(metadata && message.metadata ? { metadata: message.metadata } : {}),
  };
}

/** The address that opens a message: the stand-in's own page. */
export function permalinkOf(state: SlackState, message: Pick<StandInMessage, 'channel' | 'ts' | 'threadTs'>): string {
  const path = `${state.url}/archives/${message.channel}/p${message.ts.replace('.', '')}`;
  return message.threadTs ? `${path}?thread_ts=${message.threadTs}&cid=${message.channel}` : path;
}

function threadSummary(message: StandInMessage, replies: readonly StandInMessage[]): Record<string, unknown> {
  return {
    thread_ts: message.ts,
    reply_count: replies.length,
    reply_users: [...new Set(replies.map(({ user }) => user))],
    reply_users_count: new Set(replies.map(({ user }) => user)).size,
    latest_reply: replies.at(-1)?.ts,
    is_locked: false,
    subscribed: false,
  };
}

function parentUser(state: SlackState, message: StandInMessage): string | undefined {
  return message.threadTs ? state.messages.find(message.channel, message.threadTs)?.user : undefined;
}

function filesOf(state: SlackState, message: StandInMessage): Record<string, unknown>[] {
  return message.fileIds.flatMap((id) => {
    const file = state.files.find(id);
    return file ? [fileJson(state, file)] : [];
  });
}

function botProfile(state: SlackState): Record<string, unknown> {
  const { bot, team } = state.settings;
  return {
    id: bot.botId,
    app_id: bot.appId,
    user_id: bot.userId,
    name: bot.name,
    deleted: false,
    team_id: team.id,
    updated: 1_700_000_000,
    icons: {},
  };
}
