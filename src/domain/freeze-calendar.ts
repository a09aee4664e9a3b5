import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';

/*
 * Windows that come again by RFC 5545. Rules are followed on a calendar without a zone, and each beginning is then read in the
 * rule's time zone: what begins at an hour that the zone skips begins as many minutes later, and what begins at one that comes
 * twice begins the first time. Followed in the zone itself, a day whose hour is skipped would have no window at all.
 */

/** When nothing may go live, or when alone something may. */
export interface FreezeRule {
  /** `FREQ=WEEKLY;BYDAY=FR;BYHOUR=16`, of days and hours in `timeZone`. Times left out are midnight. */
  rrule: string;
  timeZone: string;
  /** ISO 8601: days are days of the calendar, hours are sixty minutes each. */
  lasts: string;
  kind: 'deny' | 'allow';
  reason: string;
  /** The day, or day and time, from which on it counts. Left out: Monday, 1 January 2024. */
  from?: string;
  /** Windows that allow are alternatives within a layer; of each layer one has to be open. Left out: 0. */
  layer?: number;
}

/** Why nothing goes live now. */
export interface Frozen {
  kind: FreezeRule['kind'];
  reason: string;
  /** When that may be otherwise; null where it never will. */
  until: Date | null;
}

const DEFAULT_FROM = '2024-01-01';
/**
 * A rule that never comes true would be followed for minutes: it is refused after so many steps. One that was taken is followed
 * without this bound, with which each look takes ten times as long.
 */
const FEW_STEPS = { maxIterations: 500, maxCandidateEvaluations: 5_000 };
const HOUR = 60 * 60_000;
/** More than any zone has ever moved its clocks by at once. */
const LARGEST_SHIFT = 3 * HOUR;
/** Beginnings that one look goes through: clocks are moved over that many at most, since none come more often than each minute. */
const MOST_LOOKED_AT = LARGEST_SHIFT / 60_000 + 2;

/** What keeps things from going live at `now`; empty where nothing does. @throws Error where a rule can't be followed */
export function frozenBy(rules: readonly FreezeRule[], now: Date): Frozen[] {
  const denied = rules.flatMap((rule): Frozen[] => {
    const until = rule.kind === 'deny' ? openUntil(rule, now) : null;
    return until === null ? [] : [{ kind: 'deny', reason: rule.reason, until }];
  });
  const layers = new Map<number, FreezeRule[]>();
  for (const rule of rules.filter(({ kind }) => kind === 'allow'))
    layers.set(rule.layer ?? 0, [...(layers.get(rule.layer ?? 0) ?? []), rule]);
  return [...denied, ...[...layers.values()].flatMap((layer) => shutOut(layer, now))];
}

/** None where one of the windows is open. */
function shutOut(layer: readonly FreezeRule[], now: Date): Frozen[] {
  if (layer.some((rule) => openUntil(rule, now) !== null)) return [];
  const next = layer
    .map((rule) => ({ rule, at: nextBeginning(rule, now) }))
    .sort((a, b) => (a.at?.getTime() ?? Infinity) - (b.at?.getTime() ?? Infinity))[0];
  return next === undefined ? [] : [{ kind: 'allow', reason: next.rule.reason, until: next.at }];
}

/** The end of the rule's window that is open at `now`, the latest of several; null: none is. Its end is no part of it. */
function openUntil(rule: FreezeRule, now: Date): Date | null {
  const recurrence = recurrenceOf(rule);
  let latest: Date | null = null;
  let looked = new Date(wallOf(now, rule.timeZone) + movedBy(now, rule.timeZone));
  for (let i = 0, begun = 0; i < MOST_LOOKED_AT && begun < 2; i++) {
    const beginning = recurrence.previous(looked, i === 0);
    if (beginning === null) break;
    looked = new Date(beginning.epochMilliseconds);
    const start = inZone(beginning, rule.timeZone);
    if (start.epochMilliseconds > now.getTime()) continue;
    begun++;
    const end = new Date(start.add(Temporal.Duration.from(rule.lasts)).epochMilliseconds);
    if (end > now && (latest === null || end > latest)) latest = end;
  }
  return latest;
}

/** When the rule's next window opens after `now`; null: none does any more. */
function nextBeginning(rule: FreezeRule, now: Date): Date | null {
  const recurrence = recurrenceOf(rule);
  let looked = new Date(wallOf(now, rule.timeZone) - movedBy(now, rule.timeZone));
  for (let i = 0; i < MOST_LOOKED_AT; i++) {
    const beginning = recurrence.next(looked, i === 0);
    if (beginning === null) return null;
    looked = new Date(beginning.epochMilliseconds);
    const start = inZone(beginning, rule.timeZone).epochMilliseconds;
    if (start > now.getTime()) return new Date(start);
  }
  return null;
}

/** What clocks in the zone show, as if it were UTC. */
function wallOf(at: Date, timeZone: string): number {
  const shown = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone).toPlainDateTime();
  return shown.toZonedDateTime('UTC').epochMilliseconds;
}

/**
 * By how much clocks were moved shortly before, in milliseconds: so far, what they show may be in another order than what was. At
 * all other times, a beginning that they show later is yet to come.
 */
function movedBy(now: Date, timeZone: string): number {
  const before = new Date(now.getTime() - LARGEST_SHIFT);
  return Math.abs(wallOf(now, timeZone) - wallOf(before, timeZone) - LARGEST_SHIFT);
}

function inZone(shown: Temporal.ZonedDateTime, timeZone: string): Temporal.ZonedDateTime {
  return shown.toPlainDateTime().toZonedDateTime(timeZone, { disambiguation: 'compatible' });
}

function recurrenceOf(
  { rrule, timeZone, from = DEFAULT_FROM }: FreezeRule,
  bounds: Partial<typeof FEW_STEPS> = {},
): RRuleTemporal<Temporal.ZonedDateTime> {
  return new RRuleTemporal({
    rruleString: `RRULE:${withoutZone(rrule, timeZone)}`,
    dtstart: Temporal.PlainDateTime.from(from).toZonedDateTime('UTC'),
    tzid: 'UTC',
    temporal: Temporal,
    cache: false,
    ...bounds,
  });
}

/** The rule with its last moment as clocks in the zone show it; a last day is meant to its end. */
function withoutZone(rrule: string, timeZone: string): string {
  return partsOf(rrule)
    .map(([name, value]) => {
      if (name !== 'UNTIL') return `${name}=${value}`;
      if (/^\d{8}$/.test(value)) return `UNTIL=${value}T235959Z`;
      if (!value.endsWith('Z')) return `UNTIL=${value}Z`;
      const iso = value.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
      const shown = new Date(wallOf(new Date(iso), timeZone)).toISOString();
      return `UNTIL=${shown.slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
    })
    .join(';');
}

function partsOf(rrule: string): [name: string, value: string][] {
  const parts = rrule
    .trim()
    .replace(/^RRULE:/i, '')
    .split(';');
  return parts.map((part) => {
    const at = part.indexOf('=');
    return [part.slice(0, at).toUpperCase(), part.slice(at + 1).toUpperCase()];
  });
}

const WEEKDAYS = /^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)(,([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU))*$/;
/** What each part may be. Others are refused: the ones that a library reads past would freeze nothing. */
const PARTS: Readonly<Record<string, (value: string) => boolean>> = {
  FREQ: (value) => ['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY'].includes(value),
  INTERVAL: (value) => numbersWithin(value, 1, 1_000) && !value.includes(','),
  COUNT: (value) => numbersWithin(value, 1, 400) && !value.includes(','),
  UNTIL: (value) => /^\d{8}(T\d{6}Z?)?$/.test(value) && !Number.isNaN(Date.parse(dashed(value))),
  BYMONTH: (value) => numbersWithin(value, 1, 12),
  BYMONTHDAY: (value) => numbersWithin(value, 1, 31, true),
  BYYEARDAY: (value) => numbersWithin(value, 1, 366, true),
  BYWEEKNO: (value) => numbersWithin(value, 1, 53, true),
  BYSETPOS: (value) => numbersWithin(value, 1, 366, true),
  BYHOUR: (value) => numbersWithin(value, 0, 23),
  BYMINUTE: (value) => numbersWithin(value, 0, 59),
  BYDAY: (value) => WEEKDAYS.test(value),
  WKST: (value) => /^(MO|TU|WE|TH|FR|SA|SU)$/.test(value),
};

function dashed(until: string): string {
  return until.slice(0, 8).replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
}

/** `1,2,-3`. */
function numbersWithin(value: string, least: number, most: number, orFromTheEnd = false): boolean {
  return value.split(',').every((one) => {
    if (!/^[+-]?\d{1,4}$/.test(one) || (one.startsWith('-') && !orFromTheEnd)) return false;
    return Math.abs(Number(one)) >= least && Math.abs(Number(one)) <= most;
  });
}

/** What is wrong with a rule, and which field of it; null: it can be followed. */
export function freezeRuleProblem(rule: FreezeRule): { field: keyof FreezeRule; message: string } | null {
  if (!isTimeZone(rule.timeZone))
    return { field: 'timeZone', message: 'is no time zone; write one such as Europe/Berlin or UTC' };
  const parts = partsOf(rule.rrule);
  const wrong = parts.find(([name, value]) => !(Object.hasOwn(PARTS, name) && PARTS[name]?.(value)));
  if (wrong !== undefined) {
    const shown = wrong[0] === '' ? 'it' : wrong[0].slice(0, 20);
    return { field: 'rrule', message: `can't be read: ${shown} is not as RFC 5545 has it, or is not taken here` };
  }
  if (new Set(parts.map(([name]) => name)).size < parts.length)
    return { field: 'rrule', message: 'names a part twice' };
  if (rule.from === undefined && parts.some(([name]) => name === 'COUNT'))
    return { field: 'rrule', message: 'has a COUNT; say in `from` which day it is counted from' };
  return canBeFollowed(rule) ? null : { field: 'rrule', message: 'never comes true; look at its parts again' };
}

function canBeFollowed(rule: FreezeRule): boolean {
  try {
    const anchor = Temporal.PlainDateTime.from(rule.from ?? DEFAULT_FROM).toZonedDateTime('UTC');
    return recurrenceOf(rule, FEW_STEPS).next(new Date(anchor.epochMilliseconds), true) !== null;
  } catch {
    return false;
  }
}

/** Whether it is the name of a time zone. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
  } catch {
    return false;
  }
}
