import { findOptionalEnvironment, getEnvironment, type Pipeline } from '../../../domain/environment.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { decisionAnswer } from '../blocks/act-answers.ts';
import type { SlackContext } from '../slack-context.ts';
import type { CommandHandler } from './command.ts';
import { helpFor } from './help.ts';
import { asksForHelp, parseDecision, type TypedDecision } from './parse-act.ts';
import { incomplete } from './usage.ts';

/** `/approve WORKFLOW [ENVIRONMENT]` */
export function makeApproveCommand({ useCases, ports }: Pick<SlackContext, 'useCases' | 'ports'>): CommandHandler {
  return async ({ text, actor }) => {
    if (asksForHelp(text)) return helpFor('approve');
    const typed = parseDecision('approve', text);
    const pipeline = await ports.reading(actor.workspaceId, (tx) => tx.environments.pipeline());
    const choice = { workflow: typed.workflow, ...approvedWhere(pipeline, typed) };
    return decisionAnswer('approve', await useCases.approvePromotion({ actor, choice }), 'command');
  };
}

/** `/reject WORKFLOW [ENVIRONMENT] REASON` */
export function makeRejectCommand({ useCases, ports }: Pick<SlackContext, 'useCases' | 'ports'>): CommandHandler {
  return async ({ text, actor }) => {
    if (asksForHelp(text)) return helpFor('reject');
    const typed = parseDecision('reject', text);
    const pipeline = await ports.reading(actor.workspaceId, (tx) => tx.environments.pipeline());
    const environment = findOptionalEnvironment(pipeline, typed.second);
    const reason = environment === null ? typed.all : typed.afterSecond;
    if (reason === undefined)
      throw incomplete('reject', `Why should ${typed.workflow} not go on? Whoever asked reads the reason.`);
    const choice = { workflow: typed.workflow, ...(environment && { environment: environment.name }) };
    return decisionAnswer('reject', await useCases.rejectPromotion({ actor, choice, reason }), 'command');
  };
}

/** An approval takes no other words, so one that names no environment is a slip: never guessed, never passed over. */
function approvedWhere(pipeline: Pipeline, { second }: TypedDecision): { environment?: string } {
  if (second === undefined) return {};
  const environment = findOptionalEnvironment(pipeline, second);
  if (environment !== null) return { environment: environment.name };
  const { name } = getEnvironment(pipeline, second);
  throw new Refusal(
    'unknown_environment',
    `“${second}” is too short to say for certain that ${name} is meant. Write \`/approve WORKFLOW ${name}\`.`,
  );
}
