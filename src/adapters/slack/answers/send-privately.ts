import { z } from 'zod';
import { cut } from '../blocks/text.ts';
import type { SlackContext } from '../slack-context.ts';
import { slackFailure } from '../slack-failure.ts';
import type { Answer } from './answer.ts';

/** Where a private answer can be brought. */
export interface Addressee {
  userId: string;
  /** Where it was typed or clicked; absent for what happened in App Home or a modal. */
  channelId?: string;
  /** Good for five answers within half an hour. */
  responseUrl?: string;
  /** The message clicked was private itself, so that an answer may replace it. */
  isPrivate?: boolean;
}

const TIMEOUT_MS = 10_000;
const refused = z.object({ ok: z.literal(false), error: z.string().optional() });

/**
 * Tells one person something: by the response url, else as a private message in the channel, else as a direct message.
 * Goes on to the next way only where the last one did nothing for certain: an answer may be lost, never repeated.
 * Never throws; what could not be told is logged.
 */
export async function sendPrivately(
  { web, log }: Pick<SlackContext, 'web' | 'log'>,
  to: Addressee,
  answer: Answer,
): Promise<void> {
  const message = { text: cut(answer.text, 3_000), ...(answer.blocks && { blocks: answer.blocks }) };
  const ways = [
    () => byResponseUrl(to, answer, message),
    () => byEphemeral(web, to, message),
    () => byDirectMessage(web, to, message),
  ];
  for (const way of ways) {
    const outcome = await way().catch((error: unknown) => failed(error));
    if (outcome === 'told') return;
    if (outcome !== 'not-told')
      return log.warn({ user: to.userId, why: outcome.why }, 'An answer to a person may be lost');
  }
  log.warn({ user: to.userId }, 'An answer reached its person by no way');
}

type Outcome = 'told' | 'not-told' | { why: string };
type Message = Pick<Answer, 'text' | 'blocks'>;

function failed(error: unknown): Outcome {
  const failure = slackFailure(error);
  if (failure === null) return { why: error instanceof Error ? error.message : String(error) };
  return failure.kind === 'unknown' ? { why: failure.why } : 'not-told';
}

async function byResponseUrl(
  { responseUrl, isPrivate }: Addressee,
  { replaces }: Answer,
  message: Message,
): Promise<Outcome> {
  if (responseUrl === undefined) return 'not-told';
  // Without `replace_original: false` Slack would put the answer in place of the card that everybody reads.
  const body = { ...message, response_type: 'ephemeral', replace_original: isPrivate === true && replaces === true };
  const response = await fetch(responseUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await response.text();
  if (response.status >= 500) return { why: `response url: HTTP ${response.status}` };
  return response.ok && !refused.safeParse(readJson(text)).success ? 'told' : 'not-told';
}

async function byEphemeral(
  web: SlackContext['web'],
  { channelId, userId }: Addressee,
  message: Message,
): Promise<Outcome> {
  if (channelId === undefined) return 'not-told';
  await web.chat.postEphemeral({ channel: channelId, user: userId, ...message });
  return 'told';
}

async function byDirectMessage(web: SlackContext['web'], { userId }: Addressee, message: Message): Promise<Outcome> {
  const opened = await web.conversations.open({ users: userId });
  const channel = opened.channel?.id;
  if (channel === undefined) return 'not-told';
  await web.chat.postMessage({ channel, ...message });
  return 'told';
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
