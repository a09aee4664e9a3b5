import type { Button } from '@slack/types';
import { type Offer, Refusal } from '../../../domain/refusal.ts';
import type { RefusedError } from '../../../domain/refused-error.ts';
import { APPROVE, nth, REJECT } from '../actions/action-ids.ts';
import { button } from '../blocks/button.ts';
import { fitMessage } from '../blocks/fit-message.ts';
import { buttons, IMPORTANCE, section } from '../blocks/parts.ts';
import { safeMrkdwn } from '../blocks/safe-mrkdwn.ts';
import type { Answer } from './answer.ts';

const SENTENCE_MAX = 2_500;

/** A refusal as its person reads it: the sentence, and a button for each thing that may be done instead. */
export function refusalAnswer(refused: RefusedError): Answer {
  const sentence = safeMrkdwn(refused.userMessage, SENTENCE_MAX);
  const offers = refused instanceof Refusal ? refused.offers : [];
  if (offers.length === 0) return { text: sentence };
  return fitMessage(sentence, [section(sentence, IMPORTANCE.essential), ...buttons(offers.map(offerButton))]);
}

function offerButton(offer: Offer, index: number): Button | null {
  const actionId = offer.kind === 'approve' ? APPROVE : REJECT;
  return button(nth(actionId, index), offer.label, { promotionId: offer.promotionId });
}

/** What a person reads of a bug. The reference finds it in the log. */
export function bugAnswer(reference: string): Answer {
  return {
    text: `Something went wrong on our side (reference ${reference}). Nothing was changed. Try again, and tell an admin the reference if it stays.`,
  };
}

/** What a person reads where Slack itself did not do its part. */
export const SLACK_FAILED: Answer = {
  text: 'Slack did not answer just now, so this could not be done. Try again in a minute.',
};
