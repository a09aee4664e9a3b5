import { versionName } from '../../../domain/version.ts';
import type { EnvironmentTag, VersionTag, WorkflowTag } from '../../../use-cases/views.ts';
import { escaped } from './text.ts';

/*
 * The nouns of a sentence in Slack's mrkdwn. Whatever comes from people goes through `escaped`.
 */

const SLACK_USER = /^[UW][A-Z0-9]{1,30}$/;
const SLACK_CHANNEL = /^[CDG][A-Z0-9]{1,30}$/;

/** Who acts where no person does (`Actor.userId`). */
const NOBODY_IN_PARTICULAR: Record<string, string> = {
  api: 'the API',
  clock: 'the clock',
  file: 'the configuration file',
};

/** A mention of a person, or the words for what acted instead. Mentions notify when a message is posted, not when it is updated. */
export function mention(userId: string): string {
  if (SLACK_USER.test(userId)) return `<@${userId}>`;
  return NOBODY_IN_PARTICULAR[userId] ?? escaped(userId, 60);
}

/** Several mentions: `<@U1>, <@U2> and <@U3>`. */
export function mentions(userIds: readonly string[]): string {
  return inWords(userIds.map(mention));
}

/** `a, b and c`. */
export function inWords(words: readonly string[], conjunction = 'and'): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${conjunction} ${last}`;
}

export function channel(channelId: string): string {
  return SLACK_CHANNEL.test(channelId) ? `<#${channelId}>` : escaped(channelId, 60);
}

/** A link to an address that nothing in it can end. @param text already escaped. @throws TypeError where it is no address */
export function link(url: string, text: string): string {
  return `<${new URL(url).href.replace(/[<>|`\s]/g, encodeURIComponent).replaceAll('&', '&amp;')}|${text}>`;
}

/** A moment in the reader's own time zone and words. */
export function moment(at: Date): string {
  const fallback = at.toISOString().slice(0, 16).replace('T', ' ');
  return `<!date^${Math.floor(at.getTime() / 1000)}^{date_short_pretty} {time}|${fallback} UTC>`;
}

/** `v12 (add-urgency-classifier)`. */
export function version(tag: Pick<VersionTag, 'number' | 'label'>): string {
  return escaped(versionName(tag), 90);
}

export function slug(workflow: Pick<WorkflowTag, 'slug'>): string {
  return escaped(workflow.slug, 80);
}

export function environment(tag: Pick<EnvironmentTag, 'name'>): string {
  return escaped(tag.name, 60);
}

/** Something to type, in code style. Backticks would end it, so they go. */
export function typed(command: string): string {
  return `\`${escaped(command.replaceAll('`', "'"), 300)}\``;
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** A length of time in its two largest units: `3 days 4 hours`, `less than a minute`. */
export function duration(milliseconds: number): string {
  const words: string[] = [];
  let left = Math.max(0, milliseconds);
  for (const [unit, length] of UNITS) {
    const count = Math.floor(left / length);
    left -= count * length;
    if (count > 0) words.push(`${count} ${unit}${count === 1 ? '' : 's'}`);
    else if (words.length > 0) break;
    if (words.length === 2) break;
  }
  return words.length === 0 ? 'less than a minute' : words.join(' ');
}
