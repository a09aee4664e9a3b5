import { SandboxRefusal } from '../sandbox-refusal.ts';
import type { Person } from '../state/directory.ts';
import type { SlackState } from '../state/slack-state.ts';

/** Slack's old verification token, which every payload still carries and nobody should trust. */
export const VERIFICATION_TOKEN = 'towpath-stand-in-verification-token';

/** The person acting, or a refusal: deactivated people and apps do not sit at a page. */
export function actingPerson(state: SlackState, id: string): Person {
  const person = state.directory.people.get(id);
  if (!person || person.isBot) throw new SandboxRefusal(`Nobody in this workspace has the id ${id}.`, 404);
  if (person.deleted)
    throw new SandboxRefusal(`${person.realName} is deactivated and cannot do anything in Slack.`, 403);
  return person;
}

/** Fields that every interaction carries. */
export function interactionBase(state: SlackState, person: Person): Record<string, unknown> {
  const { team, bot } = state.settings;
  return {
    team: { id: team.id, domain: team.domain },
    user: { id: person.id, username: person.name, name: person.name, team_id: person.teamId },
    api_app_id: bot.appId,
    token: VERIFICATION_TOKEN,
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** What Slack calls a conversation in commands and interactions. */
export function conversationName(state: SlackState, id: string): string {
  const channel = state.directory.channels.get(id);
  if (!channel) return 'directmessage';
  return channel.isPrivate ? 'privategroup' : channel.name;
}

export function responseUrl(state: SlackState, id: string): string {
  return `${state.url}/response/${state.settings.team.id}/${id}`;
}
