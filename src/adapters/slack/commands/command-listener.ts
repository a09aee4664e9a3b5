import { RefusedError } from '../../../domain/refused-error.ts';
import type { Listening } from '../listen.ts';
import { openLoginModal, typedLoginCode } from '../modals/login-modal.ts';
import { openPushModal } from '../modals/push-modal.ts';
import { type NewToken, openTokenModal } from '../modals/token-modal.ts';
import { commandRequest, requestKey } from '../requests.ts';
import type { CommandHandler } from './command.ts';
import { makeApproveCommand, makeRejectCommand } from './decide.ts';
import { makeDeployCommand } from './deploy.ts';
import { wholeHelp } from './help.ts';
import { parseToken, wantsNewToken } from './parse-token.ts';
import { makePromoteCommand } from './promote.ts';
import { makeRollBackCommand } from './roll-back.ts';
import { makeTowpathCommand, wantsPush } from './towpath.ts';
import { takeWords } from './typed-text.ts';

/** Takes every slash command: acknowledges at once, then runs its handler and answers privately. */
export function makeCommandListener(listening: Listening): (body: unknown, ack: () => Promise<void>) => Promise<void> {
  const { answerPerson, workspace } = listening;
  const handlers = new Map<string, CommandHandler>([
    ['/deploy', makeDeployCommand(listening)],
    ['/promote', makePromoteCommand(listening)],
    ['/approve', makeApproveCommand(listening)],
    ['/reject', makeRejectCommand(listening)],
    ['/rollback', makeRollBackCommand(listening)],
    ['/towpath', makeTowpathCommand(listening)],
  ]);
  const unknown: CommandHandler = () => Promise.resolve(wholeHelp(listening.publicUrl));
  return async (body, ack) => {
    await ack();
    const {
      command,
      text,
      user_id: userId,
      channel_id: channelId,
      response_url: responseUrl,
      trigger_id: triggerId,
    } = commandRequest.parse(body);
    const actor = { workspaceId: workspace.id, userId, via: 'slack' } as const;
    const to = { userId, channelId, ...(responseUrl !== undefined && { responseUrl }) };
    // A form must be open within three seconds of the command: it waits for nothing, and opening it twice is harmless.
    if (command === '/towpath' && wantsPush(text))
      return openPushModal(listening, { actor, to, triggerId: triggerId ?? null, originChannel: channelId });
    const code = command === '/towpath' ? typedLoginCode(text) : null;
    if (code !== null) return openLoginModal(listening, code, { actor, to, triggerId: triggerId ?? null });
    const handle = handlers.get(command.toLowerCase()) ?? unknown;
    const request = { key: requestKey('command', { trigger_id: triggerId }), what: command, to };
    const asked = command === '/towpath' && wantsNewToken(text) ? newTokenIn(text) : null;
    if (asked !== null)
      return openTokenModal(listening, asked, { actor, to, triggerId: triggerId ?? null, key: request.key });
    return answerPerson(request, () => handle({ text, actor, channelId }));
  };
}

/** Null for what does not say enough: answering it then says what is missing, without a form. */
function newTokenIn(text: string): NewToken | null {
  try {
    const asked = parseToken(takeWords(text, 1).rest);
    return asked.act === 'revoke' ? null : asked;
  } catch (error) {
    if (error instanceof RefusedError) return null;
    throw error;
  }
}
