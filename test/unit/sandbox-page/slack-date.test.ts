import { describe, expect, it } from 'vitest';
import { dayName, formatSlackDate } from '../../../src/adapters/sandbox/page/text/slack-date.ts';

const reader = { locale: 'en-US', timeZone: 'Europe/Berlin' };
const at = (iso: string) => Date.parse(iso) / 1000;
const now = new Date('2026-11-21T12:00:00Z');

describe('a date token', () => {
  it.each([
    ['{date_num}', '11/21/2026'],
    ['{date}', 'November 21, 2026'],
    ['{date_short} at {time}', 'Nov 21, 2026 at 11:30 AM'],
    ['{date_long}', 'Saturday, November 21, 2026'],
    ['{date_short_pretty}', 'today'],
    ['{ago}', '1 hour ago'],
    ['{nonsense} {time_secs}', '{nonsense} 11:30:05 AM'],
  ])('%s reads %s', (format, words) => {
    expect(formatSlackDate(at('2026-11-21T10:30:05Z'), format, now, reader)).toBe(words);
  });

  it('counts days by the reader’s midnight, not by UTC', () => {
    expect(formatSlackDate(at('2026-11-20T23:30:00Z'), '{date_pretty}', now, reader)).toBe('today');
    expect(formatSlackDate(at('2026-11-20T22:30:00Z'), '{date_pretty}', now, reader)).toBe('yesterday');
    expect(formatSlackDate(at('2026-11-21T23:30:00Z'), '{date_pretty}', now, reader)).toBe('tomorrow');
  });

  it('stays as it is where the number is no date', () => {
    expect(formatSlackDate(Number.NaN, '{date}', now, reader)).toBe('{date}');
  });
});

it('names the days of a conversation', () => {
  expect(dayName(new Date('2026-11-20T12:00:00Z'), now, reader)).toBe('Yesterday');
  expect(dayName(new Date('2026-11-02T12:00:00Z'), now, reader)).toBe('Monday, November 2');
});
