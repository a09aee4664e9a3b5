import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FreezeRule, freezeRuleProblem, frozenBy } from '../../../src/domain/freeze-calendar.ts';

const DAY = 24 * 60 * 60_000;
const rule = (but: Partial<FreezeRule> = {}): FreezeRule => ({
  ...{ rrule: 'FREQ=WEEKLY;BYDAY=FR;BYHOUR=16', timeZone: 'Europe/Berlin', lasts: 'P2DT16H' },
  ...{ kind: 'deny', reason: 'Weekend', ...but },
});
const at = (iso: string) => new Date(iso);
const until = (rules: FreezeRule[], iso: string) => frozenBy(rules, at(iso)).map((one) => one.until?.toISOString());

describe('a freeze that comes every week', () => {
  it('begins and ends at its very millisecond', () => {
    expect(until([rule()], '2026-11-20T14:59:59.999Z')).toEqual([]);
    expect(until([rule()], '2026-11-20T15:00:00.000Z')).toEqual(['2026-11-23T07:00:00.000Z']);
    expect(until([rule()], '2026-11-23T06:59:59.999Z')).toEqual(['2026-11-23T07:00:00.000Z']);
    expect(until([rule()], '2026-11-23T07:00:00.000Z')).toEqual([]);
  });

  it('says why, and when it ends', () => {
    expect(frozenBy([rule()], at('2026-11-21T12:00:00Z'))).toEqual([
      { kind: 'deny', reason: 'Weekend', until: at('2026-11-23T07:00:00Z') },
    ]);
  });

  it('keeps the hours that clocks show when they are changed within it', () => {
    // Forward on 29 March, back on 25 October: Friday 16:00 to Monday 08:00 on the clocks, where days are of the calendar.
    expect(until([rule()], '2026-03-28T12:00:00Z')).toEqual(['2026-03-30T06:00:00.000Z']);
    expect(until([rule()], '2026-10-24T12:00:00Z')).toEqual(['2026-10-26T07:00:00.000Z']);
    // Hours are sixty minutes each, whatever clocks do.
    expect(until([rule({ lasts: 'PT64H' })], '2026-03-28T12:00:00Z')).toEqual(['2026-03-30T07:00:00.000Z']);
  });

  it('begins on days whose hour is skipped, and once on days where it comes twice', () => {
    const night = rule({ rrule: 'FREQ=DAILY;BYHOUR=2;BYMINUTE=30', lasts: 'PT15M' });
    expect(until([night], '2026-03-29T01:29:59Z')).toEqual([]);
    expect(until([night], '2026-03-29T01:30:00Z')).toEqual(['2026-03-29T01:45:00.000Z']);
    expect(until([night], '2026-10-25T00:30:00Z')).toEqual(['2026-10-25T00:45:00.000Z']);
    expect(until([night], '2026-10-25T01:30:00Z')).toEqual([]);
  });

  it('is found where clocks show an earlier time than at its beginning, or a later one before it', () => {
    const night = rule({ rrule: 'FREQ=DAILY;BYHOUR=2;BYMINUTE=30', lasts: 'PT2H' });
    // Ten past two for the second time, forty minutes after half past two.
    expect(until([night], '2026-10-25T01:10:00Z')).toEqual(['2026-10-25T02:30:00.000Z']);
    // Ten past three, twenty minutes before the half past two that is skipped.
    expect(until([{ ...night, kind: 'allow' }], '2026-03-29T01:10:00Z')).toEqual(['2026-03-29T01:30:00.000Z']);
  });

  it('is found where it comes every few minutes, whatever is yet to come', () => {
    const often = rule({ rrule: 'FREQ=DAILY;BYHOUR=9,10,11,12,13,14;BYMINUTE=0,10,20,30,40,50', lasts: 'PT10M' });
    expect(until([often], '2026-11-20T09:05:00Z')).toEqual(['2026-11-20T09:10:00.000Z']);
    expect(until([often], '2026-11-20T13:59:59.999Z')).toEqual(['2026-11-20T14:00:00.000Z']);
    expect(until([often], '2026-11-20T14:00:00Z')).toEqual([]);
    const minutes = Array.from({ length: 60 }, (_, minute) => minute).join(',');
    const each = rule({ rrule: `FREQ=HOURLY;BYMINUTE=${minutes}`, lasts: 'PT50S' });
    expect(until([each], '2026-11-20T12:34:20Z')).toEqual(['2026-11-20T12:34:50.000Z']);
    expect(until([{ ...each, kind: 'allow' }], '2026-11-20T12:34:55Z')).toEqual(['2026-11-20T12:35:00.000Z']);
    // The hour that is skipped, and the hour that comes twice: what begins then begins but once.
    expect(until([{ ...each, kind: 'allow' }], '2026-03-29T01:10:55Z')).toEqual(['2026-03-29T01:11:00.000Z']);
    expect(until([{ ...each, kind: 'allow' }], '2026-10-25T01:10:20Z')).toEqual(['2026-10-25T02:00:00.000Z']);
  });

  it('ends with the last moment of its rule, in the time of its zone', () => {
    const last = rule({ rrule: 'FREQ=DAILY;UNTIL=20261120T233000Z', lasts: 'PT1H' });
    expect(until([last], '2026-11-20T23:15:00Z')).toEqual(['2026-11-21T00:00:00.000Z']);
    expect(until([last], '2026-11-21T23:15:00Z')).toEqual([]);
    const day = rule({ rrule: 'FREQ=DAILY;BYHOUR=20;UNTIL=20261120', lasts: 'PT1H' });
    expect(until([day], '2026-11-20T19:15:00Z')).toHaveLength(1);
    expect(until([day], '2026-11-21T19:15:00Z')).toEqual([]);
  });

  it('may be counted from a day', () => {
    const third = rule({ rrule: 'FREQ=WEEKLY;INTERVAL=2;COUNT=3', from: '2026-11-02T09:00', lasts: 'PT1H' });
    const open = ['02', '09', '16', '23', '30'].map((day) => until([third], `2026-11-${day}T08:30:00Z`).length);
    expect(open).toEqual([1, 0, 1, 0, 1]);
    expect(until([third], '2026-12-14T08:30:00Z')).toEqual([]);
  });

  it('lasts as long as its longest window that is open', () => {
    const overlapping = rule({ rrule: 'FREQ=DAILY', lasts: 'P3D', timeZone: 'UTC' });
    expect(until([overlapping], '2026-11-20T12:00:00Z')).toEqual(['2026-11-23T00:00:00.000Z']);
  });
});

describe('windows that allow', () => {
  const office = rule({
    rrule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH;BYHOUR=9',
    lasts: 'PT8H',
    kind: 'allow',
    reason: 'Office hours',
  });
  const friday = { ...office, rrule: 'FREQ=WEEKLY;BYDAY=FR;BYHOUR=9', lasts: 'PT3H' };

  it('shut everything else out, and tell when the next one opens', () => {
    expect(until([office], '2026-11-19T15:59:59.999Z')).toEqual([]);
    expect(until([office], '2026-11-19T16:00:00Z')).toEqual(['2026-11-23T08:00:00.000Z']);
    expect(until([office], '2026-11-23T08:00:00Z')).toEqual([]);
  });

  it('are alternatives to each other within a layer, and of each layer one has to be open', () => {
    expect(until([office, friday], '2026-11-20T09:00:00Z')).toEqual([]);
    expect(until([office, { ...friday, layer: 1 }], '2026-11-20T09:00:00Z')).toHaveLength(1);
    expect(until([office, { ...office, layer: 1 }], '2026-11-19T09:00:00Z')).toEqual([]);
  });

  it('give way to what denies', () => {
    expect(frozenBy([office, rule({ rrule: 'FREQ=DAILY', lasts: 'P1D' })], at('2026-11-19T09:00:00Z'))).toMatchObject([
      { kind: 'deny' },
    ]);
  });

  it('that never come again shut out for good', () => {
    expect(until([{ ...office, rrule: 'FREQ=DAILY;UNTIL=20260101' }], '2026-11-19T09:00:00Z')).toEqual([undefined]);
  });
});

describe('a rule of every day or week', () => {
  it('is open exactly where reckoning with offsets by hand finds it open', () => {
    const zone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC', 'Asia/Kolkata');
    const hours = fc.uniqueArray(fc.integer({ min: 0, max: 23 }), { minLength: 1, maxLength: 2 });
    // Around changes of clocks in all of these zones.
    const moment = fc
      .tuple(
        fc.constantFrom('2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25', '2026-11-01'),
        fc.integer({ min: -2_000, max: 2_000 }),
      )
      .map(([day, minute]) => new Date(Date.parse(`${day}T03:00:00Z`) + minute * 60_000));
    fc.assert(
      fc.property(zone, hours, fc.integer({ min: 1, max: 300 }), moment, (timeZone, begin, minutes, now) => {
        const one = rule({ rrule: `FREQ=DAILY;BYHOUR=${begin.join(',')}`, timeZone, lasts: `PT${minutes}M` });
        expect(frozenBy([one], now).length > 0).toBe(isOpenByHand(begin, timeZone, minutes, now));
      }),
      { numRuns: 300 },
    );
  });
});

/** Every beginning of the days around, by the offsets that clocks have a day before and after it. */
function isOpenByHand(begin: readonly number[], timeZone: string, minutes: number, now: Date): boolean {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  const offset = (time: number) => {
    const text = format.formatToParts(time).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours = 0, rest = 0] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(text) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(rest)) * 60_000;
  };
  const midnight = Math.floor((now.getTime() + offset(now.getTime())) / DAY) * DAY;
  const shown = [-1, 0, 1].flatMap((days) => begin.map((hour) => midnight + days * DAY + hour * 3_600_000));
  const beginnings = shown.map((wall) => {
    const [before, after] = [offset(wall - DAY), offset(wall + DAY)];
    const real = [wall - before, wall - after].filter((time) => time + offset(time) === wall);
    return real.length > 0 ? Math.min(...real) : wall - before;
  });
  return beginnings.some((start) => start <= now.getTime() && now.getTime() < start + minutes * 60_000);
}

describe('a rule that can’t be followed', () => {
  it.each([
    ['FREQ=MINUTELY', 'FREQ'],
    ['FREQ=SOMETIMES', 'FREQ'],
    ['BYDAY=FR', 'never comes true'],
    ['FREQ=WEEKLY;BYDAY=XX', 'BYDAY'],
    ['FREQ=DAILY;BYHOUR=99', 'BYHOUR'],
    ['FREQ=DAILY;INTERVAL=0', 'INTERVAL'],
    ['FREQ=DAILY;RDATE=20260101', 'RDATE'],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'never comes true'],
    ['FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30', 'never comes true'],
    ['FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6', 'never comes true'],
    ['FREQ=DAILY;COUNT=2', 'from'],
    ['FREQ=DAILY;FREQ=WEEKLY', 'twice'],
    ['FREQ=DAILY;UNTIL=20261399', 'UNTIL'],
    ['DTSTART:20260101\nRRULE:FREQ=DAILY', 'can’t be read'],
    ['__proto__=1', 'be read'],
    ['', 'be read'],
  ])('%s is refused before anything relies on it', (rrule, message) => {
    expect(freezeRuleProblem(rule({ rrule }))?.message.replace('’', "'")).toContain(message.replace('’', "'"));
  });

  it.each(['Mars/Olympus', '', '+01:00', 'Europe/Berlin; x'])('neither is the time zone “%s”', (timeZone) => {
    expect(freezeRuleProblem(rule({ timeZone }))?.field).toBe('timeZone');
  });

  it('is one of few: what people write can be', () => {
    for (const rrule of [
      'RRULE:FREQ=WEEKLY;BYDAY=FR,SA',
      'freq=monthly;byday=-1FR',
      'FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=20',
      'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29',
      'FREQ=HOURLY;INTERVAL=6',
    ])
      expect(freezeRuleProblem(rule({ rrule }))).toBeNull();
  });

  it('is followed as well twenty years on', () => {
    const hourly = rule({ rrule: 'FREQ=HOURLY;INTERVAL=6', timeZone: 'UTC', lasts: 'PT1H' });
    expect(until([hourly], '2046-11-20T12:30:00Z')).toEqual(['2046-11-20T13:00:00.000Z']);
    expect(
      until([rule({ rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29', timeZone: 'UTC' })], '2048-02-29T12:00:00Z'),
    ).toHaveLength(1);
    const leap = rule({ rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29', timeZone: 'UTC', kind: 'allow' });
    expect(until([leap], '2046-11-20T12:30:00Z')).toEqual(['2048-02-29T00:00:00.000Z']);
  });
});
