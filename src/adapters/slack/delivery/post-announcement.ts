import { z } from 'zod';
import type { Announcement } from '../../../use-cases/ports.ts';
import { RetryAt } from '../../../use-cases/retry-at.ts';
import type { SlackMessage } from '../blocks/fit-message.ts';
import { isForTheChannel } from '../blocks/story.ts';
import type { SlackContext } from '../slack-context.ts';
import { type SlackFailure, slackFailure } from '../slack-failure.ts';
import { EVENT_TYPE, findPosted } from './find-posted.ts';
import { giveUp } from './give-up.ts';
import { hashOf } from './hash-of.ts';
import { renderAnnouncement } from './render-announcement.ts';

/** Payload of the job `post-announcement`. */
export const postAnnouncementPayload = z.object({ announcementId: z.string(), workspaceId: z.string() });

type Delivery = Pick<SlackContext, 'useCases' | 'ports' | 'web' | 'workspace' | 'log' | 'diffAddress'>;

/** How long a line of a thread waits for its card. */
const CARD_PAUSE_MS = 1_000;

/**
 * Posts one message, at least once and never twice. `attempted` is committed before Slack is asked; where the outcome is
 * unknown afterwards, the next run searches for the message before it posts again. What Slack refuses for certain is
 * given up or sent another way.
 *
 * @throws RetryAt where Slack asks for patience, or the thread's card is not posted yet
 */
export function makePostAnnouncement(delivery: Delivery): (payload: unknown) => Promise<void> {
  return async (payload) => {
    const { announcementId, workspaceId } = postAnnouncementPayload.parse(payload);
    const announcement = await delivery.ports.glance(workspaceId, (tx) => tx.announcements.get(announcementId));
    if (announcement.state === 'posted' || announcement.state === 'failed') return;
    const thread = await threadOf(delivery, announcement);
    if (thread === 'failed') return giveUp(delivery, announcement, 'its card could not be posted');
    return bring(delivery, announcement, thread);
  };
}

interface Thread {
  channel: string;
  ts: string;
}

async function threadOf(
  { ports }: Delivery,
  { threadOf: cardId, workspaceId }: Announcement,
): Promise<Thread | 'failed' | null> {
  if (cardId === null) return null;
  const card = await ports.glance(workspaceId, (tx) => tx.announcements.get(cardId));
  if (card.state === 'failed') return 'failed';
  if (card.state !== 'posted' || card.channel === null || card.ts === null) {
    throw new RetryAt(new Date(Date.now() + CARD_PAUSE_MS), 'The card of this thread is not posted yet.');
  }
  return { channel: card.channel, ts: card.ts };
}

async function bring(delivery: Delivery, announcement: Announcement, thread: Thread | null): Promise<void> {
  const { ports } = delivery;
  const { id, workspaceId } = announcement;
  const channel = thread?.channel ?? (await conversation(delivery, announcement));
  if (channel === null) return;
  const ts = await findEarlier(delivery, announcement, { channel, threadTs: thread?.ts ?? null });
  if (ts !== null) return markPosted(delivery, announcement, { channel, ts, shown: null });
  const message = await renderAnnouncement(delivery, announcement);
  await ports.inTransaction(workspaceId, (tx) => tx.announcements.mark(id, { state: 'attempted' }));
  const posted = await post(delivery, announcement, { channel, ...message, ...(thread && { thread_ts: thread.ts }) });
  if (posted !== null) await markPosted(delivery, announcement, { ...posted, shown: hashOf(message) });
}

/** A card is there before its picture, which comes by an update: nothing that goes wrong with it holds up the card. */
async function markPosted(
  { ports }: Delivery,
  { id, kind, subjectId, workspaceId }: Announcement,
  posted: { channel: string; ts: string; shown: string | null },
): Promise<void> {
  await ports.inTransaction(workspaceId, async (tx) => {
    await tx.announcements.mark(id, { state: 'posted', ...posted });
    if (kind === 'promotion-card') await tx.pictures.ask(subjectId);
  });
}

/** A direct message needs its conversation first: its id is what is searched and updated later. Null: given up. */
async function conversation(delivery: Delivery, announcement: Announcement): Promise<string | null> {
  const { target } = announcement;
  if (!/^[UW]/.test(target)) return target;
  try {
    return opened.parse(await delivery.web.conversations.open({ users: target })).channel.id;
  } catch (error) {
    const failure = orThrow(error);
    if (failure.kind === 'limited') throw patience(failure);
    await giveUp(delivery, announcement, failure.code);
    return null;
  }
}

/** What an earlier attempt whose outcome is unknown did post. */
async function findEarlier(
  { web }: Delivery,
  { id, state, attemptedAt }: Announcement,
  where: { channel: string; threadTs: string | null },
): Promise<string | null> {
  if (state !== 'attempted' || attemptedAt === null) return null;
  try {
    return await findPosted(web, where, id, attemptedAt);
  } catch (error) {
    const failure = orThrow(error);
    if (failure.kind === 'limited') throw patience(failure);
    // Where the bot may not read it may not post either: Slack will say so to the post itself.
    return null;
  }
}

/** Null where Slack refused for certain and the message was given up. */
async function post(
  delivery: Delivery,
  announcement: Announcement,
  message: SlackMessage & { channel: string; thread_ts?: string },
): Promise<{ channel: string; ts: string } | null> {
  const { web, ports } = delivery;
  const { id, workspaceId } = announcement;
  const metadata = { event_type: EVENT_TYPE, event_payload: { announcement_id: id } };
  const whole = { ...message, metadata, unfurl_links: false, unfurl_media: false };
  try {
    return posted.parse(await web.chat.postMessage(toChannelToo(announcement, whole)));
  } catch (error) {
    const failure = orThrow(error);
    if (failure.kind === 'refused') {
      await giveUp(delivery, announcement, failure.code);
      return null;
    }
    await ports.inTransaction(workspaceId, (tx) => tx.announcements.mark(id, { state: 'waiting' }));
    throw patience(failure);
  }
}

/** A line of a thread that the channel is to see, too. */
function toChannelToo<Message extends { thread_ts?: string }>({ payload }: Announcement, message: Message) {
  const { thread_ts } = message;
  if (thread_ts === undefined || !isForTheChannel(payload)) return message;
  return { ...message, thread_ts, reply_broadcast: true };
}

const opened = z.object({ channel: z.object({ id: z.string() }) });
const posted = z.object({ channel: z.string(), ts: z.string() });

/** What only who runs Towpath can cure, by another token or more scopes: nothing is given up for it. */
const FOR_THE_OPERATOR = new Set([
  'missing_scope',
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'org_login_required',
  'team_access_not_granted',
]);

/** The failure where Slack did nothing for certain. @throws everything else, so that the queue tries again */
function orThrow(error: unknown): Exclude<SlackFailure, { kind: 'unknown' }> {
  const failure = slackFailure(error);
  if (failure === null || failure.kind === 'unknown') throw error;
  if (failure.kind === 'refused' && FOR_THE_OPERATOR.has(failure.code)) throw error;
  return failure;
}

function patience({ retryAfterMs }: { retryAfterMs: number }): RetryAt {
  return new RetryAt(new Date(Date.now() + retryAfterMs), 'Slack asked for patience.');
}
