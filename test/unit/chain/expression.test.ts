import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpressionError, evaluateExpression, holds } from '../../../src/domain/chain/expression.ts';
import { fillPrompt } from '../../../src/domain/chain/fill-prompt.ts';

const SCOPE = {
  inputs: { ticket: 'It is down', count: 3, tags: ['a', 'b'] },
  steps: { 'first-one': { output: { urgent: true, score: '0.95', list: [{ x: 1 }] } } },
  score: 0.9,
  empty: '',
};

describe('an expression of a chain', () => {
  it.each<[string, unknown]>([
    ['inputs.count', 3],
    ['inputs.tags[1]', 'b'],
    ['inputs["ticket"]', 'It is down'],
    ['steps.first-one.output.list.0.x', 1],
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['-inputs.count + 4', 1],
    ['7 % 4 - 1', 2],
    ['1 / 0', null],
    ['"a" + "b"', 'ab'],
    ['score >= 0.9 and inputs.count == 3', true],
    ['score > 0.9 || false', false],
    ['!true or not false', true],
    ['not inputs.count == 4', true],
    ['steps.first-one.output.score > 0.9', true],
    ['"a" in inputs.tags', true],
    ['inputs.ticket contains "down"', true],
    ["inputs.ticket == 'It is down'", true],
    ['length(inputs.tags) == 2', true],
    ['missing.name', undefined],
    ['missing > 3', null],
    ['missing == null', true],
    ['inputs.count < missing', null],
  ])('%s is %j', (text, expected) => {
    expect(evaluateExpression(text, SCOPE)).toEqual(expected);
  });

  it.each(['false', 'No', ' 0 ', ''])('takes the text %j of a model for no', (text) => {
    expect(holds('answer', { answer: text })).toBe(false);
  });

  it.each(['', '1 +', '(1', 'a b', 'f(1)', 'inputs.', '`x`', 'a = 1', 'process.exit()', '(x) => x', '"open'])(
    'refuses %j, saying why',
    (text) => {
      expect(() => evaluateExpression(text, SCOPE)).toThrow(ExpressionError);
    },
  );

  it.each([
    'constructor',
    'inputs.constructor',
    'inputs.__proto__',
    '__proto__.x',
    'inputs.tags.length',
    'inputs.toString',
  ])('%s names nothing: what objects inherit is not theirs', (text) => {
    expect(evaluateExpression(text, SCOPE)).toBeUndefined();
  });

  it('refuses what is nested too deep or too long', () => {
    expect(() => evaluateExpression(`${'('.repeat(60)}1${')'.repeat(60)}`, SCOPE)).toThrow(/deep/);
    expect(() => evaluateExpression('-'.repeat(100), SCOPE)).toThrow(/deep/);
    expect(() => evaluateExpression('1+'.repeat(1_001), SCOPE)).toThrow(/2000/);
  });

  it('either works any text out or refuses it, and nothing else', () => {
    const piece = fc.constantFrom(
      'a',
      '.',
      '[',
      ']',
      '(',
      ')',
      '1',
      ' ',
      '"',
      '==',
      'and',
      'not ',
      '-',
      '!',
      'length',
      '\\',
      '{',
      'é',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        try {
          evaluateExpression(pieces.join(''), SCOPE);
        } catch (error) {
          expect(error).toBeInstanceOf(ExpressionError);
        }
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('a prompt', () => {
  it('is filled with texts as they are, and with everything else as JSON', () => {
    expect(fillPrompt('T: {{ inputs.ticket }}, {{inputs.tags}} {{ inputs.count + 1 }}', SCOPE)).toBe(
      'T: It is down, ["a","b"] 4',
    );
  });

  it('does not fill what was filled in', () => {
    expect(fillPrompt('{{ a }}', { a: '{{ b }}', b: 'secret' })).toBe('{{ b }}');
  });

  it('refuses to leave a hole', () => {
    expect(() => fillPrompt('{{ inputs.tikcet }}', SCOPE)).toThrow(/inputs.tikcet/);
  });

  it('says of a secret that it never gets one', () => {
    expect(() => fillPrompt('{{ secrets.API_KEY }}', SCOPE)).toThrow(/no secret is ever put/);
  });

  it('leaves braces that are not closed', () => {
    expect(fillPrompt('a {{ b', SCOPE)).toBe('a {{ b');
  });

  it('is no longer than it may be', () => {
    const long = 'x'.repeat(100_000);
    expect(() => fillPrompt('{{ a }}'.repeat(50), { a: long })).toThrow(/4 million/);
  });
});
