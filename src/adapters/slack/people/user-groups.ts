import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { PeopleDirectory } from '../../../use-cases/ports/directory.ts';
import { slackFailure } from '../slack-failure.ts';

const members = z.object({ users: z.array(z.string()) });

/**
 * Who is in Slack's user groups, as rules of approval name them. Rejects where Slack does not say, or the app may not ask
 * (`usergroups:read`); the operator reads why.
 *
 * @param web a client of little patience: somebody waits
 */
export function makeUserGroups(web: WebClient, log: Pick<Logger, 'warn'>): PeopleDirectory {
  return {
    async membersOf(usergroup) {
      try {
        return members.parse(await web.usergroups.users.list({ usergroup })).users;
      } catch (error) {
        log.warn({ usergroup, failure: slackFailure(error) }, 'Slack did not say who is in a user group');
        throw error;
      }
    },
  };
}
