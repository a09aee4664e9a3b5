import { z } from 'zod';
import type { RolloutReceiptView } from '../../../use-cases/views.ts';
import type { Answer } from '../answers/answer.ts';
import { rolloutAnswer, rolloutDone } from '../blocks/rollout-answers.ts';
import type { SlackContext } from '../slack-context.ts';
import { ABORT_ROLLOUT, CHANGE_ROLLOUT, FINISH_ROLLOUT, SHOW_ROLLOUT, UNDO_ABORT } from './action-ids.ts';
import { type Click, type ClickHandler, carried } from './click.ts';

const rollout = z.object({
  workflow: z.string(),
  environment: z.string(),
  deploymentId: z.string(),
  /** On a card only. */
  promotionId: z.string().optional(),
});
/** `from`: the share that was shown; buttons posted by an earlier release carry none. */
const step = rollout.extend({ share: z.number().int(), from: z.number().int().optional() });
const aborted = z.object({ deploymentId: z.string() });

/** The steps of a canary, on its card and in what one person was told of it. */
export function makeRolloutClicks({ useCases }: Pick<SlackContext, 'useCases'>): Record<string, ClickHandler> {
  return {
    [SHOW_ROLLOUT]: async (click) => {
      const { workflow, environment } = carried(rollout, click);
      const { workspaceId } = click.actor;
      return { ...rolloutAnswer(await useCases.showRollout({ workspaceId, workflow, environment })), replaces: true };
    },
    [CHANGE_ROLLOUT]: async (click) => {
      const { share, from } = carried(step, click);
      const expected = from === undefined ? {} : { expectedShare: from };
      return shown(click, await useCases.changeRollout({ ...chosen(click), share, ...expected }));
    },
    [FINISH_ROLLOUT]: async (click) => shown(click, await useCases.finishRollout(chosen(click))),
    [ABORT_ROLLOUT]: async (click) => ({
      ...rolloutDone(await useCases.abortRollout(chosen(click))),
      replaces: true,
    }),
    [UNDO_ABORT]: async (click) => {
      const { deploymentId } = carried(aborted, click);
      return { ...rolloutDone(await useCases.undoAbort({ actor: click.actor, deploymentId })), replaces: true };
    },
  };
}

/** The candidate that was shown, and no other. */
function chosen(click: Click) {
  const { workflow, environment, deploymentId } = carried(rollout, click);
  return { actor: click.actor, workflow, environment, expectedDeploymentId: deploymentId };
}

/** A card says by itself what changed. */
function shown(click: Click, receipt: RolloutReceiptView): Answer | null {
  const isOnCard = carried(rollout, click).promotionId !== undefined;
  return isOnCard && receipt.changed ? null : { ...rolloutDone(receipt), replaces: true };
}
