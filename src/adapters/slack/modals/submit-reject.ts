import { z } from 'zod';
import type { Answer } from '../answers/answer.ts';
import { answerToError, WORKING_NOTICE_AFTER_MS } from '../answers/answering.ts';
import { sendPrivately } from '../answers/send-privately.ts';
import { decisionAnswer } from '../blocks/act-answers.ts';
import { decidedWords } from '../blocks/proposal-answers.ts';
import type { Listening } from '../listen.ts';
import { requestKey, type SlackSubmission } from '../requests.ts';
import { inPlainWords } from './in-plain-words.ts';
import { REASON, rejectMetadata } from './reject-modal.ts';
import { showReview } from './review-modal.ts';
import type { SubmissionAck } from './submission-listener.ts';

const values = z.object({ [REASON]: z.object({ [REASON]: z.object({ value: z.string().nullish() }) }) });

interface Outcome {
  /** What to say, null for nothing. */
  answer: Answer | null;
  wentWrong: boolean;
}

/**
 * Rejects with the reason of the form. A refusal stands below the field while the form is open; where that takes longer
 * than Slack waits, the form closes and the answer follows privately.
 */
export async function submitReject(
  listening: Listening,
  { user, trigger_id, view }: SlackSubmission,
  ack: SubmissionAck,
): Promise<void> {
  const reason = values.safeParse(view.state?.values).data?.[REASON][REASON].value?.trim() ?? '';
  if (reason === '') return ack({ response_action: 'errors', errors: { [REASON]: 'Write why, in a few words.' } });
  const { promotionId = '', proposalId, to, review } = rejectMetadata.parse(JSON.parse(view.private_metadata));
  const key = requestKey('submission', { trigger_id, view });
  const work = reject(listening, {
    ...{ key, userId: user.id, promotionId, reason },
    ...(proposalId !== undefined && { proposalId }),
  });
  const quick = await Promise.race([work, inTime()]);
  if (quick?.wentWrong && quick.answer !== null) {
    return ack({ response_action: 'errors', errors: { [REASON]: await inPlainWords(listening, quick.answer.text) } });
  }
  await ack();
  const { answer } = quick ?? (await work);
  const late = quick === null ? (answer ?? { text: 'Rejected.' }) : answer;
  if (late !== null) await sendPrivately(listening, { ...readdressed(to), userId: user.id }, late);
  if (review !== undefined)
    await showReview(listening, review, promotionId).catch((error: unknown) =>
      listening.log.warn({ err: error }, 'A modal could not be shown anew'),
    );
}

interface Rejection {
  key: string | null;
  userId: string;
  promotionId: string;
  /** Set where a change of settings is rejected, not a promotion. */
  proposalId?: string;
  reason: string;
}

async function reject(
  listening: Listening,
  { key, userId, promotionId, proposalId, reason }: Rejection,
): Promise<Outcome> {
  const actor = { workspaceId: listening.workspace.id, userId, via: 'slack' } as const;
  try {
    if (key !== null && !(await listening.handledRequests.firstTime(key))) return { answer: null, wentWrong: false };
    await listening.ensureKnown(userId);
    if (proposalId !== undefined) {
      const decided = await listening.useCases.rejectSettings({ actor, proposalId, reason });
      return { answer: { text: decidedWords('reject', decided) }, wentWrong: false };
    }
    const decision = await listening.useCases.rejectPromotion({ actor, choice: { promotionId }, reason });
    return { answer: decisionAnswer('reject', decision, 'click'), wentWrong: false };
  } catch (error) {
    return { answer: answerToError(listening, error, { what: 'reject form', user: userId }), wentWrong: true };
  }
}

function inTime(): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), WORKING_NOTICE_AFTER_MS).unref());
}

function readdressed({ channelId, responseUrl }: z.infer<typeof rejectMetadata>['to']) {
  return { ...(channelId !== undefined && { channelId }), ...(responseUrl !== undefined && { responseUrl }) };
}
