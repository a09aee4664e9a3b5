import { z } from 'zod';
import { lookUp } from '../../../domain/look-up.ts';
import type { Person } from '../state/directory.ts';
import type { SlackState } from '../state/slack-state.ts';
import { pageOf, paging } from './argument-types.ts';
import { SlackApiError } from './slack-api-error.ts';
import { webApiMethod } from './web-api-method.ts';

const authTest = webApiMethod('auth.test', { tier: 'none', args: z.object({}) }, (state) => {
  const { bot, team } = state.settings;
  return {
    url: `${state.url}/`,
    team: team.name,
    user: bot.name,
    team_id: team.id,
    user_id: bot.userId,
    bot_id: bot.botId,
    is_enterprise_install: false,
  };
});

const usersInfo = webApiMethod(
  'users.info',
  { scope: 'users:read', tier: 'tier4', args: z.object({ user: z.string() }) },
  (state, args) => {
    const person = state.directory.people.get(args.user);
    if (!person) throw new SlackApiError('user_not_found');
    return { user: personJson(state, person) };
  },
);

const usersList = webApiMethod(
  'users.list',
  { scope: 'users:read', tier: 'tier2', args: z.object(paging) },
  (state, args) => {
    const people = [...state.directory.people.values()].filter((person) => person.teamId === state.settings.team.id);
    const { page, nextCursor } = pageOf(people, { limit: args.limit || people.length, cursor: args.cursor });
    return {
      members: page.map((person) => personJson(state, person)),
      cache_ts: Math.floor(state.settings.clock() / 1_000),
      response_metadata: { next_cursor: nextCursor },
    };
  },
);

const userGroupMembers = webApiMethod(
  'usergroups.users.list',
  { scope: 'usergroups:read', tier: 'tier2', args: z.object({ usergroup: z.string() }) },
  (state, args) => {
    const users = lookUp(state.settings.userGroups, args.usergroup);
    if (users === undefined) throw new SlackApiError('no_such_subteam');
    return { users: [...users] };
  },
);

const botsInfo = webApiMethod(
  'bots.info',
  { scope: 'users:read', tier: 'tier3', args: z.object({ bot: z.string().optional() }) },
  (state, args) => {
    const { bot } = state.settings;
    if (args.bot !== undefined && args.bot !== bot.botId) throw new SlackApiError('bot_not_found');
    return {
      bot: {
        id: bot.botId,
        app_id: bot.appId,
        user_id: bot.userId,
        name: bot.name,
        deleted: false,
        updated: 1_700_000_000,
        icons: {},
      },
    };
  },
);

const teamInfo = webApiMethod(
  'team.info',
  { scope: 'team:read', tier: 'tier3', args: z.object({ team: z.string().optional() }) },
  (state, args) => {
    const { team } = state.settings;
    if (args.team !== undefined && args.team !== team.id) throw new SlackApiError('team_not_found');
    return {
      team: {
        id: team.id,
        name: team.name,
        domain: team.domain,
        email_domain: '',
        url: `${state.url}/`,
        icon: { image_default: true },
      },
    };
  },
);

export const userMethods = [authTest, usersInfo, usersList, userGroupMembers, botsInfo, teamInfo];

/** A person as Slack shows them. No e-mail address: that needs a scope of its own. */
export function personJson(state: SlackState, person: Person): Record<string, unknown> {
  const isStranger = person.teamId !== state.settings.team.id;
  return {
    id: person.id,
    team_id: person.teamId,
    name: person.name,
    deleted: person.deleted,
    color: '9f69e7',
    real_name: person.realName,
    tz: person.tz,
    tz_label: person.tz,
    tz_offset: 0,
    profile: {
      title: person.title,
      real_name: person.realName,
      real_name_normalized: person.realName,
      display_name: person.name,
      display_name_normalized: person.name,
      team: person.teamId,
    },
    is_admin: person.isAdmin || person.isOwner,
    is_owner: person.isOwner,
    is_primary_owner: false,
    is_restricted: person.isRestricted,
    is_ultra_restricted: false,
    is_bot: person.isBot,
    is_app_user: false,
    is_email_confirmed: true,
    updated: person.updatedAt,
    ...(isStranger ? { is_stranger: true } : {}),
  };
}
