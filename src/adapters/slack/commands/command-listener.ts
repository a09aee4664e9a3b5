import type { Listening } from '../listen.ts';
import { openPushModal } from '../modals/push-modal.ts';
import { commandRequest, requestKey } from '../requests.ts';
import type { CommandHandler } from './command.ts';
import { makeApproveCommand, makeRejectCommand } from './decide.ts';
import { makeDeployCommand } from './deploy.ts';
import { wholeHelp } from './help.ts';
import { makePromoteCommand } from './promote.ts';
import { makeRollBackCommand } from './roll-back.ts';
import { makeTowpathCommand, wantsPush } from './towpath.ts';

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
    const handle = handlers.get(command.toLowerCase()) ?? unknown;
    const request = { key: requestKey('command', { trigger_id: triggerId }), what: command, to };
    return answerPerson(request, () => handle({ text, actor, channelId }));
  };
}
