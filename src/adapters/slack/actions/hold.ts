import { z } from 'zod';
import type { Decision } from '../../../use-cases/use-cases.ts';
import type { Answer } from '../answers/answer.ts';
import { holdsAnswer, unfrozenAnswer, unlockedAnswer } from '../blocks/hold-answers.ts';
import type { SlackContext } from '../slack-context.ts';
import { ASK_GATES, TICK, UNFREEZE, UNLOCK, UNTICK } from './action-ids.ts';
import { type Click, type ClickHandler, carried } from './click.ts';

const itemValue = z.object({ promotionId: z.string(), item: z.string() });
const promotionValue = z.object({ promotionId: z.string() });
/** `listed`: in the private list of all, which is shown anew. */
const unlockValue = z.object({
  lockId: z.string(),
  others: z.boolean().default(false),
  listed: z.boolean().optional(),
});
const unfreezeValue = z.object({ environment: z.string(), listed: z.boolean().optional() });

/** A card's checklist and lock, and the buttons in the list of what is locked and frozen. */
export function makeHoldClicks({ useCases }: Pick<SlackContext, 'useCases'>): Record<string, ClickHandler> {
  const listed = async ({ actor }: Click): Promise<Answer> => ({
    ...holdsAnswer(await useCases.listHolds({ workspaceId: actor.workspaceId }), actor.userId, new Date()),
    replaces: true,
  });
  return {
    [TICK]: async (click) => ticked(await useCases.tickItem({ actor: click.actor, ...carried(itemValue, click) })),
    [UNTICK]: async (click) =>
      unticked(await useCases.untickItem({ actor: click.actor, ...carried(itemValue, click) })),
    [ASK_GATES]: async (click) => {
      await useCases.askGatesAgain({ actor: click.actor, ...carried(promotionValue, click) });
      return null;
    },
    [UNLOCK]: async (click) => {
      const { lockId, others, listed: isListed } = carried(unlockValue, click);
      const answer = unlockedAnswer(await useCases.unlock({ actor: click.actor, lockId, others }));
      return isListed === true ? listed(click) : answer;
    },
    [UNFREEZE]: async (click) => {
      const { environment, listed: isListed } = carried(unfreezeValue, click);
      const answer = unfrozenAnswer(await useCases.unfreeze({ actor: click.actor, environment }));
      return isListed === true ? listed(click) : answer;
    },
  };
}

/** The card changes by itself. */
function ticked({ changed }: Decision): Answer | null {
  return changed ? null : { text: 'That was ticked already. Nothing was changed.' };
}

function unticked({ changed }: Decision): Answer | null {
  return changed ? null : { text: 'That was not ticked any more. Nothing was changed.' };
}
