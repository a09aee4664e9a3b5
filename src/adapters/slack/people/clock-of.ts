import type { Actor } from '../../../domain/actor.ts';
import type { Clock } from '../../../domain/schedule.ts';
import type { SlackContext } from '../slack-context.ts';

/**
 * What a time that this person types is read by. Where Slack never said their time zone it is empty, so that `monday 09:00` is refused
 * rather than taken for somebody else's.
 */
export async function clockOf(
  { ports }: Pick<SlackContext, 'ports'>,
  { workspaceId, userId }: Pick<Actor, 'workspaceId' | 'userId'>,
): Promise<Clock> {
  const timeZone = await ports.glance(workspaceId, (tx) => tx.people.timeZone(userId));
  return { now: new Date(), timeZone: timeZone ?? '' };
}
