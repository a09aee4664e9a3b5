import { expect, it } from 'vitest';
import { dollarText, durationText, percentText } from '../../../src/domain/requirements/figures-in-words.ts';

it('a rate never looks as if it were on the other side of a limit', () => {
  expect([0.96, 0.29, 0.79999, 1, 0].map((rate) => percentText(rate))).toEqual(['96%', '29%', '79.99%', '100%', '0%']);
  expect([0.02, 0.020001, 0.29].map((rate) => percentText(rate, 'up'))).toEqual(['2%', '2.01%', '29%']);
});

it('money has cents, and three digits that say something', () => {
  expect([0.031, 0, 1.5, 12.345, 0.000123456, 0.5].map(dollarText)).toEqual([
    '$0.031',
    '$0.00',
    '$1.50',
    '$12.35',
    '$0.000123',
    '$0.50',
  ]);
});

it('a time is said in its two largest units', () => {
  const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
  expect(
    [320, 1_800, 5 * minute, day, day + hour, 2 * day + hour + minute, 90 * minute, 90_000, hour + 5_000].map(
      durationText,
    ),
  ).toEqual(['320 ms', '1.8 s', '5 min', '24 h', '25 h', '2 d 1 h', '1 h 30 min', '1 min 30 s', '1 h']);
});
