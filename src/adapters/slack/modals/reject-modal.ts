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
  /** One of the two. */
  promotionId: z.string().optional(),
  proposalId: z.string().optional(),
  to: z.object({ userId: z.string(), channelId: z.string().optional(), responseUrl: z.string().optional() }),
  /** The modal with the card below the form. */
  review: z.string().optional(),
});

/** Block and action id of the reason. */
export const REASON = 'reason';
const REASON_MAX = 3_000;
const value = z.object({ promotionId: z.string() });
const settingsValue = z.object({ proposalId: z.string() });

/** Asks why. The form needs nothing from the database, so it is there at once. */
export async function openRejectModal(listening: Listening, click: Click, to: Addressee): Promise<void> {
  const promotionId = value.safeParse(click.value).data?.promotionId ?? '';
  const review = click.view?.type === 'modal' && { review: click.view.id };
  const carried = { promotionId, to: addressed(to), ...review };
  await openModal(listening, click, to, rejectForm(carried, 'Whoever asked reads this in the card’s thread.'));
}

/** The same for a change of settings. */
export async function openRejectSettingsModal(listening: Listening, click: Click, to: Addressee): Promise<void> {
  const proposalId = settingsValue.safeParse(click.value).data?.proposalId ?? '';
  await openModal(listening, click, to, rejectForm({ proposalId, to: addressed(to) }, 'Whoever asked reads this.'));
}

function addressed({ userId, channelId, responseUrl }: Addressee): z.infer<typeof rejectMetadata>['to'] {
  return { userId, ...(channelId !== undefined && { channelId }), ...(responseUrl !== undefined && { responseUrl }) };
}

function rejectForm(carried: z.infer<typeof rejectMetadata>, hint: string): ModalView {
  return modalOf({ title: 'Reject', callbackId: REJECT_FORM, submit: 'Reject', close: 'Back', metadata: carried }, [
    {
      type: 'input',
      block_id: REASON,
      label: { type: 'plain_text', text: 'Why should it not go on?' },
      hint: { type: 'plain_text', text: hint },
      element: { type: 'plain_text_input', action_id: REASON, multiline: true, max_length: REASON_MAX, min_length: 1 },
    },
  ]);
}
