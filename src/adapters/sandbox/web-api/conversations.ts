import type { Conversation } from '../state/directory.ts';
import type { SlackState } from '../state/slack-state.ts';
import { SlackApiError } from './slack-api-error.ts';
import { requireScope } from './web-api-method.ts';

/** The conversation the bot may write to, or `channel_not_found`, `not_in_channel`, `is_archived`. */
export function writableConversation(state: SlackState, id: string, options: { people?: boolean } = {}): Conversation {
  const conversation = visibleConversation(state, id, options);
  // Nobody reads a deactivated account's messages; Slack opens no conversation with it.
  if (conversation.kind === 'im' && conversation.person.deleted) throw new SlackApiError('channel_not_found');
  if (conversation.kind === 'im') return conversation;
  if (conversation.channel.isArchived) throw new SlackApiError('is_archived');
  if (!conversation.channel.botIsMember) throw new SlackApiError('not_in_channel');
  return conversation;
}

/** The conversation the bot may know of; a private channel without it does not exist for it. */
export function visibleConversation(state: SlackState, id: string, options: { people?: boolean } = {}): Conversation {
  const conversation = state.directory.findConversation(id, options);
  const hidden =
    conversation?.kind === 'channel' && conversation.channel.isPrivate && !conversation.channel.botIsMember;
  if (!conversation || hidden) throw new SlackApiError('channel_not_found');
  return conversation;
}

/** The conversation whose messages the bot may read: it needs the scope of that kind and to be in it. */
export function readableConversation(state: SlackState, id: string): Conversation {
  const conversation = visibleConversation(state, id);
  requireScope(state, `${scopeFamily(conversation)}:history`);
  if (conversation.kind === 'channel' && !conversation.channel.botIsMember) throw new SlackApiError('not_in_channel');
  return conversation;
}

/** The first half of the scopes that speak about this kind of conversation. */
export function scopeFamily(conversation: Conversation): 'im' | 'groups' | 'channels' {
  if (conversation.kind === 'im') return 'im';
  return conversation.channel.isPrivate ? 'groups' : 'channels';
}
