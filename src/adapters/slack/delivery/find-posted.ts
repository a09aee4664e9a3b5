import type { WebClient } from '@slack/web-api';
import { z } from 'zod';

/** The metadata that ties a message to its announcement. */
export const EVENT_TYPE = 'towpath_announcement';

/** How far before the attempt is searched: the two clocks, the database's and Slack's, may differ. */
const MARGIN_S = 30;
const PAGE = 200;
const PAGES = 10;

const page = z.object({
  messages: z
    .array(
      z.object({
        ts: z.string(),
        metadata: z
          .object({
            event_type: z.string(),
            event_payload: z.object({ announcement_id: z.string() }).partial().optional(),
          })
          .partial()
          .optional(),
      }),
    )
    .optional(),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

/**
 * Looks for a message that an earlier attempt may have posted. Null when it is not there.
 *
 * @param threadTs searches the thread's replies instead of the channel
 * @throws what Slack answers
 */
export async function findPosted(
  web: WebClient,
  where: { channel: string; threadTs: string | null },
  announcementId: string,
  attemptedAt: Date,
): Promise<string | null> {
  const oldest = `${Math.floor(attemptedAt.getTime() / 1_000) - MARGIN_S}.000000`;
  let cursor: string | undefined;
  for (let nth = 0; nth < PAGES; nth += 1) {
    const options = {
      channel: where.channel,
      oldest,
      include_all_metadata: true,
      limit: PAGE,
      ...(cursor !== undefined && { cursor }),
    };
    const answer =
      where.threadTs === null
        ? await web.conversations.history(options)
        : await web.conversations.replies({ ...options, ts: where.threadTs });
    const { messages, response_metadata } = page.parse(answer);
    const found = messages?.find(
      ({ metadata }) =>
        metadata?.event_type === EVENT_TYPE && metadata.event_payload?.announcement_id === announcementId,
    );
    if (found !== undefined) return found.ts;
    cursor = response_metadata?.next_cursor;
    if (cursor === undefined || cursor === '') return null;
  }
  return null;
}
