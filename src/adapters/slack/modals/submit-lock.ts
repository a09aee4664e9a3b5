import { z } from 'zod';
import { parsePeriod } from '../../../domain/schedule.ts';
import { answerToError, WORKING_NOTICE_AFTER_MS } from '../answers/answering.ts';
import { sendPrivately } from '../answers/send-privately.ts';
import type { Listening } from '../listen.ts';
import { requestKey, type SlackSubmission } from '../requests.ts';
import { inPlainWords } from './in-plain-words.ts';
import { LOCK_LASTS, LOCK_REASON, lockMetadata } from './lock-form.ts';
import type { SubmissionAck } from './submission-listener.ts';

const text = z.object({ value: z.string().nullish() });
const values = z.object({
  [LOCK_REASON]: z.object({ [LOCK_REASON]: text }),
  [LOCK_LASTS]: z.object({ [LOCK_LASTS]: text }).optional(),
});

interface Asked {
  key: string | null;
  userId: string;
  promotionId: string;
  reason: string;
  /** Milliseconds; null: until somebody unlocks. */
  lasts: number | null;
}

/**
 * Locks as the form says. What is wrong stands below its field; a refusal that takes longer than Slack waits follows privately. The card
 * shows the lock by itself.
 */
export async function submitLock(
  listening: Listening,
  { user, trigger_id, view }: SlackSubmission,
  ack: SubmissionAck,
): Promise<void> {
  const typed = values.safeParse(view.state?.values).data;
  const reason = typed?.[LOCK_REASON][LOCK_REASON].value?.trim() ?? '';
  if (reason === '') return ack({ response_action: 'errors', errors: { [LOCK_REASON]: 'Write why, in a few words.' } });
  const length = typed?.[LOCK_LASTS]?.[LOCK_LASTS].value?.trim() ?? '';
  const lasts = length === '' ? null : parsePeriod(length);
  if (length !== '' && lasts === null)
    return ack({
      response_action: 'errors',
      errors: { [LOCK_LASTS]: 'Write a length of time such as 2h, 90m or 1d 12h.' },
    });
  const { promotionId, to } = lockMetadata.parse(JSON.parse(view.private_metadata));
  const key = requestKey('submission', { trigger_id, view });
  const work = lock(listening, { key, userId: user.id, promotionId, reason, lasts });
  const quick = await Promise.race([work, inTime()]);
  if (typeof quick === 'string')
    return ack({ response_action: 'errors', errors: { [LOCK_REASON]: await inPlainWords(listening, quick) } });
  await ack();
  const late = quick === undefined ? await work : null;
  if (late === null) return;
  const { channelId, responseUrl } = to;
  const addressee = {
    ...(channelId !== undefined && { channelId }),
    ...(responseUrl !== undefined && { responseUrl }),
  };
  await sendPrivately(listening, { ...addressee, userId: user.id }, { text: late });
}

/** What went wrong, in mrkdwn; null for nothing. */
async function lock(listening: Listening, { key, userId, promotionId, reason, lasts }: Asked): Promise<string | null> {
  const actor = { workspaceId: listening.workspace.id, userId, via: 'slack' } as const;
  try {
    if (key !== null && !(await listening.handledRequests.firstTime(key))) return null;
    await listening.ensureKnown(userId);
    await listening.useCases.lock({ actor, promotionId, reason, ...(lasts !== null && { until: { in: lasts } }) });
    return null;
  } catch (error) {
    return answerToError(listening, error, { what: 'lock form', user: userId }).text;
  }
}

function inTime(): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), WORKING_NOTICE_AFTER_MS).unref());
}
