import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { Refusal } from '../../../domain/refusal.ts';
import type { Click } from '../actions/click.ts';
import type { Addressee } from '../answers/send-privately.ts';
import { HOLD_BUTTONS } from '../blocks/promotion-buttons.ts';
import { promotionCard } from '../blocks/promotion-card.ts';
import { promotionAddress } from '../diff-address.ts';
import type { Listening } from '../listen.ts';
import type { SlackView } from '../requests.ts';
import { modalOf } from './modal.ts';
import { openAndFill, updateModal } from './open-modal.ts';

const LOOK = { title: 'Review', callbackId: 'review' } as const;
const value = z.object({ promotionId: z.string() });

/** Opens a promotion's card as a modal: from App Home, where no card is. Its buttons are the card's own. */
export async function openReviewModal(listening: Listening, click: Click, to: Addressee): Promise<void> {
  const promotionId = value.safeParse(click.value).data?.promotionId;
  await openAndFill(listening, click, to, LOOK, async () => {
    if (promotionId === undefined)
      throw new Refusal(
        'unknown_promotion',
        'This button is from another version of Towpath. Open the Home tab again.',
      );
    return reviewView(listening, promotionId);
  });
}

export function isReview(view: SlackView): boolean {
  return view.callback_id === LOOK.callbackId;
}

/** Shows the promotion as it stands now in the modal that is open. */
export async function showReview(listening: Listening, viewId: string, promotionId: string): Promise<void> {
  await updateModal(listening, { view_id: viewId }, await reviewView(listening, promotionId));
}

async function reviewView({ useCases, workspace, diffAddress }: Listening, promotionId: string): Promise<ModalView> {
  const view = await useCases.showPromotion({ workspaceId: workspace.id, promotionId });
  const { blocks } = promotionCard(view, undefined, promotionAddress(diffAddress, view));
  // The lock's form would cover it, and it is looked at again already.
  return modalOf(
    LOOK,
    blocks.filter((block) => block.block_id !== HOLD_BUTTONS),
  );
}
