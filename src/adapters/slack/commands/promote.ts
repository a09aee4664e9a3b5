import { confirmReplacement, requestedAnswer } from '../blocks/act-answers.ts';
import { permalink } from '../identify-workspace.ts';
import { clockOf } from '../people/clock-of.ts';
import type { SlackContext } from '../slack-context.ts';
import type { CommandHandler } from './command.ts';
import { helpFor } from './help.ts';
import { asksForHelp, parsePromote } from './parse-act.ts';

/** `/promote WORKFLOW ENVIRONMENT [at TIME] [--canary SHARE] [REASON]` */
export function makePromoteCommand({
  useCases,
  ports,
  workspace,
}: Pick<SlackContext, 'useCases' | 'ports' | 'workspace'>): CommandHandler {
  return async ({ text, actor, channelId }) => {
    if (asksForHelp(text)) return helpFor('promote');
    const typed = parsePromote(text, await clockOf({ ports }, actor));
    const result = await useCases.requestPromotion({ actor, originChannel: channelId, ...typed });
    if (result.kind === 'confirm-replacement') return confirmReplacement(result, typed);
    return requestedAnswer(result, (card) => permalink(workspace, card));
  };
}
