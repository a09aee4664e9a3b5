import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SlackState } from '../state/slack-state.ts';
import type { ResponseTarget } from '../state/tickets.ts';
import { checkContent } from '../web-api/message-content.ts';
import { SlackApiError } from '../web-api/slack-api-error.ts';
import type { WebApi } from '../web-api/web-api.ts';
import { parseJsonOrNull } from '../wire/parse-json-or-null.ts';
import { readBody } from '../wire/read-body.ts';
import { sendJson, sendText } from '../wire/send.ts';
import type { BotMessage } from './bot-message.ts';
import { addBotMessage, botMessage } from './bot-message.ts';

const MAX_BODY = 1024 * 1024;

/**
 * `POST /response/TEAM/ID`: what an app says through a response url. 404 `expired_url` or `used_url` when it is over, 400 with
 * Slack's error code for content that Slack would not show. A failure can be planned for it under the name `response_url`.
 */
export async function answerResponseUrl(
  state: SlackState,
  api: WebApi,
  request: IncomingMessage,
  response: ServerResponse,
  id: string,
): Promise<void> {
  const body = (await readBody(request, MAX_BODY)).toString();
  await api.withFailures('response_url', response, () => {
    try {
      const target = state.tickets.redeemResponse(id);
      const message = botMessage.safeParse(parseJsonOrNull(body));
      if (!message.success) throw new SlackApiError('invalid_payload');
      respond(state, target, message.data);
      return { args: message.data, answer: 'ok', reply: () => sendText(response, 200, 'ok') };
    } catch (error) {
      if (!(error instanceof SlackApiError)) throw error;
      const status = ['expired_url', 'used_url'].includes(error.code) ? 404 : 400;
      return {
        args: {},
        answer: error.code,
        reply: () => sendJson(response, status, { ok: false, error: error.code, ...error.fields }),
      };
    }
  });
}

/**
 * Slack's own default after a click is to replace the message that was clicked: an app that means to add one says
 * `replace_original: false`. After a command there is no original, so a new message comes in any case.
 */
function respond(state: SlackState, target: ResponseTarget, message: BotMessage): void {
  const original = target.messageTs === undefined ? null : state.messages.find(target.channel, target.messageTs);
  if (message.delete_original) {
    if (!original) throw new SlackApiError('message_not_found');
    state.messages.remove(original);
    return;
  }
  if (target.messageTs !== undefined && (message.replace_original ?? true)) {
    const { text, blocks } = checkContent(state, message);
    if (!original) throw new SlackApiError('message_not_found');
    state.messages.edit(original, { text: text ?? '', blocks: blocks ?? [] });
    return;
  }
  addBotMessage(state, message, target);
}
