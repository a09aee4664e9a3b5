import { SandboxRefusal } from '../sandbox-refusal.ts';
import type { SlackState } from '../state/slack-state.ts';
import { SlackApiError } from '../web-api/slack-api-error.ts';
import { parseJsonOrNull } from '../wire/parse-json-or-null.ts';
import type { BotLink } from './bot-link.ts';
import { addBotMessage, botMessage } from './bot-message.ts';
import { escapeTyped } from './escape-typed.ts';
import { actingPerson, conversationName, responseUrl, VERIFICATION_TOKEN } from './payload-parts.ts';
import type { BotAnswer } from './post-to-bot.ts';
import { slackbotSays } from './slackbot.ts';

export interface TypedCommand {
  as: string;
  channel: string;
  /** With the slash: `/promote summarize-flow staging`. */
  text: string;
}

/**
 * Sends a slash command to the bot and shows what Slack would show: the acknowledgement's message, or Slackbot saying that
 * the app failed. An unknown command never reaches the bot and answers 404.
 */
export async function typeCommand(
  state: SlackState,
  bot: BotLink,
  { as, channel, text }: TypedCommand,
): Promise<{ status: number; body: string }> {
  const person = actingPerson(state, as);
  if (!state.directory.canSee(as, channel)) throw new SandboxRefusal('That conversation does not exist.', 404);
  const [, command, rest] = /^(\/[^\s]+)\s?([\s\S]*)$/u.exec(text.trimStart()) ?? [];
  if (command === undefined || rest === undefined) throw new SandboxRefusal('A command starts with a slash.');
  if (!state.settings.commands.some((known) => known.command === command)) {
    slackbotSays(
      state,
      as,
      channel,
      `\`${command}\` is not a valid command. In Slack, all messages that start with the "/" character are interpreted as commands.`,
    );
    return { status: 404, body: 'not a command' };
  }
  const { team, bot: app } = state.settings;
  const answer = await bot.deliver('command', {
    token: VERIFICATION_TOKEN,
    team_id: team.id,
    team_domain: team.domain,
    channel_id: channel,
    channel_name: conversationName(state, channel),
    user_id: person.id,
    user_name: person.name,
    command,
    text: escapeTyped(rest.trim(), state.directory),
    api_app_id: app.appId,
    is_enterprise_install: 'false',
    response_url: responseUrl(state, state.tickets.issueResponse({ person: as, channel })),
    trigger_id: state.tickets.issueTrigger(as),
  });
  showAnswer(state, answer, { as, channel, command });
  return { status: answer.status, body: answer.failure ? errorOf(answer) : answer.body };
}

function showAnswer(
  state: SlackState,
  answer: BotAnswer,
  { as, channel, command }: { as: string; channel: string; command: string },
): void {
  if (answer.status !== 200) {
    slackbotSays(state, as, channel, `${command} failed with the error "${errorOf(answer)}"`);
    return;
  }
  if (answer.body.trim() === '') return;
  try {
    addBotMessage(state, readMessage(answer), { person: as, channel });
  } catch (error) {
    if (!(error instanceof SlackApiError)) throw error;
    slackbotSays(state, as, channel, `${command} failed with the error "invalid_command_response" (${error.message})`);
  }
}

function errorOf(answer: BotAnswer): string {
  return answer.failure === 'timeout' ? 'operation_timeout' : 'dispatch_failed';
}

function readMessage(answer: BotAnswer) {
  if (!String(answer.headers['content-type']).includes('json')) return { text: answer.body };
  const parsed = botMessage.safeParse(parseJsonOrNull(answer.body));
  if (!parsed.success) throw new SlackApiError('invalid_json');
  return parsed.data;
}
