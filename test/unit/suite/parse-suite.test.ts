import { describe, expect, it } from 'vitest';
import { parseSuite } from '../../../src/domain/suite/parse-suite.ts';
import { InvalidDefinitionError } from '../../../src/domain/workflow/invalid-definition-error.ts';

const GOOD = `
name: triage
concurrency: 4
timeout: 30s
budget: 1.5
cases:
  - name: an urgent ticket
    input: { ticket: "Everything is down" }
    assert:
      - { type: contains, value: urgent, ignoreCase: true }
      - { type: exact, value: { queue: tech } }
      - { type: regex, value: "^[A-Z]", flags: m, not: true }
      - { type: json-schema, value: { type: object, required: [queue] } }
      - { type: similar, value: "The system is down." }
      - { type: llm-rubric, value: "is polite", scale: politeness, of: 5, path: summary.text }
`;

function problemsOf(source: string) {
  try {
    parseSuite(source, 'suite.yaml');
  } catch (error) {
    if (error instanceof InvalidDefinitionError) return error.problems;
    throw error;
  }
  return [];
}

const withAssertion = (assertion: string) => `cases:\n  - name: one\n    input: x\n    assert:\n      - ${assertion}\n`;

describe('a suite as its file writes it', () => {
  it('is read with what it leaves out', () => {
    const suite = parseSuite(GOOD);
    expect(suite).toMatchObject({ name: 'triage', concurrency: 4, timeoutMs: 30_000, budget: 1.5 });
    expect(suite.cases[0]?.assertions).toMatchObject([
      { type: 'contains', value: 'urgent', ignoreCase: true, not: false },
      { type: 'exact', value: { queue: 'tech' }, not: false },
      { type: 'regex', not: true },
      { type: 'json-schema' },
      { type: 'similar', threshold: 0.75 },
      { type: 'llm-rubric', threshold: null, scale: { name: 'politeness', of: 5 }, path: ['summary', 'text'] },
    ]);
  });

  it('may be JSON', () => {
    const json = JSON.stringify({ cases: [{ name: 'a', input: 1, assert: [{ type: 'exact', value: 2 }] }] });
    expect(parseSuite(json).cases).toHaveLength(1);
  });

  it.each([
    ['type: container, value: x', 'did you mean ‘contains’?', 'cases[0].assert[0].type'],
    ['type: contains, value: x, valeu: y', '“valeu”', 'cases[0].assert[0].valeu'],
    ['type: contains', 'is missing', 'cases[0].assert[0].value'],
    ['type: regex, value: "(?=a)"', 'ahead or behind', 'cases[0].assert[0].value'],
    ['type: regex, value: "(", flags: g', 'flags', 'cases[0].assert[0].value'],
    ['type: json-schema, value: { $ref: "http://x/y" }', 'nothing is fetched', 'cases[0].assert[0].value.$ref'],
    ['type: json-schema, value: { type: text }', 'no JSON schema', 'cases[0].assert[0].value'],
    ['type: similar, value: x, threshold: 2', 'most allowed', 'cases[0].assert[0].threshold'],
  ])('{ %s } is refused with its line and path', (assertion, message, path) => {
    const [problem] = problemsOf(withAssertion(`{ ${assertion} }`));
    expect(problem).toMatchObject({ line: 5, path });
    expect(problem?.message).toContain(message);
  });

  it('lists several problems at once, in the order of their lines', () => {
    const source =
      'cases:\n  - name: a\n    input: 1\n    assert:\n      - { type: exact }\n  - name: a\n    input: 1\n    assert:\n      - { type: nothing }\n';
    expect(problemsOf(source).map(({ line, path }) => [line, path])).toEqual([
      [5, 'cases[0].assert[0].value'],
      [6, 'cases[1].name'],
      [9, 'cases[1].assert[0].type'],
    ]);
  });

  it('refuses a case without assertions, more than 500 cases, and two tops of one scale', () => {
    expect(problemsOf('cases: [{ name: a, input: 1, assert: [] }]')[0]?.message).toContain('proves nothing');
    const many = Array.from({ length: 501 }, (_, i) => ({
      name: `${i}`,
      input: 1,
      assert: [{ type: 'exact', value: 1 }],
    }));
    expect(problemsOf(JSON.stringify({ cases: many }))[0]?.message).toContain('500');
    const rubric = (of: number) => ({ type: 'llm-rubric', value: 'x', scale: 'tone', of });
    const scales = { cases: [{ name: 'a', input: 1, assert: [rubric(5), rubric(4)] }] };
    expect(problemsOf(JSON.stringify(scales))[0]).toMatchObject({ path: 'cases[0].assert[1].of' });
  });

  it('refuses patterns and schemas that are too much together', () => {
    const suite = (assertion: (index: number) => object) =>
      JSON.stringify({
        cases: Array.from({ length: 300 }, (_, i) => ({ name: `${i}`, input: 1, assert: [assertion(i)] })),
      });
    const patterns = suite((index) => ({ type: 'regex', value: `(a{50}){50}${index}` }));
    expect(problemsOf(patterns)[0]).toMatchObject({ path: 'cases[79].assert[0].value' });
    expect(problemsOf(suite(() => ({ type: 'regex', value: '(a{50}){50}' })))).toEqual([]);
    expect(problemsOf(suite((index) => ({ type: 'json-schema', value: { minLength: index } })))[0]?.message).toContain(
      '200',
    );
  });

  it('refuses aliases that would grow without end, and keys that reach into JavaScript', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n`;
    expect(problemsOf(bomb)[0]?.message).toContain('aliases');
    expect(problemsOf(withAssertion('{ type: exact, value: { __proto__: { a: 1 } } }'))[0]?.message).toContain(
      '__proto__',
    );
  });
});
