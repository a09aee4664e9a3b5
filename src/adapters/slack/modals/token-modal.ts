import type { Actor } from '../../../domain/actor.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { type Addressee, sendPrivately } from '../answers/send-privately.ts';
import { newToken, unseenToken } from '../blocks/token-answers.ts';
import type { TypedToken } from '../commands/parse-token.ts';
import type { Listening } from '../listen.ts';
import { type ModalLook, modal, waitingModal } from './modal.ts';
import { fill, openModal } from './open-modal.ts';

export type NewToken = Exclude<TypedToken, { act: 'revoke' }>;

const LOOK: ModalLook = { title: 'API token', callbackId: 'api_token' };

/**
 * Opens a form at once and makes the token only then: shown nowhere but there. Where the form is gone by then, its person is told
 * how to get another; the token itself is in no message.
 *
 * @param key what repeats of the command share
 */
export async function openTokenModal(
  listening: Listening,
  asked: NewToken,
  { actor, to, triggerId, key }: { actor: Actor; to: Addressee; triggerId: string | null; key: string | null },
): Promise<void> {
  const viewId = await openModal(listening, { triggerId }, to, waitingModal(LOOK, 'Making the token…'));
  if (viewId === null) return;
  let made: string | null = null;
  const isShown = await fill(listening, { view_id: viewId }, actor.userId, LOOK, async () => {
    await listening.ensureKnown(actor.userId);
    if (key !== null && !(await listening.handledRequests.firstTime(key))) throw repeated();
    const answer = await make(listening, actor, asked);
    made = answer.token.name;
    return modal(LOOK, newToken(answer));
  });
  if (!isShown && made !== null) await sendPrivately(listening, to, unseenToken(made));
}

async function make({ useCases }: Listening, actor: Actor, asked: NewToken) {
  if (asked.act === 'create') {
    const { act: _, ...token } = asked;
    return useCases.createToken({ actor, ...token });
  }
  const { act: _, ...token } = asked;
  return useCases.rotateToken({ actor, ...token });
}

function repeated(): Refusal {
  return new Refusal(
    'invalid_input',
    'This command was done already, and its token was shown then. `/towpath token rotate NAME` makes another.',
  );
}
