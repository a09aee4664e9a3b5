import { Temporal } from 'temporal-polyfill';
import { Refusal } from './refusal.ts';

/*
 * Times as people type them, such as `monday 09:00`, in their own time zone. A time that the zone skips, when clocks go forward, is
 * as many minutes later (02:30 becomes 03:30); one that comes twice, when they go back, is the first of the two. Both as RFC 5545
 * has it, and as calendars do.
 */

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const UNITS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 60 * 60_000,
  d: 24 * 60 * 60_000,
  w: 7 * 24 * 60 * 60_000,
};
/** Further ahead than this it is a typing error. */
const FURTHEST = 366 * 24 * 60 * 60_000;
const LONGEST = 60;
const EXAMPLES = '`monday 09:00`, `tomorrow 14:30`, `2026-12-01 09:00` or `in 2h`';

/** Whose time is meant, and what it is counted from. */
export interface Clock {
  now: Date;
  /** Such as `Europe/Berlin`, as Slack says it of a person. */
  timeZone: string;
}

/**
 * The moment that somebody typed: `today 17:00`, `tomorrow 9am`, `monday 09:00` (today, where that is still to come), `09:00` (the
 * next time that it is), `2026-12-01 09:00`, `2026-12-01T09:00Z`, `in 2h`, `in 1d 12h`. Always later than now.
 *
 * @throws Refusal invalid_input, with examples
 */
export function parseSchedule(typed: string, clock: Clock): Date {
  const { now } = clock;
  const at = readTime(typed, clock);
  if (at === null) throw unreadable(typed);
  if (at <= now)
    throw new Refusal(
      'invalid_input',
      `“${shown(typed)}” has passed already. Type a time that is still to come, such as ${EXAMPLES}.`,
    );
  if (at.getTime() - now.getTime() > FURTHEST)
    throw new Refusal(
      'invalid_input',
      `“${shown(typed)}” is more than a year ahead. Type an earlier time, such as ${EXAMPLES}.`,
    );
  return at;
}

/**
 * The moment that these words say, whether or not it has passed; null where they say none. Tells where a time ends and other words
 * begin. @throws Refusal invalid_input where a time of somebody's own zone is meant, and that is not known
 */
export function readTime(typed: string, { now, timeZone }: Clock): Date | null {
  const text = typed
    .trim()
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/^["“”'‘’]|["“”'‘’]$/g, '')
    .trim();
  if (text === '' || text.length > LONGEST) return null;
  return parseDelay(text, now) ?? parseInstant(text) ?? parseLocal(text, { now, timeZone });
}

/** `2h`, `90m`, `1d 12h`: how long from now, in milliseconds; null where it is none. An hour is always sixty minutes. */
export function parsePeriod(text: string): number | null {
  if (text.length > LONGEST) return null;
  const parts = text
    .trim()
    .toLowerCase()
    .match(/^(\d{1,4} ?(w|weeks?|d|days?|h|hrs?|hours?|m|mins?|minutes?)( |$))+$/);
  if (parts === null) return null;
  const each = [...text.toLowerCase().matchAll(/(\d{1,4}) ?([wdhm])[a-z]*/g)];
  const length = each.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNITS[unit] ?? 0), 0);
  return length > 0 ? length : null;
}

function parseDelay(text: string, now: Date): Date | null {
  const period = text.startsWith('in ') ? parsePeriod(text.slice(3)) : null;
  return period === null ? null : new Date(now.getTime() + period);
}

/** One that says its own offset: `2026-12-01T09:00:00Z`, `2026-12-01 09:00+01:00`. */
function parseInstant(text: string): Date | null {
  if (!/^\d{4}-\d\d-\d\d[t ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?(z|[+-]\d\d:?\d\d)$/.test(text)) return null;
  try {
    return new Date(Temporal.Instant.from(text.toUpperCase().replace(' ', 'T')).epochMilliseconds);
  } catch {
    return null;
  }
}

function parseLocal(text: string, { now, timeZone }: Clock): Date | null {
  const words = /^(?:(?<day>[a-z]{3,9}|\d{4}-\d\d-\d\d)(?:,? at |, ?|[t ]))?(?<time>.*)$/.exec(text)?.groups;
  const time = parseTime(words?.['time'] ?? '');
  if (time === null) return null;
  const here = hereAndNow(now, timeZone);
  const day = words?.['day'];
  const date = day === undefined ? here.toPlainDate() : parseDay(day, here.toPlainDate());
  if (date === null) return null;
  const at = on(date, time, timeZone);
  const isOver = at.epochMilliseconds <= now.getTime();
  if (!isOver) return new Date(at.epochMilliseconds);
  // A weekday or a bare time that is over today is the next one; what names its day is refused.
  if (day === undefined) return new Date(on(date.add({ days: 1 }), time, timeZone).epochMilliseconds);
  if (isWeekday(day)) return new Date(on(date.add({ days: 7 }), time, timeZone).epochMilliseconds);
  return new Date(at.epochMilliseconds);
}

function hereAndNow(now: Date, timeZone: string): Temporal.ZonedDateTime {
  try {
    return Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone);
  } catch {
    throw new Refusal(
      'invalid_input',
      'Your time zone is not known here. Type the time with its offset, such as `2026-12-01T09:00+01:00`, or as `in 2h`.',
    );
  }
}

function on(date: Temporal.PlainDate, time: Temporal.PlainTime, timeZone: string): Temporal.ZonedDateTime {
  return date.toPlainDateTime(time).toZonedDateTime(timeZone, { disambiguation: 'compatible' });
}

function isWeekday(day: string): boolean {
  return weekdayOf(day) !== 0;
}

/** 1 for Monday to 7 for Sunday, by its name or three letters and more of it; 0 for none. */
function weekdayOf(day: string): number {
  return day.length < 3 ? 0 : WEEKDAYS.findIndex((name) => name.startsWith(day)) + 1;
}

function parseDay(day: string, today: Temporal.PlainDate): Temporal.PlainDate | null {
  if (day === 'today') return today;
  if (day === 'tomorrow') return today.add({ days: 1 });
  const weekday = weekdayOf(day);
  if (weekday > 0) return today.add({ days: (weekday - today.dayOfWeek + 7) % 7 });
  if (!/^\d{4}-/.test(day)) return null;
  try {
    return Temporal.PlainDate.from(day);
  } catch {
    return null;
  }
}

/** `09:00`, `9:30`, `9am`, `9:30 pm`, `noon`, `17:00:30`. A number alone is no time. */
function parseTime(text: string): Temporal.PlainTime | null {
  if (text === 'noon') return new Temporal.PlainTime(12);
  const match = /^(\d{1,2})(?::(\d\d))?(?::(\d\d))? ?(am|pm)?$/.exec(text);
  if (match === null) return null;
  const [, hour = '', minute, second = '0', half] = match;
  if (minute === undefined && half === undefined) return null;
  if (half !== undefined && (Number(hour) < 1 || Number(hour) > 12)) return null;
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half === 'pm' ? 12 : 0);
  if (hours > 23 || Number(minute ?? 0) > 59 || Number(second) > 59) return null;
  return new Temporal.PlainTime(hours, Number(minute ?? 0), Number(second));
}

function unreadable(typed: string): Refusal {
  return new Refusal('invalid_input', `“${shown(typed)}” is no time that can be read. Type one such as ${EXAMPLES}.`);
}

function shown(typed: string): string {
  return typed.trim().slice(0, 60).toWellFormed();
}
