import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePromote } from '../../../src/adapters/slack/commands/parse-act.ts';
import {
  parseFreeze,
  parseLock,
  parseUnfreeze,
  parseUnlock,
  parseWhy,
} from '../../../src/adapters/slack/commands/parse-holds.ts';
import { Refusal } from '../../../src/domain/refusal.ts';

const NBSP = '\u00a0';
/** A Saturday, 11:00 in Berlin. */
const clock = { now: new Date('2026-11-21T10:00:00Z'), timeZone: 'Europe/Berlin' };
const monday = new Date('2026-11-23T08:00:00Z');
const HOUR = 3_600_000;

describe('/towpath lock', () => {
  test.each([
    ['prod we move the database', { scope: 'prod', reason: 'we move the database' }],
    ['Summarize-Flow an audit for 2h', { scope: 'summarize-flow', reason: 'an audit', lasts: 2 * HOUR }],
    ['all the audit of May for 1d 12h', { scope: 'all', reason: 'the audit of May', lasts: 36 * HOUR }],
    [`“prod” an audit for${NBSP}90${NBSP}minutes `, { scope: 'prod', reason: 'an audit', lasts: 1.5 * HOUR }],
    ['prod for 2 hours an audit', { scope: 'prod', reason: 'an audit', lasts: 2 * HOUR }],
    ['prod an audit for “2h”', { scope: 'prod', reason: 'an audit', lasts: 2 * HOUR }],
    ['prod for the audit', { scope: 'prod', reason: 'for the audit' }],
    ['prod moving data for 3 customers', { scope: 'prod', reason: 'moving data for 3 customers' }],
    ['prod for the audit of R&amp;D for 2h', { scope: 'prod', reason: 'for the audit of R&D', lasts: 2 * HOUR }],
  ])('%j', (text, typed) => expect(parseLock(text)).toEqual(typed));

  test.each([
    ['', 'What should be locked'],
    ['prod', 'Why should prod be locked?'],
    ['prod for 2h', 'Why should prod be locked?'],
  ])('%j says what is missing', (text, words) => expect(() => parseLock(text)).toThrow(words));
});

describe('/towpath unlock', () => {
  test.each([
    ['prod', { scope: 'prod', anyway: false }],
    ['ALL anyway', { scope: 'all', anyway: true }],
    ['prod --force', { scope: 'prod', anyway: true }],
    ['prod —anyway', { scope: 'prod', anyway: true }],
  ])('%j', (text, typed) => expect(parseUnlock(text)).toEqual(typed));

  test('takes no words that would be passed over', () => {
    expect(() => parseUnlock('prod it is over')).toThrow('“it is over” says nothing here.');
    expect(() => parseUnfreeze('prod now')).toThrow('“now” says nothing here.');
    expect(() => parseUnlock('')).toThrow('What should be unlocked');
  });
});

describe('/towpath freeze', () => {
  const frozen = { environment: 'prod', until: monday, reason: 'end of the quarter' };
  test.each([
    ['prod until monday 09:00 end of the quarter', frozen],
    ['prod until “monday 09:00” end of the quarter', frozen],
    ['prod till monday at 9am end of the quarter', frozen],
    ['prod end of the quarter until monday 09:00', frozen],
    ['prod until 2026-11-23T08:00Z end of the quarter', frozen],
    ['prod for 46h end of the quarter', frozen],
    ['prod end of the quarter for 1d 22h', frozen],
    ['prod we wait for Bob until monday 09:00', { ...frozen, reason: 'we wait for Bob' }],
    ['prod until in 46h until we know', { ...frozen, reason: 'until we know' }],
  ])('%j', (text, typed) => expect(parseFreeze(text, clock)).toEqual(typed));

  test.each([
    ['', 'Which environment'],
    ['prod', 'Until when should nothing go live in prod?'],
    ['prod the quarter ends', 'Until when'],
    ['prod until friday the quarter ends', 'Until when'],
    ['prod until monday 09:00', 'Why should prod be frozen?'],
    ['prod until today 08:00 the quarter', 'has passed already'],
    ['prod the quarter until today 08:00', 'has passed already'],
    ['prod until “some day” the quarter', 'is no time that can be read'],
  ])('%j says what is missing', (text, words) => expect(() => parseFreeze(text, clock)).toThrow(words));

  test('takes a time with its offset of somebody whose time zone is not known, and no other', () => {
    const nowhere = { ...clock, timeZone: '' };
    expect(parseFreeze('prod until in 46h the quarter', nowhere).until).toEqual(monday);
    expect(() => parseFreeze('prod until monday 09:00 the quarter', nowhere)).toThrow('Your time zone is not known');
  });
});

describe('/towpath why', () => {
  test.each(['Flow prod', 'flow to prod', '“flow” “prod”'])('%j', (text) =>
    expect(parseWhy(text)).toEqual({ workflow: 'flow', environment: 'prod' }),
  );
  test.each(['', 'flow', 'flow to'])('%j says what is missing', (text) =>
    expect(() => parseWhy(text)).toThrow(Refusal),
  );
});

describe('/promote … at', () => {
  const flow = { workflow: 'flow', environment: 'prod' };
  test.each([
    ['flow prod at "monday 09:00"', { ...flow, at: monday }],
    ['flow prod at monday 09:00', { ...flow, at: monday }],
    ['flow to prod at monday 09:00 ready since Friday', { ...flow, at: monday, reason: 'ready since Friday' }],
    ['flow prod --at “monday 09:00” ready', { ...flow, at: monday, reason: 'ready' }],
    ['flow prod —at monday 9am ready', { ...flow, at: monday, reason: 'ready' }],
    ['flow prod at in 46h', { ...flow, at: monday }],
    ['flow prod --canary 10% at “monday 09:00” ready', { ...flow, canary: 1_000, at: monday, reason: 'ready' }],
    ['flow prod ready at “monday 09:00”', { ...flow, at: monday, reason: 'ready' }],
    ['flow prod ready --at monday 09:00', { ...flow, at: monday, reason: 'ready' }],
    ['flow prod shown at “Acme” before', { ...flow, reason: 'shown at “Acme” before' }],
    ['flow prod good at last', { ...flow, reason: 'good at last' }],
    ['flow prod tested at 09:00 by Bob', { ...flow, reason: 'tested at 09:00 by Bob' }],
  ])('%j', (text, typed) => expect(parsePromote(text, clock)).toEqual(typed));

  test.each([
    ['flow prod at', 'At what time'],
    ['flow prod at mondy 09:00', 'is no time that can be read'],
    ['flow prod at last it is ready', 'is no time that can be read'],
    ['flow prod at today 08:00', 'has passed already'],
    ['flow prod at “2029-01-01 09:00”', 'more than a year ahead'],
    ['flow prod ready at monday 09:00', 'Should it go live at monday 09:00?'],
  ])('%j is refused rather than asked for at once', (text, words) =>
    expect(() => parsePromote(text, clock)).toThrow(words),
  );
});

test('whatever is typed is read or refused with a sentence, never a crash', () => {
  const parts = fc.constantFrom(
    ...['flow', 'prod', 'all', 'at', '--at', 'for', 'until', 'monday', '09:00', '2h', 'in', '1d', 'why', 'anyway'],
    ...[' ', NBSP, '“', '"', '<@U1|a b>', '&lt;', '\n'],
  );
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 100 }),
    fc.array(parts, { maxLength: 30 }).map((all) => all.join('')),
    fc.array(parts, { maxLength: 30 }).map((all) => all.join(' ')),
  );
  const parsers = [parseLock, parseUnlock, parseUnfreeze, parseWhy, parseFreeze, parsePromote];
  fc.assert(
    fc.property(anything, fc.constantFrom(...parsers), (text, parse) => {
      try {
        parse(text, clock);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    }),
    { numRuns: 2_000 },
  );
});
