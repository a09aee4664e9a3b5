import { describe, expect, it } from 'vitest';
import { type Judgement, judgeCase, questionsOf } from '../../../src/domain/suite/judge-case.ts';
import { parseSuite } from '../../../src/domain/suite/parse-suite.ts';
import type { Json } from '../../../src/domain/workflow/json.ts';

function caseWith(...assertions: Json[]) {
  const [only] = parseSuite(JSON.stringify({ cases: [{ name: 'a case', input: 'x', assert: assertions }] })).cases;
  if (only === undefined) throw new Error('no case');
  return only;
}

function stateOf(assertion: Json, output: Json, judgement?: Judgement): string {
  const judgements = new Map(judgement === undefined ? [] : [[0, judgement]]);
  return judgeCase(caseWith(assertion), output, judgements).state;
}

describe('judging a case', () => {
  it.each<[Json, Json, string]>([
    [{ type: 'contains', value: 'refund' }, 'We refund you.', 'passed'],
    [{ type: 'contains', value: 'REFUND' }, 'We refund you.', 'failed'],
    [{ type: 'contains', value: 'REFUND', ignoreCase: true }, 'We refund you.', 'passed'],
    [{ type: 'contains', value: 'secret', not: true }, 'Nothing here.', 'passed'],
    [{ type: 'contains', value: '"queue":"tech"' }, { queue: 'tech' }, 'passed'],
    [{ type: 'exact', value: 'yes' }, 'yes', 'passed'],
    [{ type: 'exact', value: 'yes' }, 'yes ', 'failed'],
    [{ type: 'exact', value: { a: [1, 2] } }, { a: [1, 2] }, 'passed'],
    [{ type: 'exact', value: { a: 1, b: 2 } }, '```json\n{"b":2,"a":1}\n```', 'passed'],
    [{ type: 'exact', value: { a: 1 } }, { a: 1, b: 2 }, 'failed'],
    [{ type: 'regex', value: '^T-\\d{4}$' }, 'T-1234', 'passed'],
    [{ type: 'regex', value: '^T-\\d{4}$' }, 'T-12', 'failed'],
    [{ type: 'json-schema', value: { type: 'object' } }, '{"a":1}', 'passed'],
    [{ type: 'json-schema', value: { type: 'object' } }, 'no json', 'failed'],
    [{ type: 'exact', value: 'tech', path: 'route.queue' }, { route: { queue: 'tech' } }, 'passed'],
    [{ type: 'exact', value: 2, path: 'list.1' }, '{"list":[1,2]}', 'passed'],
    [{ type: 'contains', value: 'native', path: 'constructor' }, { a: 1 }, 'failed'],
  ])('%j on %j: %s', (assertion, output, expected) => {
    expect(stateOf(assertion, output)).toBe(expected);
  });

  it('judges likeness at its very threshold', () => {
    const similar = { type: 'similar', value: 'x', threshold: 0.8 };
    expect(stateOf(similar, 'y', { score: 0.8 })).toBe('passed');
    expect(stateOf(similar, 'y', { score: 0.7999 })).toBe('failed');
  });

  it('lets the judge say whether a rubric passes, and a threshold as well', () => {
    const rubric = { type: 'llm-rubric', value: 'polite' };
    expect(stateOf(rubric, 'y', { score: 0.2, passes: true })).toBe('passed');
    expect(stateOf(rubric, 'y', { score: 0.9, passes: false })).toBe('failed');
    expect(stateOf(rubric, 'y', { score: 1 })).toBe('failed');
    expect(stateOf({ ...rubric, threshold: 0.5 }, 'y', { score: 0.5 })).toBe('passed');
    expect(stateOf({ ...rubric, threshold: 0.5 }, 'y', { score: 0.9, passes: false })).toBe('failed');
  });

  it('passes nothing that was not judged, and says why it was not', () => {
    const two = caseWith({ type: 'contains', value: 'a' }, { type: 'similar', value: 'a' });
    expect(judgeCase(two, 'a', new Map())).toMatchObject({
      state: 'notJudged',
      score: 1,
      assertions: [{ state: 'passed' }, { state: 'notJudged', score: null, reason: expect.stringContaining('judge') }],
    });
    const unavailable = judgeCase(two, 'a', new Map([[1, { unavailable: 'The judge did not answer.' }]]));
    expect(unavailable.assertions[1]).toMatchObject({ state: 'notJudged', reason: 'The judge did not answer.' });
  });

  it('fails a case that fails one assertion, whatever else was not judged', () => {
    const two = caseWith({ type: 'contains', value: 'a' }, { type: 'similar', value: 'a' });
    expect(judgeCase(two, 'b', new Map()).state).toBe('failed');
  });

  it('does not judge a pattern that would take too long', () => {
    const case1 = caseWith({ type: 'regex', value: '(?:a?){900}b' });
    expect(judgeCase(case1, 'a'.repeat(500_000), new Map())).toMatchObject({
      state: 'notJudged',
      assertions: [{ reason: expect.stringContaining('too long') }],
    });
  });

  it('asks a judge only about parts that there are', () => {
    const two = caseWith(
      { type: 'similar', value: 'a', path: 'summary' },
      { type: 'llm-rubric', value: 'polite', path: 'nothing' },
    );
    expect(questionsOf(two, { summary: 'hello' })).toMatchObject([{ index: 0, output: 'hello' }]);
  });
});
