import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { SlackContext } from '../slack-context.ts';
import { slackFailure } from '../slack-failure.ts';
import { slackProfile, slackUser } from './slack-profile.ts';

const PAGE = 200;
const MOST_PAGES = 50;
const MOST_PAUSES = 10;
const LONGEST_PAUSE_MS = 60_000;

const page = z.object({
  members: z.array(z.unknown()).default([]),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

/**
 * Reads the accounts of the workspace, so that cards can name who may approve before those people ever acted. At most
 * 10,000; pauses where Slack asks for it. @throws what Slack answers otherwise
 */
export function makeSyncPeople({
  web,
  workspace,
  useCases,
  log,
}: Pick<SlackContext, 'web' | 'workspace' | 'useCases' | 'log'>): () => Promise<void> {
  return async () => {
    let cursor: string | undefined;
    let pauses = 0;
    let count = 0;
    for (let nth = 0; nth < MOST_PAGES; ) {
      try {
        const answer = page.parse(await web.users.list({ limit: PAGE, ...(cursor !== undefined && { cursor }) }));
        const profiles = answer.members.flatMap((member) => profileOf(member, workspace.id));
        if (profiles.length > 0) await useCases.recordProfiles({ workspaceId: workspace.id, profiles });
        count += profiles.length;
        nth += 1;
        cursor = answer.response_metadata?.next_cursor;
      } catch (error) {
        const failure = slackFailure(error);
        if (failure?.kind !== 'limited' || pauses >= MOST_PAUSES) throw error;
        pauses += 1;
        await pause(Math.min(failure.retryAfterMs, LONGEST_PAUSE_MS), undefined, { ref: false });
        continue;
      }
      if (cursor === undefined || cursor === '') break;
    }
    log.info({ people: count }, 'Read the people of the workspace from Slack');
  };
}

/** None for an account that is not readable: one odd row must not keep everybody else unknown. */
function profileOf(member: unknown, workspaceId: string) {
  const user = slackUser.safeParse(member);
  return user.success ? [slackProfile(user.data, workspaceId)] : [];
}
