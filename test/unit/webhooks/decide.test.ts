import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide } from '../../../src/adapters/webhooks/decide.ts';
import { parseRetryAfter } from '../../../src/outbound/parse-retry-after.ts';

const now = new Date('2026-11-21T12:00:00Z');

test.each([200, 201, 202, 204, 299])('%i is delivered', (status) => {
  expect(decide(status, undefined, now)).toEqual({ kind: 'delivered' });
});

test.each([408, 429, 500, 502, 503, 504, 599])('%i is retried', (status) => {
  expect(decide(status, undefined, now)).toEqual({ kind: 'retry', error: `Answered ${status}.` });
});

test.each([301, 302, 303, 307, 308, 400, 401, 403, 404, 410, 413, 422])('%i is given up', (status) => {
  expect(decide(status, '5', now)).toMatchObject({ kind: 'give-up', error: expect.stringContaining(`${status}`) });
});

test('what is asked for with a 429 or 503 is kept', () => {
  expect(decide(429, '120', now)).toMatchObject({ kind: 'retry', retryAfter: 120_000 });
  expect(decide(503, 'Sat, 21 Nov 2026 12:01:00 GMT', now)).toMatchObject({ kind: 'retry', retryAfter: 60_000 });
});

test.each([
  ['0', 0],
  [' 7 ', 7000],
  ['Sat, 21 Nov 2026 12:00:30 GMT', 30_000],
  ['Saturday, 21-Nov-26 12:00:30 GMT', 30_000],
  ['Sat Nov 21 12:00:30 2026 GMT', 30_000],
  ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
  ['', null],
  ['-5', null],
  ['1.5', null],
  ['soon', null],
  ['99999999999999999999', null],
  ['2026-11-21', null],
])('Retry-After “%s” is %s milliseconds', (header, expected) => {
  expect(parseRetryAfter(header, now)).toBe(expected);
});

test('a Retry-After is a whole number of milliseconds from now on, or nothing', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.integer().map(String),
        fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
      ),
      (header) => {
        const asked = parseRetryAfter(header, now);
        expect(asked === null || (Number.isSafeInteger(asked) && asked >= 0)).toBe(true);
      },
    ),
  );
});
