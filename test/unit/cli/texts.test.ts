import { describe, expect, it } from 'vitest';
import { changeLines, moment, people, table, who } from '../../../src/adapters/cli/describe.ts';
import { exitCodes } from '../../../src/adapters/cli/exit-codes.ts';
import { parsePatience } from '../../../src/adapters/cli/parse-patience.ts';
import { complainLines, harmlessJson, printLines, UsageError } from '../../../src/adapters/cli/terminal.ts';

describe('a time to wait', () => {
  it.each([
    ['90s', 90_000],
    ['30m', 1_800_000],
    [' 2h', 7_200_000],
    ['1d', 86_400_000],
  ])('%j is %d milliseconds', (text, ms) => {
    expect(parsePatience(text)).toBe(ms);
  });

  it.each(['', '30', '0s', '-1m', '1.5h', '31d', '99999999999s', 'forever', '1w'])('%j is refused', (text) => {
    expect(() => parsePatience(text)).toThrow(UsageError);
  });
});

describe('what is shown', () => {
  it('names people as Slack does, and those who are none by what they are', () => {
    expect([who('U0ADA'), who('api'), people([]), people(['U0ADA']), people(['U0ADA', 'U0LEE'], true)]).toEqual([
      '@U0ADA',
      'api',
      'nobody',
      '@U0ADA',
      '@U0ADA, @U0LEE and others',
    ]);
  });

  it('tells moments in UTC, to the minute', () => {
    expect(moment('2026-03-01T10:05:59.123Z')).toBe('2026-03-01 10:05Z');
  });

  it('stands in columns', () => {
    expect(
      table(
        [
          ['a', 'bb', 'c'],
          ['aaa', '', ''],
        ],
        '  ',
      ),
    ).toEqual(['  a    bb  c', '  aaa']);
  });

  it('says risk first, then sentences, then how many are left out', () => {
    const risk = { level: 'low' as const, reasons: ['notes changed'] };
    expect(changeLines({ sentences: ['One.', 'Two.'], more: 3, risk })).toEqual([
      ['green', '  Risk: low, notes changed'],
      '  One.',
      '  Two.',
      '  and 3 more',
    ]);
  });

  it('holds nothing that a terminal would obey, in lines as in JSON', () => {
    const hostile = 'a\u001b[2J\u009b31mb\u202etxet\nnext';
    const written: string[] = [];
    const write = { print: (text: string) => written.push(text), complain: (text: string) => written.push(text) };
    printLines(write as never, [hostile, ['red', hostile]]);
    complainLines(write as never, [hostile]);
    expect(new Set(written)).toEqual(new Set(['a\ufffd[2J\ufffd31mb\ufffdtxet next\n']));
    const json = harmlessJson({ hostile });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal would obey
    expect(json).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e]/);
    expect(JSON.parse(json)).toEqual({ hostile });
  });
});

it('exit codes are those of every command, unless one has more', () => {
  expect(exitCodes().match(/^ {2}\d/gm)).toEqual(['  0', '  1', '  2', '  3']);
  expect(exitCodes({ undecided: 'still open' })).toMatch(/\n {2}6 {2}still open$/);
});
