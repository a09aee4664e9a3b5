import { expect, test } from 'vitest';
import { object, type Promotion } from '../../../src/domain/promotion.ts';
import { promotion } from '../../support/domain-builders.ts';

const no = (by: string, at: number, reason = 'too slow') => ({ by, at: new Date(at), reason });

test('a no is added after those that were said before', () => {
  const objected = object(object(promotion(), no('U0LEE', 1)), no('U0LIV', 2));
  expect(objected.rejections?.map(({ by }) => by)).toEqual(['U0LEE', 'U0LIV']);
});

test('the same no again, a click that was repeated, changes nothing; one for another reason is another', () => {
  const objected = object(promotion(), no('U0LEE', 1));
  expect(object(objected, no('U0LEE', 2))).toBe(objected);
  expect(object(objected, no('U0LEE', 2, 'still too slow')).rejections).toHaveLength(2);
});

test('a closed promotion takes none, and an open one no more than a hundred', () => {
  expect(() => object({ ...promotion(), status: 'rejected' }, no('U0LEE', 1))).toThrow('already rejected');
  let full: Promotion = promotion();
  for (let i = 0; i < 100; i++) full = object(full, no(`U${i}`, i));
  expect(() => object(full, no('U0LEE', 200))).toThrow('too many');
});
