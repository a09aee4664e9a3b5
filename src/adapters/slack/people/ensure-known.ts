import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { Refusal } from '../../../domain/refusal.ts';
import type { SlackContext } from '../slack-context.ts';
import { slackFailure } from '../slack-failure.ts';
import { slackProfile, slackUser } from './slack-profile.ts';

/** Makes sure that what is known of a person is no older than ten minutes. */
export type EnsureKnown = (userId: string) => Promise<void>;

const FRESH_FOR_MS = 10 * 60_000;
const info = z.object({ user: slackUser });

/**
 * Asks Slack about a person who was never seen or not for ten minutes. Where Slack does not answer, what is known goes on
 * counting; about somebody never seen nothing is known, so they are refused. @throws Refusal unavailable
 *
 * @param web a client of little patience: somebody waits
 */
export function makeEnsureKnown(
  { useCases, ports, workspace, log }: Omit<SlackContext, 'web'>,
  web: WebClient,
): EnsureKnown {
  return async (userId) => {
    const refreshedAt = await ports.glance(workspace.id, (tx) => tx.people.refreshedAt(userId));
    if (refreshedAt !== null && Date.now() - refreshedAt.getTime() < FRESH_FOR_MS) return;
    const user = await web.users.info({ user: userId }).then(
      (answer) => info.parse(answer).user,
      (error: unknown) => {
        const failure = slackFailure(error);
        if (failure === null) throw error;
        log.warn({ user: userId, failure, known: refreshedAt !== null }, 'Slack did not say who a person is');
        return null;
      },
    );
    if (user !== null)
      return useCases.recordProfiles({ workspaceId: workspace.id, profiles: [slackProfile(user, workspace.id)] });
    if (refreshedAt === null)
      throw new Refusal(
        'unavailable',
        `Slack could not say who <@${userId}> is, so nothing was done. Try again in a minute.`,
      );
  };
}
