import { randomBytes } from 'node:crypto';
import type { ModalView } from '@slack/types';
import { RefusedError } from '../../../domain/refused-error.ts';
import type { Answer } from '../answers/answer.ts';
import { answerToError, WORKING_NOTICE_AFTER_MS } from '../answers/answering.ts';
import { type Addressee, sendPrivately } from '../answers/send-privately.ts';
import { escaped } from '../blocks/text.ts';
import type { Listening } from '../listen.ts';
import type { SlackSubmission } from '../requests.ts';
import { inPlainWords } from './in-plain-words.ts';
import { sentenceModal, waitingModal } from './modal.ts';
import { updateModal } from './open-modal.ts';
import type { SubmissionAck } from './submission-listener.ts';

/** What comes of a form that was sent. */
export type FormOutcome =
  /** Sentences in plain text, by block. The form stays as it was left. */
  | { errors: Readonly<Record<string, string>> }
  /** The form itself, brought up to date; `sentence` says so where it can't be shown at once. */
  | { view: ModalView; sentence: string }
  /** Done: forms close, and the person is told. */
  | { answer: Answer }
  /** Sent twice. */
  | null;

export interface SentForm {
  submission: SlackSubmission;
  to: Addressee;
  /** For what takes longer than Slack waits. */
  title: string;
  /** The block below which a refusal stands. */
  errorsAt: string;
}

/**
 * Runs the work of a form and answers it in Slack's time. Nothing entered is lost: what is refused stands below its field, and
 * where it takes longer than Slack waits, the form stays below another one that then says how it went.
 */
export async function settleForm(
  listening: Listening,
  ack: SubmissionAck,
  form: SentForm,
  work: () => Promise<FormOutcome>,
): Promise<void> {
  const outcome = work().catch((error: unknown) => refused(listening, form, error));
  const quick = await Promise.race([outcome, inTime()]);
  if (quick === 'slow') return settleLate(listening, ack, form, outcome);
  if (quick === null) return ack();
  if ('errors' in quick) return ack({ response_action: 'errors', errors: { ...quick.errors } });
  if ('view' in quick) return ack({ response_action: 'update', view: quick.view });
  await ack({ response_action: 'clear' });
  await sendPrivately(listening, form.to, quick.answer);
}

async function settleLate(
  listening: Listening,
  ack: SubmissionAck,
  { submission, title, to }: SentForm,
  work: Promise<FormOutcome>,
): Promise<void> {
  const look = { title, callbackId: 'form_result', externalId: `form-${randomBytes(9).toString('hex')}` };
  await ack({ response_action: 'push', view: waitingModal(look, 'Working on it…') });
  const outcome = await work;
  if (outcome === null) return;
  const isDone = 'answer' in outcome;
  const text = isDone ? outcome.answer.text : lateSentence(outcome);
  if ('view' in outcome) await updateModal(listening, { view_id: submission.view.id }, outcome.view);
  const shown = sentenceModal(
    { ...look, ...(isDone ? { close: 'Done', clearOnClose: true } : { close: 'Back' }) },
    text,
  );
  if (!(await updateModal(listening, { external_id: look.externalId }, shown)))
    await sendPrivately(listening, to, isDone ? outcome.answer : { text });
}

function lateSentence(outcome: Exclude<FormOutcome, null | { answer: Answer }>): string {
  return 'view' in outcome ? outcome.sentence : escaped(Object.values(outcome.errors).join(' '), 2_900);
}

/** A refusal, or what broke, below the field that it is about. */
async function refused(listening: Listening, { submission, title, errorsAt }: SentForm, error: unknown) {
  const { text } = answerToError(listening, error, { what: title, user: submission.user.id });
  const sentence = error instanceof RefusedError ? error.userMessage : text;
  return { errors: { [errorsAt]: await inPlainWords(listening, sentence) } };
}

function inTime(): Promise<'slow'> {
  return new Promise((resolve) => setTimeout(() => resolve('slow'), WORKING_NOTICE_AFTER_MS).unref());
}
