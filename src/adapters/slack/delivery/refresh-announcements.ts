import { z } from 'zod';
import type { Announcement, AnnouncementKind } from '../../../use-cases/ports.ts';
import { RetryAt } from '../../../use-cases/retry-at.ts';
import type { SlackContext } from '../slack-context.ts';
import { slackFailure } from '../slack-failure.ts';
import { dropCardPicture, findCardPicture } from './card-picture.ts';
import { hashOf } from './hash-of.ts';
import { renderAnnouncement } from './render-announcement.ts';

/** Payload of the job `refresh-announcements`. */
export const refreshAnnouncementsPayload = z.object({ subjectId: z.string(), workspaceId: z.string() });

/** The kinds that show a state; a line of a story stays what it was. */
const CHANGING: readonly AnnouncementKind[] = [
  'promotion-card',
  'deployment-receipt',
  'rollback-receipt',
  'settings-card',
  'suite-run',
];

type Delivery = Pick<SlackContext, 'useCases' | 'ports' | 'web' | 'log' | 'diffAddress'>;

/**
 * Brings every posted message of a promotion, deployment, rollback, proposed change of settings or run of a suite up to what is true now. Repeating it is harmless.
 *
 * @throws RetryAt where Slack asks for patience; what Slack throws where the outcome is unknown
 */
export function makeRefreshAnnouncements(delivery: Delivery): (payload: unknown) => Promise<void> {
  return async (payload) => {
    const { subjectId, workspaceId } = refreshAnnouncementsPayload.parse(payload);
    const all = await delivery.ports.glance(workspaceId, (tx) => tx.announcements.listOf(subjectId, ...CHANGING));
    for (const announcement of all) await refresh(delivery, announcement);
  };
}

async function refresh(delivery: Delivery, announcement: Announcement): Promise<void> {
  const { ports, web, log } = delivery;
  const { channel, ts, id, workspaceId } = announcement;
  if (announcement.state !== 'posted' || channel === null || ts === null) return;
  const message = await renderAnnouncement(delivery, announcement, findCardPicture(delivery, workspaceId));
  const shown = hashOf(message);
  // Several acts may ask for the same update; Slack takes about fifty a minute.
  if (shown === announcement.shown) return;
  try {
    await web.chat.update({ channel, ts, ...message });
    await ports.inTransaction(workspaceId, (tx) => tx.announcements.mark(id, { state: 'posted', channel, ts, shown }));
  } catch (error) {
    const failure = slackFailure(error);
    if (failure === null || failure.kind === 'unknown') throw error;
    if (failure.kind === 'limited')
      throw new RetryAt(new Date(Date.now() + failure.retryAfterMs), 'Slack asked for patience.');
    const hasPicture = message.blocks.some(({ type }) => type === 'image');
    if (hasPicture && failure.code === 'invalid_blocks') {
      log.warn({ announcement: id }, 'Slack does not show a picture any more; its card does without');
      await dropCardPicture(delivery, workspaceId, announcement.subjectId, failure.code);
      return refresh(delivery, announcement);
    }
    // Deleted by somebody, or out of the bot's reach: nothing that trying again would change.
    log.warn({ announcement: id, channel, ts, why: failure.code }, 'A posted message could not be brought up to date');
  }
}
