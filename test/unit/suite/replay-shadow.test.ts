import { describe, expect, it } from 'vitest';
import { shadowFigures } from '../../../src/domain/suite/shadow-outcome.ts';
import { textLikeness } from '../../../src/domain/suite/text-likeness.ts';
import type { Json } from '../../../src/domain/workflow/json.ts';
import { RunnerFailure, type RunRequest } from '../../../src/use-cases/ports/runners.ts';
import { replayShadow, type ShadowReplay } from '../../../src/use-cases/suite/replay-shadow.ts';
import { runRequest } from '../../support/runners/run-request.ts';

function replayOf(
  inputs: readonly Json[],
  answer: (request: RunRequest) => Json | Error,
  more: Partial<ShadowReplay> = {},
): ShadowReplay {
  const {
    input: _input,
    limits,
    signal: _signal,
    shadow: _shadow,
    ...side
  } = runRequest({ runner: { kind: 'exec', command: 'x' } });
  return {
    inputs,
    proposed: { ...side, version: 2 },
    live: { ...side, version: 1 },
    judge: null,
    minSimilarity: 0.8,
    limits: { concurrency: 2, timeMs: 20_000, budget: null, run: limits },
    signal: new AbortController().signal,
    runner: {
      run: async (request) => {
        if (!request.shadow) throw new Error('It would have effects.');
        const output = answer(request);
        if (output instanceof Error) throw output;
        return { output, latencyMs: 1, cost: 0.1 };
      },
    },
    ...more,
  };
}

describe('replaying inputs on two versions', () => {
  it('finds what diverges, with the least alike first', async () => {
    const answer = ({ input, version }: RunRequest) => {
      if (version === 1 || input === 'same') return 'The system is down';
      return input === 'near' ? 'The system is down now' : 'I like cheese';
    };
    const outcome = await replayShadow(replayOf(['same', 'near', 'far', 'far away'], answer));
    expect(outcome).toMatchObject({ end: 'completed', total: 4, compared: 4, diverged: 2 });
    expect(outcome.examples[0]).toMatchObject({
      state: 'diverged',
      live: 'The system is down',
      proposed: 'I like cheese',
    });
    expect(shadowFigures(outcome)).toMatchObject({
      kind: 'shadow',
      state: 'failed',
      passed: 2,
      failed: 2,
      notJudged: 0,
    });
  });

  it('counts it as a divergence where only the proposed version fails, and as nothing where what is live does', async () => {
    const failure = new RunnerFailure('died', 'The model broke.');
    const proposedFails = await replayShadow(replayOf(['a'], ({ version }) => (version === 2 ? failure : 'x')));
    expect(proposedFails).toMatchObject({
      compared: 1,
      diverged: 1,
      examples: [{ proposed: '(no output: The model broke.)' }],
    });
    const liveFails = await replayShadow(replayOf(['a'], ({ version }) => (version === 1 ? failure : 'x')));
    expect(liveFails).toMatchObject({ compared: 0, diverged: 0 });
    expect(shadowFigures(liveFails)).toMatchObject({ state: 'errored', detail: expect.stringContaining('None') });
  });

  it('asks the judge about what is not the same, and judges nothing where it is silent', async () => {
    const asked: string[] = [];
    const judge = {
      similarity: async (expected: string) => {
        asked.push(expected);
        return { score: 0.9 };
      },
      grade: () => Promise.reject(new Error('not asked')),
    };
    const answer = ({ input, version }: RunRequest) => (input === 'same' ? 'x' : `v${version}`);
    expect(await replayShadow(replayOf(['same', 'other'], answer, { judge }))).toMatchObject({
      compared: 2,
      diverged: 0,
    });
    expect(asked).toEqual(['v1']);
    const silent = { ...judge, similarity: () => Promise.reject(new RunnerFailure('died', 'no')) };
    expect(await replayShadow(replayOf(['other'], answer, { judge: silent }))).toMatchObject({ compared: 0 });
  });

  it('keeps within its money, and says that it was cut short', async () => {
    const replay = replayOf(['a', 'b', 'c', 'd'], () => 'x');
    const outcome = await replayShadow({ ...replay, limits: { ...replay.limits, budget: 0.5 } });
    expect(outcome).toMatchObject({ end: 'budget', compared: 2 });
    expect(shadowFigures(outcome)).toMatchObject({ state: 'errored' });
  });

  it('counts what a side spent that came to nothing', async () => {
    const failing = ({ version }: RunRequest) => (version === 1 ? 'x' : new RunnerFailure('died', 'No.', null, 0.1));
    const replay = replayOf(['a', 'b', 'c', 'd'], failing);
    const outcome = await replayShadow({ ...replay, limits: { ...replay.limits, budget: 0.5 } });
    expect(outcome).toMatchObject({ end: 'budget', compared: 2 });
  });

  it('counts a replay as two runs', async () => {
    const replay = replayOf(['a', 'b', 'c', 'd'], () => 'x');
    const run = { ...replay.limits.run, cost: 0.1 };
    const outcome = await replayShadow({ ...replay, limits: { ...replay.limits, run, budget: 0.3 } });
    expect(outcome).toMatchObject({ end: 'budget', compared: 1 });
  });

  it('passes nothing without inputs', async () => {
    expect(shadowFigures(await replayShadow(replayOf([], () => 'x')))).toMatchObject({
      state: 'errored',
      detail: expect.stringContaining('no inputs'),
    });
  });
});

describe('the likeness of two outputs by their words', () => {
  it.each<[Json, Json, number]>([
    ['a b c d', 'a b c d', 1],
    ['a b c d', 'd c b a', 1],
    ['a b', 'a c', 0.5],
    ['a', 'b', 0],
    ['{"a": 1, "b": 2}', { b: 2, a: 1 }, 1],
    [' x\n', 'x', 1],
    ['', '', 1],
    ['', 'a', 0],
  ])('%j and %j: %s', (one, other, expected) => {
    expect(textLikeness(one, other)).toBe(expected);
  });
});
