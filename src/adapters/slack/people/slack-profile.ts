import { z } from 'zod';
import { isTimeZone } from '../../../domain/freeze-calendar.ts';
import type { SlackStanding } from '../../../domain/person.ts';
import type { SlackProfile } from '../../../use-cases/ports.ts';

/** What is read of a Slack user object (users.info, users.list, user_change, team_join). Everything but the id may be missing. */
export const slackUser = z.object({
  id: z.string().regex(/^[UW][A-Z0-9]+$/),
  team_id: z.string().optional(),
  name: z.string().optional(),
  real_name: z.string().nullish(),
  tz: z.string().nullish(),
  deleted: z.boolean().optional(),
  is_bot: z.boolean().optional(),
  is_stranger: z.boolean().optional(),
  is_restricted: z.boolean().optional(),
  is_ultra_restricted: z.boolean().optional(),
  is_admin: z.boolean().optional(),
  is_owner: z.boolean().optional(),
  is_primary_owner: z.boolean().optional(),
  profile: z.object({ display_name: z.string().optional(), real_name: z.string().nullish() }).optional(),
  enterprise_user: z.object({ teams: z.array(z.string()).optional() }).optional(),
});
export type SlackUser = z.infer<typeof slackUser>;

const NAME_MAX = 200;
/** Slack's own account, which no `is_bot` marks. */
const SLACKBOT = 'USLACKBOT';

/** What Towpath keeps of a Slack user. */
export function slackProfile(user: SlackUser, workspaceId: string): SlackProfile {
  return {
    userId: user.id,
    name: nameOf(user),
    standing: standingOf(user, workspaceId),
    slackAdmin: user.is_admin === true || user.is_owner === true || user.is_primary_owner === true,
    ...timeZoneOf(user),
  };
}

/** What no calendar knows is as good as not said. */
function timeZoneOf({ tz }: SlackUser): { timeZone?: string } {
  return tz != null && isTimeZone(tz) ? { timeZone: tz } : {};
}

function standingOf(user: SlackUser, workspaceId: string): SlackStanding {
  if (user.deleted) return 'deactivated';
  if (user.is_bot || user.id === SLACKBOT) return 'bot';
  if (isForeign(user, workspaceId)) return 'foreign';
  return user.is_restricted || user.is_ultra_restricted ? 'guest' : 'member';
}

/** In an organisation of several workspaces a person's own team may be another one; then the list of theirs counts. */
function isForeign(user: SlackUser, workspaceId: string): boolean {
  if (user.is_stranger) return true;
  if (user.enterprise_user?.teams?.includes(workspaceId)) return false;
  return user.team_id !== undefined && user.team_id !== workspaceId;
}

function nameOf(user: SlackUser): string {
  const names = [user.profile?.display_name, user.real_name, user.profile?.real_name, user.name];
  return (names.find((name) => name !== undefined && name !== null && name.trim() !== '') ?? user.id)
    .slice(0, NAME_MAX)
    .toWellFormed();
}
