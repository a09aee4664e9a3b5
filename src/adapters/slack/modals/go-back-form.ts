import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { describeSettingsChange } from '../../../domain/settings/diff-settings.ts';
import { keepManaged } from '../../../domain/settings/proposal.ts';
import type { SettingsFormView } from '../../../use-cases/views.ts';
import { GO_BACK_FORM } from '../actions/action-ids.ts';
import type { Click } from '../actions/click.ts';
import type { Addressee } from '../answers/send-privately.ts';
import { changeAnswer } from '../blocks/change-answer.ts';
import { bullets, context, IMPORTANCE, section } from '../blocks/parts.ts';
import { layerName } from '../blocks/proposal-parts.ts';
import { escaped } from '../blocks/text.ts';
import type { Listening } from '../listen.ts';
import { requestKey, type SlackSubmission } from '../requests.ts';
import { addressedTo, addressee, carriedAddress, layerOf, layerValue } from './layer-value.ts';
import { type ModalLook, modal, modalOf } from './modal.ts';
import { openAndFill } from './open-modal.ts';
import { oldButton, refuseProposed } from './open-settings-form.ts';
import { readJson } from './read-json.ts';
import { REASON, reasonInput } from './reason-input.ts';
import { settleForm } from './settle-form.ts';
import type { SubmissionAck } from './submission-listener.ts';

const value = layerValue.extend({ number: z.int().min(1) });
const metadata = value.extend({ basedOn: z.int().min(0), to: addressedTo });
const carriedByHistory = z.object({ to: addressedTo });
const entered = z.object({ [REASON]: z.object({ [REASON]: z.object({ value: z.string().nullish() }) }) });
const LOOK: ModalLook = { title: 'Go back', callbackId: GO_BACK_FORM };
const MOST_SENTENCES = 30;

/** Shows what bringing back an earlier revision would change, on top of the history, and asks why. */
export async function openGoBackForm(listening: Listening, click: Click, to: Addressee): Promise<void> {
  const asked = value.safeParse(click.value).data;
  await openAndFill(listening, click, to, LOOK, async () => {
    if (asked === undefined) throw oldButton();
    const { number: earlier } = asked;
    const view = await listening.useCases.startSettingsChange({ actor: click.actor, ...layerOf(asked), earlier });
    refuseProposed(view);
    const history = carriedByHistory.safeParse(readJson(click.view?.private_metadata ?? '')).data;
    const carried = { ...asked, basedOn: view.number, to: history?.to ?? carriedAddress(to) };
    return goBackForm({ ...LOOK, metadata: carried }, view, earlier);
  });
}

/** Pure. */
export function goBackForm(look: ModalLook, view: SettingsFormView, number: number): ModalView {
  const wanted = keepManaged(view, view.earlier?.settings ?? {});
  const sentences = describeSettingsChange(view.settings, wanted);
  const title = section(
    `*${layerName(view)}*\nNow number ${view.number}. Going back to number ${number}:`,
    IMPORTANCE.essential,
  );
  if (sentences.length === 0)
    return modal(look, [
      title,
      section('Nothing would change: the settings are like that already.', IMPORTANCE.needed),
    ]);
  const needs =
    view.asksFor === null
      ? 'It applies at once.'
      : `It needs approval by ${escaped(view.asksFor, 200)}, and applies then.`;
  const kept = view.managed.length === 0 ? '' : ' What towpath.yaml gives stays as it is.';
  return modalOf({ ...look, submit: view.asksFor === null ? 'Go back' : 'Ask for it', close: 'Cancel' }, [
    ...[
      title,
      bullets(
        'What would change',
        sentences.slice(0, MOST_SENTENCES),
        Math.max(0, sentences.length - MOST_SENTENCES),
        IMPORTANCE.needed,
      ),
      context(`${needs}${kept}`, IMPORTANCE.note),
    ].map(({ block }) => block),
    reasonInput(''),
  ]);
}

/** Brings the revision back, or asks for it. Refused where the settings are others by now than was shown. */
export async function submitGoBack(
  listening: Listening,
  submission: SlackSubmission,
  ack: SubmissionAck,
): Promise<void> {
  const form = metadata.parse(readJson(submission.view.private_metadata));
  const { user, view } = submission;
  const reason = entered.safeParse(view.state?.values).data?.[REASON][REASON].value?.trim() ?? '';
  const to = addressee(user.id, form.to);
  const key = requestKey('submission', submission);
  await settleForm(listening, ack, { submission, to, title: 'Go back', errorsAt: REASON }, async () => {
    await listening.ensureKnown(user.id);
    if (key !== null && !(await listening.handledRequests.firstTime(key))) return null;
    const result = await listening.useCases.rollBackSettings({
      actor: { workspaceId: listening.workspace.id, userId: user.id, via: 'slack' },
      ...{ ...layerOf(form), to: form.number, basedOn: form.basedOn },
      ...(reason !== '' && { reason }),
      ...(form.to.channelId !== undefined && { originChannel: form.to.channelId }),
    });
    return { answer: changeAnswer(result) };
  });
}
