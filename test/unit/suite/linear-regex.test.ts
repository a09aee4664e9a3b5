import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  makeLinearRegex,
  TooMuchEffortError,
  UnsupportedPatternError,
} from '../../../src/domain/suite/regex/linear-regex.ts';

describe('a regular expression of an assertion', () => {
  it.each([
    ['^a+$', '', 'aaa', true],
    ['^a+$', '', 'aab', false],
    ['(?:ab|cd){2}', '', 'xxabcdyy', true],
    ['\\bcat\\b', '', 'a cat sat', true],
    ['\\bcat\\b', '', 'concatenate', false],
    ['^second$', 'm', 'first\nsecond\nthird', true],
    ['^second$', '', 'first\nsecond\nthird', false],
    ['a.c', '', 'a\nc', false],
    ['a.c', 's', 'a\nc', true],
    ['INVOICE', 'i', 'your invoice', true],
    ['[^\\]]x', '', ']x', false],
    ['^\\p{Lu}\\p{Ll}+$', '', 'Élan', true],
    ['^.$', '', '😀', true],
    ['\\-', '', 'a-b', true],
    ['(?<year>\\d{4})-\\d{2}', '', 'on 2026-11', true],
    ['a{0,2}b', '', 'aaab', true],
    ['^a{2,3}$', '', 'aaaa', false],
    ['', '', 'anything', true],
    ['(a*)*$', '', 'aaab', true],
    ['x*?y', '', 'xxy', true],
  ])('/%s/%s on %j: %s', (pattern, flags, text, expected) => {
    expect(makeLinearRegex(pattern, flags).test(text)).toBe(expected);
  });

  it('says what RegExp says, for any pattern of the kinds that it takes', () => {
    const leaf = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\w', '\\b', '^', '$', 'é', '\\s', '\\B');
    const { node } = fc.letrec<{ node: string }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.tuple(tie('node'), tie('node')).map(([a, b]) => `${a}${b}`),
        fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(${a}|${b})`),
        fc
          .tuple(tie('node'), fc.constantFrom('*', '+', '?', '{2}', '{0,2}', '{1,}', '*?'))
          .map(([a, q]) => `(?:${a})${q}`),
      ),
    }));
    const text = fc
      .array(fc.constantFrom('a', 'b', ' ', '\n', 'é', '😀'), { maxLength: 8 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(node, text, fc.constantFrom('', 'i', 'm', 's', 'ims'), (pattern, subject, flags) => {
        // There RegExp finds a place within the one character, against its own specification.
        fc.pre(!(pattern.includes('\\B') && subject.includes('😀')));
        expect(makeLinearRegex(pattern, flags).test(subject)).toBe(new RegExp(pattern, `${flags}u`).test(subject));
      }),
      { numRuns: 2_000 },
    );
  });

  it('ends on patterns that keep RegExp busy for longer than the universe lasts', () => {
    expect(makeLinearRegex('^(a+)+$').test(`${'a'.repeat(50_000)}!`)).toBe(false);
    expect(makeLinearRegex('^(a|a)*$').test(`${'a'.repeat(50_000)}!`)).toBe(false);
    expect(makeLinearRegex('(x+x+)+y').test('x'.repeat(50_000))).toBe(false);
  });

  it('gives up after a number of steps, and says so', () => {
    const regex = makeLinearRegex('(?:a?){900}b');
    expect(() => regex.test('a'.repeat(1_000_000))).toThrow(TooMuchEffortError);
  });

  it.each(['(?=a)b', '(?<!a)b', '(a)\\1', '(?<n>a)\\k<n>', '(', 'a{99999}', '((a{100}){100}){100}', 'x'.repeat(2_001)])(
    'refuses %s, which it can’t match in a bounded time or at all',
    (pattern) => {
      expect(() => makeLinearRegex(pattern)).toThrow(UnsupportedPatternError);
    },
  );
});
