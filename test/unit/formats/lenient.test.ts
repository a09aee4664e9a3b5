import { describe, expect, it } from 'vitest';
import { asNumber, byName, unquoted, withoutEmpty } from '../../../src/domain/workflow/formats/lenient.ts';
import { makeStepIds } from '../../../src/domain/workflow/formats/step-ids.ts';

describe('A value without what says nothing', () => {
  it('keeps what says something, also where it is no, none or nought', () => {
    expect(withoutEmpty({ a: false, b: 0, c: ' ', d: { e: null, f: '', g: [] }, h: [{ i: '' }, 'x'] })).toEqual({
      a: false,
      b: 0,
      c: ' ',
      h: [null, 'x'],
    });
    expect(withoutEmpty({ a: { b: {} } })).toBeUndefined();
  });
});

describe('A text of JSON', () => {
  it('is what it stands for', () => {
    expect(unquoted('["a"]')).toEqual(['a']);
    expect(unquoted(' {"a": 1}')).toEqual({ a: 1 });
  });

  it.each([
    ['no JSON', '[a'],
    ['a single value', '"a"'],
    ['keys that no document may have', '{"__proto__": {"a": 1}}'],
    ['deeper than a document may be', `${'['.repeat(500)}${']'.repeat(500)}`],
  ])('stays text where it is %s', (_what, text) => {
    expect(unquoted(text)).toBe(text);
  });
});

describe('A number that an editor wrote as text', () => {
  it.each([
    ['0.7', 0.7],
    ['-3', -3],
    ['007', '007'],
    ['1e9', '1e9'],
    ['12345678901234567890', '12345678901234567890'],
    ['', ''],
  ])('%j is %j', (text, number) => {
    expect(asNumber(text)).toBe(number);
  });
});

describe('Named entries', () => {
  it('lose none that comes again', () => {
    expect(
      byName([
        ['a', 1],
        ['a', 2],
        ['a#2', 3],
        ['__proto__', 4],
      ]),
    ).toEqual(
      Object.fromEntries([
        ['a', 1],
        ['a#2', 2],
        ["a#2'", 3],
        ['__proto__', 4],
      ]),
    );
  });
});

describe('Ids of steps', () => {
  it('are the document’s own where they tell steps apart', () => {
    const ids = makeStepIds(['a', 'b']);
    expect([ids.claim('a', 'x'), ids.claim('b', 'x')]).toEqual([{ id: 'a' }, { id: 'b' }]);
  });

  it('are made where they are missing or come twice, never the same twice, and are marked', () => {
    const own = ['a', 'a', 'a#2', null, null, 'llm'];
    const ids = makeStepIds(own);
    expect(own.map((id) => ids.claim(id, 'llm'))).toEqual([
      { id: 'a', weakId: true },
      { id: 'a#3', weakId: true },
      { id: 'a#2' },
      { id: 'llm#2', weakId: true },
      { id: 'llm#3', weakId: true },
      { id: 'llm' },
    ]);
  });

  it('are made in time also where thousands are alike', () => {
    const ids = makeStepIds([]);
    const made = Array.from({ length: 5_000 }, () => ids.claim(null, 'llm').id);
    expect(new Set(made).size).toBe(5_000);
    expect(made.at(-1)).toBe('llm#5000');
  });
});
