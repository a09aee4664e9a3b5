import { z } from 'zod';
import { confirmReplacement, requestedAnswer, rolledBackAnswer } from '../blocks/act-answers.ts';
import { permalink } from '../identify-workspace.ts';
import type { SlackContext } from '../slack-context.ts';
import { type ClickHandler, carried } from './click.ts';

/*
 * Buttons that move versions: Promote on a receipt, Replace and Keep where another version is under review, Roll back on
 * a card, Undo on a rollback's receipt.
 */

const promoteValue = z.object({ workflow: z.string(), environment: z.string(), versionId: z.string() });
const replaceValue = z.object({
  workflow: z.string(),
  environment: z.string(),
  replace: z.string(),
  expectedVersionId: z.string(),
  canary: z.number().int().optional(),
  at: z.iso.datetime().optional(),
  reason: z.string().optional(),
});
const rollBackValue = z.object({ deploymentId: z.string(), workflow: z.string(), environment: z.string() });
const undoValue = z.object({ rollbackId: z.string() });

type Needs = Pick<SlackContext, 'useCases' | 'workspace'>;

export function makePromoteClick({ useCases, workspace }: Needs): ClickHandler {
  return async (click) => {
    const { workflow, environment, versionId } = carried(promoteValue, click);
    const result = await useCases.requestPromotion({
      actor: click.actor,
      workflow,
      environment,
      expectedVersionId: versionId,
      ...origin(click.channelId),
    });
    if (result.kind === 'confirm-replacement') return confirmReplacement(result, {});
    return requestedAnswer(result, (card) => permalink(workspace, card));
  };
}

/** Says yes to replacing the request that the question named; anything that moved since asks or refuses again. */
export function makeReplaceClick({ useCases, workspace }: Needs): ClickHandler {
  return async (click) => {
    const asked = carried(replaceValue, click);
    const { reason, canary, at, ...rest } = asked;
    const words = {
      ...(canary !== undefined && { canary }),
      ...(at !== undefined && { at: new Date(at) }),
      ...(reason !== undefined && { reason }),
    };
    const result = await useCases.requestPromotion({
      actor: click.actor,
      ...rest,
      ...origin(click.channelId),
      ...words,
    });
    const answer =
      result.kind === 'confirm-replacement'
        ? confirmReplacement(result, words)
        : requestedAnswer(result, (card) => permalink(workspace, card));
    return { ...answer, replaces: true };
  };
}

export function makeKeepClick(): ClickHandler {
  return () => Promise.resolve({ text: 'Kept. The request under review stays as it is.', replaces: true });
}

export function makeRollBackClick({ useCases }: Needs): ClickHandler {
  return async (click) => {
    const { deploymentId, workflow, environment } = carried(rollBackValue, click);
    return rolledBackAnswer(
      await useCases.rollBack({
        actor: click.actor,
        workflow,
        environment,
        expectedDeploymentId: deploymentId,
        ...origin(click.channelId),
      }),
    );
  };
}

export function makeUndoClick({ useCases }: Needs): ClickHandler {
  return async (click) => {
    await useCases.undoRollback({ actor: click.actor, rollbackId: carried(undoValue, click).rollbackId });
    return null;
  };
}

function origin(channelId: string | null): { originChannel?: string } {
  return channelId === null ? {} : { originChannel: channelId };
}
