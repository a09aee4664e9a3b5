import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { LOCK_FORM } from '../actions/action-ids.ts';
import type { Click } from '../actions/click.ts';
import type { Addressee } from '../answers/send-privately.ts';
import type { Listening } from '../listen.ts';
import { modalOf } from './modal.ts';
import { openModal } from './open-modal.ts';

/** What the form carries to its submission. */
export const lockMetadata = z.object({
  promotionId: z.string(),
  to: z.object({ userId: z.string(), channelId: z.string().optional(), responseUrl: z.string().optional() }),
});

/** Block and action ids of its fields. */
export const LOCK_REASON = 'reason';
export const LOCK_LASTS = 'lasts';
const REASON_MAX = 1_000;
const value = z.object({ promotionId: z.string() });

/** Asks why nothing of the workflow may go live where the card takes it. Needs nothing from the database, so it is there at once. */
export async function openLockForm(listening: Listening, click: Click, to: Addressee): Promise<void> {
  const { userId, channelId, responseUrl } = to;
  const addressee = {
    userId,
    ...(channelId !== undefined && { channelId }),
    ...(responseUrl !== undefined && { responseUrl }),
  };
  const promotionId = value.safeParse(click.value).data?.promotionId ?? '';
  await openModal(listening, click, to, lockForm({ promotionId, to: addressee }));
}

function lockForm(metadata: z.infer<typeof lockMetadata>): ModalView {
  return modalOf({ title: 'Lock', callbackId: LOCK_FORM, submit: 'Lock', close: 'Back', metadata }, [
    {
      type: 'input',
      block_id: LOCK_REASON,
      label: { type: 'plain_text', text: 'Why should it not go live for now?' },
      hint: { type: 'plain_text', text: 'Nothing of this workflow goes live there meanwhile. Rollbacks always work.' },
      element: {
        type: 'plain_text_input',
        action_id: LOCK_REASON,
        multiline: true,
        max_length: REASON_MAX,
        min_length: 1,
      },
    },
    {
      type: 'input',
      block_id: LOCK_LASTS,
      optional: true,
      label: { type: 'plain_text', text: 'For how long?' },
      hint: { type: 'plain_text', text: 'Left empty: until somebody unlocks it, or the request is decided.' },
      element: {
        type: 'plain_text_input',
        action_id: LOCK_LASTS,
        max_length: 40,
        placeholder: { type: 'plain_text', text: '2h, 90m or 1d 12h' },
      },
    },
  ]);
}
