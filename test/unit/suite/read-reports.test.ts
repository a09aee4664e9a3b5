import { describe, expect, it } from 'vitest';
import { readJunit } from '../../../src/domain/suite/read-junit.ts';
import { readPromptfoo } from '../../../src/domain/suite/read-promptfoo.ts';

const promptfoo = (results: object[], more: object = {}) =>
  JSON.stringify({
    evalId: 'eval-1',
    results: {
      version: 3,
      timestamp: '2026-11-21T10:00:00Z',
      prompts: [],
      results,
      stats: { successes: 1, failures: 1, errors: 0 },
    },
    config: { description: 'Triage' },
    shareableUrl: 'https://app.promptfoo.dev/eval/1',
    ...more,
  });

const GOOD = { success: true, score: 1, latencyMs: 100, cost: 0.01, failureReason: 0, namedScores: { tone: 0.8 } };

describe('a result file of promptfoo', () => {
  it('gives tests, qualities, cost and latency', () => {
    const bad = {
      ...GOOD,
      success: false,
      failureReason: 1,
      latencyMs: 300,
      cost: 0.03,
      namedScores: { tone: 0.6 },
      error: 'Expected "x"',
    };
    const shared = { name: 'Triage', source: 'promptfoo', url: 'https://app.promptfoo.dev/eval/1' };
    expect(readPromptfoo(promptfoo([GOOD, bad]))).toEqual([
      { ...shared, kind: 'tests', state: 'failed', passed: 1, failed: 1, notJudged: 0, detail: 'Expected "x"' },
      { ...shared, kind: 'quality', name: 'tone', state: 'passed', score: 0.7, of: 1 },
      { ...shared, kind: 'cost', state: 'passed', costPerRun: 0.02 },
      { ...shared, kind: 'latency', state: 'passed', p95: 300 },
    ]);
  });

  it('tells what errored from what failed', () => {
    const errored = {
      success: false,
      failureReason: 2,
      error: 'API error: 500',
      latencyMs: 0,
      testCase: { description: 'long ticket' },
    };
    expect(readPromptfoo(promptfoo([errored]))).toEqual([
      expect.objectContaining({ kind: 'tests', state: 'errored', failed: 1, detail: 'long ticket: API error: 500' }),
    ]);
  });

  it('tells no cost where a result keeps its own', () => {
    const kinds = readPromptfoo(promptfoo([GOOD, { success: true, latencyMs: 5 }])).map(({ kind }) => kind);
    expect(kinds).toEqual(['tests', 'quality', 'latency']);
  });

  it.each([
    ['{"results": []}', /promptfoo/],
    ['{"anything": 1}', /results/],
    [promptfoo([]), /no result/],
    [promptfoo([{ success: 'yes' }]), /results\.results\[0\]\.success/],
    ['[1]', /mapping/],
    ['{"results": {"__proto__": 1}}', /__proto__/],
  ])('refuses %s', (source, message) => {
    expect(() => readPromptfoo(source, 'results.json')).toThrow(message);
  });

  it('shows no address that is none', () => {
    expect(readPromptfoo(promptfoo([GOOD], { shareableUrl: 'javascript:alert(1)' }))[0]).not.toHaveProperty('url');
  });
});

const REPORT = `<?xml version="1.0" encoding="UTF-8"?>
<!-- made by a tool -->
<testsuites name="triage">
  <testsuite name="inner" tests="4">
    <testcase classname="a" name="one" time="0.1"/>
    <testcase classname="a" name="two &amp; three" time="0.3"><failure message="expected &lt;1&gt;">stack</failure></testcase>
    <testsuite name="deeper">
      <testcase name="four" time="0.2"><error>it broke</error></testcase>
      <testcase name="five" time="0"><skipped/></testcase>
      <testcase name="six" time="0.2"><system-out><![CDATA[<!DOCTYPE html><testcase/>]]></system-out></testcase>
    </testsuite>
  </testsuite>
</testsuites>`;

describe('a JUnit report', () => {
  it('counts cases wherever they stand, and measures what ran', () => {
    expect(readJunit(REPORT)).toEqual([
      {
        ...{ kind: 'tests', name: 'triage', source: 'junit', state: 'failed', passed: 2, failed: 2, notJudged: 1 },
        detail: 'a › two & three: expected <1>',
      },
      { kind: 'latency', name: 'triage', source: 'junit', state: 'passed', p95: 300 },
    ]);
  });

  it('reads a single suite, and its failures that are several or empty', () => {
    const source = '<testsuite><testcase name="a"><failure/><failure/></testcase><testcase name="b"/></testsuite>';
    expect(readJunit(source)).toMatchObject([{ name: 'junit', passed: 1, failed: 1, detail: 'a' }]);
  });

  it('says of a report where everything was skipped that nothing passed', () => {
    const source = '<testsuite name="s"><testcase name="a"><skipped message="why"/></testcase></testsuite>';
    expect(readJunit(source)).toMatchObject([{ state: 'failed', passed: 0, notJudged: 1 }]);
  });

  it.each([
    [
      '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><testsuite><testcase name="&b;"/></testsuite>',
      /document type/,
    ],
    ['<?xml version="1.0"?><!--c--> <!DOCTYPE x SYSTEM "file:///etc/passwd"><testsuite/>', /document type/],
    [`${'<testsuite>'.repeat(100)}<testcase/>${'</testsuite>'.repeat(100)}`, /no XML that can be read/],
    ['<testsuite><testcase>', /no XML/],
    ['hello', /no XML|no JUnit/],
    ['<html><body/></html>', /no JUnit report/],
    ['<testsuites/>', /no JUnit report|no <testcase>/],
    [`<testsuite>${' '.repeat(10 * 1024 * 1024)}</testsuite>`, /10 MB/],
  ])('refuses %.60s', (source, message) => {
    expect(() => readJunit(source, 'report.xml')).toThrow(message);
  });

  it('takes names that reach into JavaScript for names', () => {
    const source =
      '<testsuite name="__proto__"><testcase name="constructor"><failure message="__proto__"/></testcase></testsuite>';
    expect(readJunit(source)).toMatchObject([{ name: '__proto__', detail: 'constructor: __proto__' }]);
  });
});
