import { z } from 'zod';
import type { SlackContext } from '../slack-context.ts';
import { slackProfile, slackUser } from './slack-profile.ts';

const envelope = z.object({ event_id: z.string(), event: z.object({ user: z.unknown() }) });

const info = z.object({ user: slackUser });
type Heard = Pick<SlackContext, 'useCases' | 'workspace' | 'log' | 'web'>;

/**
 * Records what Slack says of a person who changed or joined: somebody made a guest or deactivated loses their say at once.
 * An event may come late, after a newer one: so it only says of whom, and Slack is asked what is true now.
 */
export function makeEventListeners({ useCases, workspace, log, web }: Heard) {
  const present = async (told: z.infer<typeof slackUser>) =>
    web.users.info({ user: told.id }).then(
      (answer) => info.parse(answer).user,
      () => told,
    );
  const record = async (body: unknown): Promise<void> => {
    try {
      const { event } = envelope.parse(body);
      const profile = slackProfile(await present(slackUser.parse(event.user)), workspace.id);
      await useCases.recordProfiles({ workspaceId: workspace.id, profiles: [profile] });
    } catch (error) {
      // Acknowledged already: nobody repeats it. The person is looked up again when they act.
      log.error({ err: error }, 'What Slack said of a person could not be recorded');
    }
  };
  return { user_change: record, team_join: record };
}
