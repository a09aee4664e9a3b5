import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { REJECT_FORM } from '../actions/action-ids.ts';
import type { Click } from '../actions/click.ts';
import type { Addressee } from '../answers/send-privately.ts';
import type { Listening } from '../listen.ts';
import { modalOf } from './modal.ts';
import { openModal } from './open-modal.ts';

/** What the form carries to its submission. */
export const rejectMetadata = z.object({
  promotionId: z.string(),
  to: z.object({ userId: z.string(), channelId: z.string().optional(), responseUrl: z.string().optional() }),
  /** The modal with the card below the form. */
  review: z.string().optional(),
});

/** Block and action id of the reason. */
export const REASON = 'reason';
const REASON_MAX = 3_000;
const value = z.object({ promotionId: z.string() });

/** Asks why. The form needs nothing from the database, so it is there at once. */
export async function openRejectModal(listening: Listening, click: Click, to: Addressee): Promise<void> {
  const promotionId = value.safeParse(click.value).data?.promotionId ?? '';
  const { userId, channelId, responseUrl } = to;
  const carried = {
    promotionId,
    to: { userId, ...(channelId !== undefined && { channelId }), ...(responseUrl !== undefined && { responseUrl }) },
    ...(click.view?.type === 'modal' && { review: click.view.id }),
  };
  await openModal(listening, click, to, rejectForm(carried));
}

function rejectForm(carried: z.infer<typeof rejectMetadata>): ModalView {
  return modalOf({ title: 'Reject', callbackId: REJECT_FORM, submit: 'Reject', close: 'Back', metadata: carried }, [
    {
      type: 'input',
      block_id: REASON,
      label: { type: 'plain_text', text: 'Why should it not go on?' },
      hint: { type: 'plain_text', text: 'Whoever asked reads this in the card’s thread.' },
      element: { type: 'plain_text_input', action_id: REASON, multiline: true, max_length: REASON_MAX, min_length: 1 },
    },
  ]);
}
