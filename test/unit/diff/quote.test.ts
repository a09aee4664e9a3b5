import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { count, flatten, quoteName, quotePair, quoteValue, shorten, spellOut } from '../../../src/domain/diff/quote.ts';

describe('Values in sentences', () => {
  it.each([
    ['text', '‘text’'],
    ['', 'empty text'],
    ['a\n  b\tc', '‘a b c’'],
    [0.7, '0.7'],
    [true, 'true'],
    [null, 'null'],
    [[1, 'a'], '[1, ‘a’]'],
    [[1, 2, 3, 4, 5, 6], '[6 items]'],
    [[{ a: 1 }], '[1 item]'],
    [{ a: 1, b: 2 }, '{2 fields}'],
  ])('are quoted as people read them: %j', (value, quoted) => {
    expect(quoteValue(value)).toBe(quoted);
  });

  it('spell out what is invisible or turns the text around', () => {
    expect(flatten('a\u202Eb\u0000c\u200Bd')).toBe('a\\u{202E}b\\u{0}c\\u{200B}d');
    expect(flatten('می\u200Cخواهم 👩\u200D👧')).toBe('می\u200Cخواهم 👩\u200D👧');
  });

  it.each([
    [
      'tags, in which a sentence can hide from people and not from a model',
      'a\u{E0065}\u{E0076}',
      'a\\u{E0065}\\u{E0076}',
    ],
    ['selectors that select nothing', 'a\uFE0F\u{E0101} ❤\uFE0F\uFE0F', 'a\\u{FE0F}\\u{E0101} ❤\uFE0F\\u{FE0F}'],
    ['joiners between letters that are not joined', 'pass\u200Dword', 'pass\\u{200D}word'],
    ['letters that are blank', 'a\u3164\u2800\u115F', 'a\\u{3164}\\u{2800}\\u{115F}'],
  ])('spell out %s', (_what, text, shown) => {
    expect(flatten(text)).toBe(shown);
    expect(spellOut(text)).toBe(shown);
  });

  it('are cut between characters as a person sees them', () => {
    const family = '👩‍👩‍👧‍👦';
    expect(shorten(family.repeat(5), 3)).toBe(`${family.repeat(2)}…`);
    expect(shorten(family.repeat(3), 3)).toBe(family.repeat(3));
    expect(quoteName('x'.repeat(100))).toBe(`‘${'x'.repeat(59)}…’`);
  });

  it('are never longer than asked for, nor broken', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.integer({ min: 1, max: 50 }), (text, length) => {
        const short = shorten(text, length);
        expect([...new Intl.Segmenter('en').segment(short)].length).toBeLessThanOrEqual(length);
        expect(short.isWellFormed()).toBe(true);
      }),
    );
  });

  it('are cut so that the difference of a pair is seen', () => {
    const start = 'The same beginning. '.repeat(10);
    const [before, after] = quotePair(`${start}old end`, `${start}new end`);
    expect(before).toBe('‘…same beginning. old end’');
    expect(after).toBe('‘…same beginning. new end’');
  });

  it('say so where the difference cannot be seen', () => {
    expect(quotePair('a b', 'a  b')).toEqual(['‘a b’', '‘a b’ (the difference is not visible here)']);
  });

  it('are cut quickly however long they are', () => {
    expect(quoteValue('👩‍👩‍👧‍👦'.repeat(1e6)).length).toBeLessThan(2_000);
    expect(quoteValue('e\u0301'.repeat(1e6)).length).toBeLessThan(2_000);
    expect(quoteName(`a${'\u0301'.repeat(1e6)}`).length).toBeLessThan(2_000);
  });
});

describe('Counts', () => {
  it.each([
    [1, 'step', '1 step'],
    [2, 'step', '2 steps'],
    [0, 'branch', '0 branches'],
    [2_000, 'entry', '2,000 entries'],
    [2, 'day', '2 days'],
  ])('%d %s', (amount, noun, text) => {
    expect(count(amount, noun)).toBe(text);
  });
});
