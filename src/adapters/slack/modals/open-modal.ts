import type { ModalView } from '@slack/types';
import { z } from 'zod';
import type { Click } from '../actions/click.ts';
import { answerToError } from '../answers/answering.ts';
import { type Addressee, sendPrivately } from '../answers/send-privately.ts';
import type { Listening } from '../listen.ts';
import { slackFailure } from '../slack-failure.ts';
import { type ModalLook, sentenceModal, waitingModal } from './modal.ts';

const opened = z.object({ view: z.object({ id: z.string() }) });
const TOO_LATE = { text: 'That took too long to open. Click again.' };

/**
 * Opens a modal, on top of the one that was clicked in. Null where Slack would not open it; the person is told then.
 * A trigger lives three seconds, so that nothing may be waited for before this.
 */
export async function openModal(
  listening: Listening,
  click: Pick<Click, 'triggerId'> & { view?: Click['view'] },
  to: Addressee,
  view: ModalView,
): Promise<string | null> {
  try {
    if (click.triggerId === null) throw new Error('A click without a trigger opens no modal.');
    const options = { trigger_id: click.triggerId, view };
    const answer =
      click.view?.type === 'modal' ? await listening.web.views.push(options) : await listening.web.views.open(options);
    return opened.parse(answer).view.id;
  } catch (error) {
    const failure = slackFailure(error);
    if (failure?.kind === 'refused' && failure.code === 'exchanged_trigger_id') return null;
    const isLate = failure?.kind === 'refused' && failure.code.endsWith('trigger_id');
    await sendPrivately(
      listening,
      to,
      isLate ? TOO_LATE : answerToError(listening, error, { what: 'open a modal', user: to.userId }),
    );
    return null;
  }
}

/** Opens a modal at once and fills it when its content is there. Never throws: a refusal stands in the modal. */
export async function openAndFill(
  listening: Listening,
  click: Pick<Click, 'triggerId' | 'actor'> & { view?: Click['view'] },
  to: Addressee,
  look: ModalLook,
  content: () => Promise<ModalView>,
): Promise<void> {
  const viewId = await openModal(listening, click, to, waitingModal(look));
  if (viewId === null) return;
  await fill(listening, { view_id: viewId }, click.actor.userId, look, async () => {
    await listening.ensureKnown(click.actor.userId);
    return content();
  });
}

/** Puts the content into an open modal, or the sentence that says why there is none. False where the modal is gone. */
export async function fill(
  listening: Listening,
  which: { view_id: string } | { external_id: string },
  userId: string,
  look: ModalLook,
  content: () => Promise<ModalView>,
): Promise<boolean> {
  const view = await content().catch((error: unknown) =>
    sentenceModal(look, answerToError(listening, error, { what: look.callbackId, user: userId }).text),
  );
  return updateModal(listening, which, view);
}

/** False where the modal is gone, or Slack does not answer. */
export async function updateModal(
  { web, log }: Listening,
  which: { view_id: string } | { external_id: string },
  view: ModalView,
): Promise<boolean> {
  try {
    await web.views.update({ ...which, view });
    return true;
  } catch (error) {
    const failure = slackFailure(error);
    if (failure === null) throw error;
    // Closed by its person meanwhile: nothing to show any more.
    if (failure.kind !== 'refused' || failure.code !== 'not_found')
      log.warn({ failure, view: view.callback_id }, 'A modal could not be updated');
    return false;
  }
}
