import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkMessageBlocks } from '../../../src/adapters/sandbox/block-kit/check-blocks.ts';
import { MAX_BLOCKS, MAX_CHARACTERS } from '../../../src/adapters/slack/blocks/fit-message.ts';
import { runsAnswer } from '../../../src/adapters/slack/blocks/run-answers.ts';
import { RUN_OUTCOMES } from '../../../src/domain/run-record.ts';
import type { RunFiguresView, RunView } from '../../../src/use-cases/views.ts';
import { hostileText } from './support/hostile-views.ts';

const AT = new Date('2026-03-10T12:00:00Z');
const workflow = { id: 'w', slug: 'summarize-flow', department: null };
const names = {
  workflow,
  version: { id: 'v', number: 12, label: 'add-urgency-classifier', author: 'U0DEV' },
  environment: { id: 'e', name: 'staging', badge: '' },
};
const figures = (more: Partial<RunFiguresView> = {}): RunFiguresView => ({
  ...{
    environment: names.environment,
    version: names.version,
    runs: 1_200,
    failed: 24,
    cancelled: 3,
    errorRate: 0.0204,
  },
  ...{
    p50: 240,
    p95: 1_310,
    cost: 12.4,
    inputTokens: 1_234_567,
    outputTokens: null,
    firstStarted: AT,
    lastStarted: AT,
  },
  ...more,
});
const run = (more: Partial<RunView> = {}): RunView => ({
  ...{
    ...names,
    runId: 'r1',
    started: AT,
    received: AT,
    durationMs: 900,
    outcome: 'failed',
    error: null,
    cost: 0.0123,
  },
  ...{ inputTokens: 1, outputTokens: 2, key: null, traceUrl: null, input: null, output: null, ...more },
});
const texts = (answer: { blocks?: readonly unknown[] }) =>
  (answer.blocks ?? []).map((block) => (block as { text: { text: string } }).text?.text ?? '');

describe('the runs of a workflow', () => {
  it('are summed up by version, then told one by one', () => {
    const answer = runsAnswer({ workflow, since: AT, figures: [figures()] }, [run({ error: 'It <broke>' })], {});
    const [title, version, , last] = texts(answer);
    expect(title).toMatch(/^\*Runs of summarize-flow since <!date/);
    expect(version).toBe(
      '*v12 (add-urgency-classifier)* in staging: 1,200 runs, 2% failed (24), 3 cancelled\n' +
        'latency p50 240 ms, p95 1.3 s · $12.40 in all, $0.01 a run · 1.2M tokens in, 0 out',
    );
    expect(last).toMatch(
      /: v12 \(add-urgency-classifier\) in staging \*failed\* after 900 ms · \$0\.012\n“It &lt;broke&gt;”$/,
    );
  });

  it.each([
    [{ errorRate: 0.0004, failed: 1 }, 'less than 0.1% failed (1)'],
    [{ errorRate: 0, failed: 0 }, ', 0% failed, 3 cancelled'],
    [{ runs: 1, errorRate: null, failed: 0, cancelled: 1 }, ': 1 run, 1 cancelled'],
    [{ cost: null, inputTokens: null }, 'p95 1.3 s'],
    [{ p50: 90_000, p95: 9_000_000 }, 'latency p50 2 min, p95 3 h'],
  ])('with %j say %s', (more, words) => {
    expect(texts(runsAnswer({ workflow, since: AT, figures: [figures(more)] }, [run()], {}))[1]).toContain(words);
  });

  it('link their trace by an address that nothing in it ends', () => {
    const traceUrl = 'https://t.example.com/?a=1&b=<x>|y`';
    const text = texts(runsAnswer({ workflow, since: AT, figures: [] }, [run({ traceUrl })], {})).at(-1);
    expect(text).toContain('<https://t.example.com/?a=1&amp;b=%3Cx%3E%7Cy%60|trace>');
  });

  it('that nobody reported say how to report them', () => {
    const answer = runsAnswer({ workflow, since: AT, figures: [] }, [], { environment: 'staging' });
    expect(answer).toEqual({ text: expect.stringContaining('No run of summarize-flow was reported there.') });
    expect(answer.text).toContain('POST /api/v1/runs');
  });

  it('are taken by Slack whatever they say', () => {
    const count = fc.nat({ max: 1e9 });
    const someFigures = fc.record({
      p50: count,
      p95: count,
      cost: fc.option(fc.double({ min: 0, max: 1e12, noNaN: true })),
    });
    const someRun = fc.record({
      error: fc.option(hostileText),
      durationMs: count,
      outcome: fc.constantFrom(...RUN_OUTCOMES),
    });
    const lists = fc.tuple(
      fc.array(someFigures, { maxLength: 100 }),
      fc.array(someRun, { minLength: 1, maxLength: 10 }),
      hostileText,
    );
    fc.assert(
      fc.property(lists, ([many, last, label]) => {
        const version = { ...names.version, label };
        const answer = runsAnswer(
          { workflow, since: AT, figures: many.map((one) => figures({ ...one, version })) },
          last.map((one) => run({ ...one, version, traceUrl: `https://t.example.com/${'x'.repeat(1_900)}` })),
          {},
        );
        const blocks = answer.blocks ?? [];
        checkMessageBlocks(blocks, () => false);
        expect(blocks.length).toBeLessThanOrEqual(MAX_BLOCKS);
        expect(JSON.stringify(blocks).length).toBeLessThan(MAX_CHARACTERS);
        for (const text of texts(answer))
          expect(text.replace(/<(!date\^[^<>]*|https:\/\/t\.example\.com\/x*\|trace)>/g, '')).not.toMatch(/[<>]/);
      }),
      { numRuns: 100, endOnFailure: true },
    );
  });
});
