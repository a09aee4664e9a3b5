import { randomBytes } from 'node:crypto';
import { RefusedError } from '../../../domain/refused-error.ts';
import type { EnsureKnown } from '../people/ensure-known.ts';
import type { SlackContext } from '../slack-context.ts';
import { slackFailure } from '../slack-failure.ts';
import type { Answer } from './answer.ts';
import { bugAnswer, refusalAnswer, SLACK_FAILED } from './refusal-answer.ts';
import { type Addressee, sendPrivately } from './send-privately.ts';

/** One request of a person, acknowledged already. */
export interface PersonRequest {
  /** What Slack's repeats and replays share; null where repeating is harmless. */
  key: string | null;
  /** For the log: `/promote`, `approve_promotion`. */
  what: string;
  to: Addressee;
  /** Called with every refusal: what was clicked may show an earlier state. */
  whenRefused?: (refused: RefusedError) => Promise<void>;
}

export type AnswerPerson = (request: PersonRequest, work: () => Promise<Answer | null>) => Promise<void>;

/** When somebody who waits is told that it goes on. */
export const WORKING_NOTICE_AFTER_MS = 1_500;
const WORKING: Answer = { text: 'Working on it…' };
const DONE: Answer = { text: 'Done.' };

/**
 * Runs the work of a request and tells the person how it went, whatever happens: the answer, a refusal's sentence, or that
 * something broke. Does nothing for a repeat. Never throws.
 */
export function makeAnswerPerson(
  context: Pick<SlackContext, 'web' | 'log' | 'handledRequests'>,
  ensureKnown: EnsureKnown,
  noticeAfterMs = WORKING_NOTICE_AFTER_MS,
): AnswerPerson {
  return async (request, work) => {
    const notice = startNotice(() => sendPrivately(context, request.to, WORKING), noticeAfterMs);
    const answer = await settle(context, request, async () => {
      const known = ensureKnown(request.to.userId);
      // Waited for below; a repeat does not care how it ended.
      known.catch(() => undefined);
      if (request.key !== null && !(await context.handledRequests.firstTime(request.key))) return null;
      await known;
      return work();
    });
    const wasSlow = await notice.end();
    const shown = answer ?? (wasSlow ? DONE : null);
    if (shown !== null) await sendPrivately(context, request.to, shown);
  };
}

async function settle(
  context: Pick<SlackContext, 'log'>,
  request: PersonRequest,
  work: () => Promise<Answer | null>,
): Promise<Answer | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RefusedError) {
      await request
        .whenRefused?.(error)
        .catch((failure: unknown) =>
          context.log.warn({ err: failure }, 'A refused click could not refresh what it was made on'),
        );
    }
    return answerToError(context, error, { what: request.what, user: request.to.userId });
  }
}

/** The words for anything thrown: a refusal's own, or a reference to the log. */
export function answerToError(
  { log }: Pick<SlackContext, 'log'>,
  error: unknown,
  about: Record<string, unknown>,
): Answer {
  if (error instanceof RefusedError) return refusalAnswer(error);
  const failure = slackFailure(error);
  if (failure !== null) {
    log.warn({ ...about, failure }, 'Slack did not do what a request needed');
    return SLACK_FAILED;
  }
  const reference = randomBytes(3).toString('hex');
  log.error({ ...about, err: error, reference }, 'A request from Slack failed');
  return bugAnswer(reference);
}

function startNotice(say: () => Promise<void>, afterMs: number): { end(): Promise<boolean> } {
  let said: Promise<void> | null = null;
  const timer = setTimeout(() => {
    said = say();
  }, afterMs);
  return {
    async end() {
      clearTimeout(timer);
      await said;
      return said !== null;
    },
  };
}
