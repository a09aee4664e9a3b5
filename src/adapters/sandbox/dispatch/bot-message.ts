import { z } from 'zod';
import type { StandInMessage } from '../state/messages.ts';
import type { SlackState } from '../state/slack-state.ts';
import { checkContent, contentArguments } from '../web-api/message-content.ts';

/** A message in an acknowledgement or to a response url. Slack takes the flags as words, too. */
const flag = z.union([z.boolean(), z.enum(['true', 'false'])]).transform((value) => value === true || value === 'true');

export const botMessage = z.object({
  ...contentArguments,
  response_type: z.enum(['ephemeral', 'in_channel']).optional(),
  replace_original: flag.optional(),
  delete_original: flag.optional(),
  thread_ts: z.string().optional(),
});
export type BotMessage = z.infer<typeof botMessage>;

/** Posts it as the bot, to one person unless it says `in_channel`. Works in channels that the bot is no member of, as in Slack. */
export function addBotMessage(
  state: SlackState,
  message: BotMessage,
  where: { person: string; channel: string },
): StandInMessage {
  const { text, blocks } = checkContent(state, message);
  return state.messages.add({
    channel: where.channel,
    user: state.settings.bot.userId,
    botId: state.settings.bot.botId,
    ...(message.thread_ts ? { threadTs: message.thread_ts } : {}),
    text: text ?? '',
    blocks: blocks ?? [],
    fileIds: [],
    ...(message.response_type === 'in_channel' ? {} : { ephemeralTo: where.person }),
  });
}
