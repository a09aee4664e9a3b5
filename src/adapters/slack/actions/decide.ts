import { z } from 'zod';
import { decisionAnswer } from '../blocks/act-answers.ts';
import type { SlackContext } from '../slack-context.ts';
import { type ClickHandler, carried } from './click.ts';

/** What Approve carries: the fingerprint of what its card showed; an offer beside a refusal knows none. */
const approveValue = z.object({ promotionId: z.string(), fingerprint: z.string().optional() });
const cancelValue = z.object({ promotionId: z.string() });

export function makeApproveClick({ useCases }: Pick<SlackContext, 'useCases'>): ClickHandler {
  return async (click) => {
    const { promotionId, fingerprint } = carried(approveValue, click);
    const decision = await useCases.approvePromotion({
      actor: click.actor,
      choice: { promotionId },
      ...(fingerprint !== undefined && { reviewed: fingerprint }),
    });
    // Without a fingerprint there is no card under the click that would change.
    return decisionAnswer('approve', decision, fingerprint === undefined ? 'command' : 'click');
  };
}

export function makeCancelClick({ useCases }: Pick<SlackContext, 'useCases'>): ClickHandler {
  return async (click) => {
    const { promotionId } = carried(cancelValue, click);
    return decisionAnswer('cancel', await useCases.cancelPromotion({ actor: click.actor, promotionId }), 'click');
  };
}
