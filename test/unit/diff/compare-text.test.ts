import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareTexts, makeTextBudget } from '../../../src/domain/diff/compare-text.ts';

const compare = (before: string, after: string) => compareTexts(before, after, makeTextBudget());
const numbered = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, index) => `${prefix} ${index}`).join('\n');

describe('The comparison of two texts', () => {
  it('tells which lines came and went', () => {
    expect(compare('a\nb\nc', 'a\nx\ny\nc')).toEqual({
      hunks: [
        { mark: ' ', lines: ['a'] },
        { mark: '-', lines: ['b'] },
        { mark: '+', lines: ['x', 'y'] },
        { mark: ' ', lines: ['c'] },
      ],
      added: 2,
      removed: 1,
    });
  });

  it('takes line ends of any kind for the same', () => {
    expect(compare('a\r\nb\rc', 'a\nb\nc')).toMatchObject({ added: 0, removed: 0 });
    expect(compare('a\nb', 'a\nb\n')).toMatchObject({ added: 1, removed: 0 });
  });

  it('gives up on texts that have too little in common', () => {
    expect(compare(numbered(400, 'a'), numbered(400, 'b'))).toBe('rewritten');
    expect(compare(numbered(200, 'a'), numbered(200, 'b'))).toMatchObject({ added: 200, removed: 200 });
    expect(compare(numbered(30_000, 'a'), `${numbered(30_000, 'b')}\nlast`)).toBe('rewritten');
  });

  it('compares a huge text that changed in one place', () => {
    const text = numbered(200_000, 'line');
    expect(compare(text, text.replace('line 100000', 'changed'))).toMatchObject({ added: 1, removed: 1 });
  });

  it('spends one budget on all texts of a diff', () => {
    const budget = makeTextBudget();
    const results = Array.from({ length: 40 }, () => compareTexts(numbered(249, 'a'), numbered(249, 'b'), budget));
    expect(results[0]).not.toBe('rewritten');
    expect(results.at(-1)).toBe('rewritten');
    expect(budget.cost).toBeGreaterThanOrEqual(0);
  });

  it('can be undone: its lines are the lines of both texts', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 20 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const comparison = compare(before, after);
        if (comparison === 'rewritten') throw new Error('too short to be rewritten');
        const linesWith = (marks: string) =>
          comparison.hunks.flatMap(({ mark, lines }) => (marks.includes(mark) ? lines : []));
        expect(linesWith(' -').join('\n')).toBe(before);
        expect(linesWith(' +').join('\n')).toBe(after);
      }),
    );
  });
});
