import { afterEach, describe, expect, it } from 'vitest';
import { makeAiJudge } from '../../../src/adapters/runners/ai/ai-judge.ts';
import { makeRunner } from '../../../src/adapters/runners/make-runner.ts';
import { figuresOf } from '../../../src/domain/suite/check-figures.ts';
import { judgeSettings } from '../../../src/domain/suite/operator-settings.ts';
import { parseSuite } from '../../../src/domain/suite/parse-suite.ts';
import type { Judge } from '../../../src/use-cases/ports/runners.ts';
import { runSuite } from '../../../src/use-cases/suite/run-suite.ts';
import { runRequest, SECRET } from '../../support/runners/run-request.ts';
import * as openai from '../../support/runners/speak-openai.ts';
import {
  type Answer,
  die,
  flood,
  hang,
  json,
  type LocalServer,
  startLocalServer,
} from '../../support/runners/start-local-server.ts';

const servers: LocalServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())));

async function serve(answer: Answer): Promise<LocalServer> {
  const server = await startLocalServer(answer);
  servers.push(server);
  return server;
}

async function run(runner: object, origin: string, cases: object[], judge: Judge | null = null) {
  const {
    input: _input,
    limits,
    signal,
    shadow: _shadow,
    ...request
  } = runRequest({ runner, limits: { timeoutMs: 1_500 } });
  return runSuite({
    suite: parseSuite(JSON.stringify({ name: 'triage', cases })),
    runner: makeRunner({ privateOrigins: [origin] }),
    judge,
    request,
    limits: { concurrency: 4, timeMs: 30_000, budget: 1, run: limits },
    signal,
  });
}

const asserting = (name: string, assert: object) => ({ name, input: { how: name }, assert: [assert] });
const yes = { type: 'exact', value: 'yes' };

describe('a suite against a runner that may do anything', () => {
  it('says of each case what happened, and keeps what was found out', async () => {
    const ways: Record<string, Answer> = {
      good: json({ output: 'yes', cost: 0.01 }),
      wrong: json({ output: 'no', cost: 0.01 }),
      lying: json({ output: 'yes', cost: -1 }),
      flooding: flood,
      dying: die,
      hanging: hang,
      leaking: json({ output: `yes ${SECRET}`, cost: 0.01 }),
    };
    const server = await serve((response, request) => ways[JSON.parse(request.body).input.how]?.(response, request));
    const runner = { kind: 'http', url: `${server.url}/`, secret: 'RUNNER_TOKEN' };
    const outcome = await run(
      runner,
      server.url,
      Object.keys(ways).map((name) => asserting(name, yes)),
    );
    expect(outcome.cases.map(({ name, state, error }) => [name, state, error?.kind])).toEqual([
      ['good', 'passed', undefined],
      ['wrong', 'failed', undefined],
      ['lying', 'errored', 'malformed'],
      ['flooding', 'errored', 'too_large'],
      ['dying', 'errored', 'died'],
      ['hanging', 'errored', 'timeout'],
      ['leaking', 'failed', undefined],
    ]);
    expect(outcome.end).toBe('completed');
    expect(JSON.stringify(outcome)).not.toContain('hunter2');
    expect(figuresOf(outcome)[0]).toMatchObject({
      state: 'failed',
      passed: 1,
      failed: 6,
      detail: expect.stringContaining('4 cases errored'),
    });
  });

  it('runs prompts through one model and has another judge them', async () => {
    const model = await serve(openai.says('Hello, dear customer.', { input: 100_000, output: 0 }));
    const verdict = openai.says('{"score": 0.8, "pass": true, "reason": "Kind."}', { input: 10_000, output: 0 });
    const judging = await serve(verdict);
    const prices = { m: { input: 1, output: 1 } };
    const settings = judgeSettings.parse({
      protocol: 'openai',
      url: `${judging.url}/v1`,
      model: 'm',
      allowPrivate: true,
      prices,
    });
    const endpoint = { protocol: 'openai', url: `${model.url}/v1`, secret: 'MODEL_KEY', prices };
    const outcome = await run(
      { kind: 'ai', providers: { theirs: endpoint } },
      model.url,
      [asserting('a', { type: 'llm-rubric', value: 'is polite', scale: 'tone', of: 5 })],
      makeAiJudge({ settings, variable: () => undefined }),
    );
    expect(outcome).toMatchObject({ passed: 1, costPerRun: 0.1, scales: [{ name: 'tone', score: 4, of: 5 }] });
    expect(outcome.cost).toBeCloseTo(0.11);
    expect(figuresOf(outcome).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'tests triage',
      'quality tone',
      'cost triage',
      'latency triage',
    ]);
  });
});
