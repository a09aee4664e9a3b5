import { Refusal } from '../../../domain/refusal.ts';
import type { Answer } from '../answers/answer.ts';
import { rolledBackAnswer } from '../blocks/act-answers.ts';
import type { SlackContext } from '../slack-context.ts';
import type { CommandHandler, CommandRequest } from './command.ts';
import { helpFor } from './help.ts';
import { asksForHelp, parseRollback, type TypedRollback } from './parse-act.ts';

/** `/rollback WORKFLOW ENVIRONMENT [to VERSION] [REASON]` */
export function makeRollBackCommand({ useCases }: Pick<SlackContext, 'useCases'>): CommandHandler {
  return async (request) => {
    if (asksForHelp(request.text)) return helpFor('rollback');
    return rollBack(useCases, request, parseRollback(request.text));
  };
}

/** `to X` counts only if X is a version of the workflow; only the use case knows. Otherwise all of it is the reason. */
async function rollBack(
  useCases: SlackContext['useCases'],
  { actor, channelId }: CommandRequest,
  typed: TypedRollback,
): Promise<Answer> {
  const { workflow, environment, reason, toVersion } = typed;
  const request = { actor, workflow, environment, originChannel: channelId };
  if (toVersion !== undefined) {
    try {
      return rolledBackAnswer(await useCases.rollBack({ ...request, ...toVersion }));
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'unknown_version') throw error;
    }
  }
  const receipt = await useCases.rollBack({ ...request, ...(reason !== undefined && { reason }) });
  return rolledBackAnswer(receipt, toVersion?.to);
}
