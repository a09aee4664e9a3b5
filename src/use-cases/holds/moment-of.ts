import { Refusal } from '../../domain/refusal.ts';
import { parseSchedule } from '../../domain/schedule.ts';
import type { When } from './hold-use-cases.ts';

/** Further ahead than this it is a typing error, as where it is typed. */
const FURTHEST = 366 * 24 * 60 * 60_000;

/** The moment that somebody gave, later than now. @throws Refusal invalid_input */
export function momentOf(when: When, now: Date): Date {
  if (!(when instanceof Date) && 'typed' in when) return parseSchedule(when.typed, { now, timeZone: when.timeZone });
  const at = when instanceof Date ? when.getTime() : now.getTime() + when.in;
  if (at > now.getTime() && at - now.getTime() <= FURTHEST) return new Date(at);
  throw new Refusal(
    'invalid_input',
    'That time has passed already, or is more than a year ahead. Give one that is still to come.',
  );
}
