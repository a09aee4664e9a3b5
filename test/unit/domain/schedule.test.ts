import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../../src/domain/refusal.ts';
import { parsePeriod, parseSchedule } from '../../../src/domain/schedule.ts';

/** Saturday, 18:00 in Berlin. */
const NOW = new Date('2026-11-21T17:00:00Z');
const parse = (text: string, now = NOW, timeZone = 'Europe/Berlin') =>
  parseSchedule(text, { now, timeZone }).toISOString();

describe('a time that somebody typed', () => {
  it.each([
    ['monday 09:00', '2026-11-23T08:00:00.000Z'],
    ['"Monday 09:00"', '2026-11-23T08:00:00.000Z'],
    ['mon at 9am', '2026-11-23T08:00:00.000Z'],
    ['friday, 9:30 pm', '2026-11-27T20:30:00.000Z'],
    ['saturday 18:01', '2026-11-21T17:01:00.000Z'],
    ['saturday 18:00', '2026-11-28T17:00:00.000Z'],
    ['today 19:00', '2026-11-21T18:00:00.000Z'],
    ['tomorrow noon', '2026-11-22T11:00:00.000Z'],
    ['tomorrow 12am', '2026-11-21T23:00:00.000Z'],
    ['18:00', '2026-11-22T17:00:00.000Z'],
    ['noon', '2026-11-22T11:00:00.000Z'],
    ['18:00:01', '2026-11-21T17:00:01.000Z'],
    ['2026-12-01 09:00', '2026-12-01T08:00:00.000Z'],
    ['2026-12-01T09:00', '2026-12-01T08:00:00.000Z'],
    ['2026-12-01T09:00Z', '2026-12-01T09:00:00.000Z'],
    ['2026-12-01 09:00+02:00', '2026-12-01T07:00:00.000Z'],
    ['in 2h', '2026-11-21T19:00:00.000Z'],
    ['in 1d 12h', '2026-11-23T05:00:00.000Z'],
    ['in 90 minutes', '2026-11-21T18:30:00.000Z'],
  ])('“%s” is %s', (text, moment) => {
    expect(parse(text)).toBe(moment);
  });

  it.each([
    'monday',
    '9',
    'blaturday 09:00',
    '2026-02-30 09:00',
    'tomorrow 24:00',
    'tomorrow 9:60',
    '13pm',
    'in',
    'in 0h',
    '2026-12-01',
    '',
    'in 5 parsecs',
    'x'.repeat(10_000),
    '2026-13-01T09:00Z',
    'mo 09:00',
  ])('“%s” is refused with examples', (text) => {
    expect(() => parse(text)).toThrowError(Refusal);
    expect(() => parse(text)).toThrowError(/monday 09:00/);
  });

  it.each(['today 18:00', 'today noon', '2026-11-21 17:59', '2020-01-01T00:00Z'])('“%s” has passed', (text) => {
    expect(() => parse(text)).toThrowError(/passed already/);
  });

  it('is refused more than a year ahead', () => {
    expect(() => parse('2028-01-01 09:00')).toThrowError(/more than a year/);
    expect(() => parse('in 60w')).toThrowError(/more than a year/);
  });

  it('is read in the time zone of whoever typed it', () => {
    expect(parse('monday 09:00', NOW, 'America/New_York')).toBe('2026-11-23T14:00:00.000Z');
    // Sunday already in Auckland.
    expect(parse('tomorrow 09:00', NOW, 'Pacific/Auckland')).toBe('2026-11-22T20:00:00.000Z');
    expect(() => parse('monday 09:00', NOW, 'Mars/Olympus')).toThrowError(/time zone is not known/);
    expect(parse('in 2h', NOW, 'Mars/Olympus')).toBe('2026-11-21T19:00:00.000Z');
  });
});

describe('a time around a change of clocks', () => {
  const [friday, before] = [new Date('2026-03-27T12:00:00Z'), new Date('2026-10-24T12:00:00Z')];

  it('keeps the hour that clocks show', () => {
    expect(parse('saturday 09:00', friday)).toBe('2026-03-28T08:00:00.000Z');
    expect(parse('sunday 09:00', friday)).toBe('2026-03-29T07:00:00.000Z');
    expect(parse('sunday 09:00', before)).toBe('2026-10-25T08:00:00.000Z');
  });

  it('is as many minutes later where it is skipped, and the first where it comes twice', () => {
    expect(parse('sunday 02:30', friday)).toBe('2026-03-29T01:30:00.000Z');
    expect(parse('sunday 02:30', before)).toBe('2026-10-25T00:30:00.000Z');
  });

  it('counts hours as sixty minutes', () => {
    expect(parse('in 48h', friday)).toBe('2026-03-29T12:00:00.000Z');
  });

  it('is the next day’s where its first one has passed', () => {
    expect(parse('02:30', new Date('2026-10-25T00:40:00Z'))).toBe('2026-10-26T01:30:00.000Z');
  });
});

describe('any weekday and time', () => {
  it('is within a week, on that day, and shows that time', () => {
    const zone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland');
    const day = fc.constantFrom('Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday');
    const now = fc.integer({ min: 0, max: 365 * 24 * 60 }).map((minute) => new Date(NOW.getTime() + minute * 60_000));
    fc.assert(
      // No zone here skips an hour after 04:00.
      fc.property(zone, day, fc.integer({ min: 4, max: 23 }), now, (timeZone, weekday, hour, from) => {
        const at = parseSchedule(`${weekday} ${hour}:00`, { now: from, timeZone });
        const shown = new Intl.DateTimeFormat('en-GB', {
          timeZone,
          weekday: 'long',
          hour: '2-digit',
          hourCycle: 'h23',
        });
        expect(shown.format(at)).toBe(`${weekday}, ${String(hour).padStart(2, '0')}`);
        expect(at > from).toBe(true);
        expect(at.getTime() - from.getTime()).toBeLessThanOrEqual((7 * 24 + 1) * 60 * 60_000);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a period', () => {
  it.each([
    ['2h', 7_200_000],
    ['1d 12h', 129_600_000],
    ['90 min', 5_400_000],
    ['1 week', 604_800_000],
    ['2', null],
    ['0h', null],
    ['h', null],
    ['2y', null],
    ['-2h', null],
  ])('“%s” is %s ms', (text, length) => {
    expect(parsePeriod(text)).toBe(length);
  });
});
