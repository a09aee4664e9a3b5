import { z } from 'zod';
import type { SlackContext } from '../slack-context.ts';
import { slackProfile, slackUser } from './slack-profile.ts';

const envelope = z.object({ event_id: z.string(), event: z.object({ user: z.unknown() }) });

/**
 * Records what Slack says of a person who changed or joined: somebody made a guest or deactivated loses their say at once.
 * The newest account is in the event itself, so a repeat of it is harmless.
 */
export function makeEventListeners({ useCases, workspace, log }: Pick<SlackContext, 'useCases' | 'workspace' | 'log'>) {
  const record = async (body: unknown): Promise<void> => {
    try {
      const { event } = envelope.parse(body);
      const profile = slackProfile(slackUser.parse(event.user), workspace.id);
      await useCases.recordProfiles({ workspaceId: workspace.id, profiles: [profile] });
    } catch (error) {
      // Acknowledged already: nobody repeats it. The person is looked up again when they act.
      log.error({ err: error }, 'What Slack said of a person could not be recorded');
    }
  };
  return { user_change: record, team_join: record };
}
