import { describe, expect, test } from 'vitest';
import { suiteRunMessage, testedAnswer } from '../../../src/adapters/slack/blocks/suite-run-message.ts';
import type { KeptCheck } from '../../../src/use-cases/ports.ts';
import type { CheckCaseView, SuiteRunView } from '../../../src/use-cases/views.ts';
import { AT, at, open, seen, v5, v7 } from './support/an-open-promotion.ts';
import { expectTaken } from './support/expect-taken.ts';

const check = (more: Partial<KeptCheck>): KeptCheck => ({
  ...{ id: 'c1', kind: 'tests', name: 'smoke', environmentId: 'e2', versionId: 'v7', at, receivedAt: at, by: 'U0LEE' },
  ...{ state: 'passed', source: 'suite' },
  ...more,
});
const results = (passed: number, costPerRun: number, p95: number): KeptCheck[] => [
  check({ passed, failed: 40 - passed }),
  check({ kind: 'quality', name: 'tone', score: 4.25, of: 5 }),
  check({ kind: 'cost', costPerRun }),
  check({ kind: 'latency', p95 }),
];
const oneCase = (more: Partial<CheckCaseView>): CheckCaseView => ({
  ...{ name: 'refund', state: 'passed', message: null, output: null, input: null, live: null },
  ...{ similarity: null, cost: null, latencyMs: null },
  ...more,
});
const running: SuiteRunView = {
  ...{ id: 'r1', kind: 'suite', workflow: open.workflow, version: v7, environment: open.to },
  ...{ total: 40, done: 12, passed: 11, failed: 1, notJudged: 0, errored: 0, cost: 0.42, suite: 3 },
  ...{ promotionId: null, askedBy: 'U0LEE', state: 'running', budget: 5 },
  ...{ askedAt: at, startedAt: at, endedAt: null, detail: null, results: [], live: null, cases: [] },
};
const completed: SuiteRunView = {
  ...running,
  ...{ state: 'completed', done: 40, passed: 37, failed: 2, errored: 1, cost: 1.24 },
  endedAt: new Date(at.getTime() + 94_000),
  results: results(37, 0.031, 2_600),
  live: { version: v5, results: results(38, 0.029, 2_400) },
  cases: [
    oneCase({ state: 'failed', message: 'It does not contain “refund”.', output: 'No.', cost: 0.03, latencyMs: 1_240 }),
    oneCase({ name: 'greeting' }),
  ],
};
const rowsOf = (run: SuiteRunView) =>
  suiteRunMessage(run).blocks.flatMap((block) =>
    block.type === 'table'
      ? block.rows.map((row) => row.map((cell) => ('text' in cell ? cell.text : '')).join(' | '))
      : [],
  );

describe('the message of a run', () => {
  test.each<[string, Partial<SuiteRunView>, string]>([
    ['waits', { state: 'queued' }, '⏳ waiting for its turn, 40 cases'],
    ['runs', {}, '⏳ 12 of 40 so far, 1 failed'],
    ['ended well', { state: 'completed', passed: 40, failed: 0 }, '✓ 40 of 40 passed'],
    ['ended badly', { state: 'completed', passed: 38, notJudged: 1 }, '✗ 38 of 40 passed, 1 failed, 1 not judged'],
    ['failed', { state: 'failed', detail: 'It <ended>.' }, '⚠️ could not be carried out, after 12 of 40'],
    ['was stopped', { state: 'stopped' }, '⚠️ stopped after 12 of 40, 1 failed'],
    ['replays', { kind: 'shadow' }, '⏳ 12 of 40 so far, 1 diverged'],
  ])('that %s says how it stands, first of all', (_, more, words) => {
    const message = suiteRunMessage({ ...running, ...more });
    expectTaken(message);
    expect(JSON.stringify(message.blocks[0])).toContain(words);
    expect(message.text).toContain(words.slice(words.indexOf(' ') + 1));
  });

  test('lets a run be stopped while it goes on, and be run again once it ended', () => {
    expect(seen(suiteRunMessage(running)).buttons).toEqual(['Stop']);
    expect(seen(suiteRunMessage(completed)).buttons).toEqual(['All cases', 'Run again']);
    expect(seen(suiteRunMessage({ ...running, state: 'stopped' })).buttons).toEqual(['Run again']);
  });

  test('shows at its end each figure beside that of what is live', () => {
    expect(rowsOf(completed)).toEqual([
      '  | v7 | Live (v5)',
      'Pass rate | 92.5% | 95%',
      'Tone | 4.25 of 5 | 4.25 of 5',
      'Cost of a run | $0.031 | $0.029',
      'Latency, p95 | 2.6 s | 2.4 s',
    ]);
    expect(rowsOf(running)).toEqual([]);
  });

  test('shows nothing beside where nothing is live, and a dash for what is not known of it', () => {
    expect(rowsOf({ ...completed, live: null })[1]).toBe('Pass rate | 92.5%');
    expect(rowsOf({ ...completed, live: { version: v5, results: [] } })[1]).toBe('Pass rate | 92.5% | –');
    const errored = [check({ state: 'errored', passed: 1, failed: 39 })];
    expect(rowsOf({ ...completed, live: { version: v5, results: errored } })[1]).toBe('Pass rate | 92.5% | –');
  });

  test('shows beside what Towpath ran what it ran on what is live, and else what was reported', () => {
    const reported = check({ source: 'api', passed: 10, failed: 30 });
    const own = check({ passed: 38, failed: 2 });
    const beside = (...live: KeptCheck[]) => rowsOf({ ...completed, live: { version: v5, results: live } })[1];
    expect(beside(reported, own)).toBe('Pass rate | 92.5% | 95%');
    expect(beside(reported)).toBe('Pass rate | 92.5% | 25%');
  });

  test('shows what did not pass with what it gave out, and not the rest', () => {
    const { text } = seen(suiteRunMessage(completed));
    expect(text).toContain('✗ *refund* ($0.03 · 1.2 s): It does not contain “refund”.');
    expect(text).toContain('"text":"No."');
    expect(text).not.toContain('greeting');
    const many = Array.from({ length: 30 }, (_, i) => oneCase({ name: `case ${i + 1}`, state: 'failed' }));
    const shown = seen(suiteRunMessage({ ...completed, cases: many })).text;
    expect(shown).toContain('*Did not pass*, the first 5 of 30');
    expect(shown).not.toContain('case 6');
  });

  test('shows of a replay how alike answers were, and an example', () => {
    const example = {
      name: 'Example 1',
      state: 'diverged',
      similarity: 0.319,
      input: '{"q":1}',
      live: 'Yes',
      output: 'No',
    } as const;
    const results = [check({ kind: 'shadow', score: 0.918 })];
    const replay: SuiteRunView = { ...completed, kind: 'shadow', results };
    const { text } = seen(suiteRunMessage({ ...replay, cases: [oneCase(example)] }));
    expect(text).toContain('37 of 40 answered alike, 2 diverged, 1 errored, similarity 0.91 on average');
    expect(text).toContain('✗ diverged: *Example 1* (similarity 0.31)');
    expect(text).toContain(String.raw`Input: {\"q\":1}\nLive: Yes\nProposed: No`);
  });

  test('says in small print who asked, how long it took and what it cost', () => {
    expect(seen(suiteRunMessage(completed)).text).toContain(
      `Asked for by <@U0LEE> ${AT} · took 1 min 34 s · $1.24 in all, at most $5.00 · suite 3`,
    );
    expect(seen(suiteRunMessage({ ...running, askedBy: 'clock', budget: null })).text).toContain(
      `Run by itself ${AT} · $0.42 so far · suite 3`,
    );
  });

  test('is what whoever asked is sent to', () => {
    expect(testedAnswer({ ...running, already: false }).text).toBe(
      'Testing summarize-flow v7 (add-urgency) in staging: 40 cases. A message here shows how it goes.',
    );
    expect(testedAnswer({ ...running, already: true }).text).toContain('run already');
  });
});
