import { afterEach, describe, expect, it } from 'vitest';
import { makeRunner } from '../../../src/adapters/runners/make-runner.ts';
import { failureOf, runRequest, SECRET } from '../../support/runners/run-request.ts';
import * as anthropic from '../../support/runners/speak-anthropic.ts';
import * as openai from '../../support/runners/speak-openai.ts';
import {
  type Answer,
  hang,
  type LocalServer,
  startLocalServer,
  text,
} from '../../support/runners/start-local-server.ts';

let server: LocalServer | undefined;
afterEach(() => server?.stop());

type Parts = Partial<Parameters<typeof runRequest>[0]>;

async function run(protocol: 'openai' | 'anthropic', answers: Answer | Answer[], more: Parts = {}) {
  const turns = [answers].flat();
  let turn = 0;
  server = await startLocalServer((response, request) => {
    (turns[Math.min(turn++, turns.length - 1)] as Answer)(response, request);
  });
  const prices = { m: { input: 1, output: 10 } };
  const endpoint = { protocol, url: `${server.url}/v1`, secret: 'MODEL_KEY', prices };
  return makeRunner({ privateOrigins: [server.url] }).run(
    runRequest({ ...more, runner: { kind: 'ai', providers: { theirs: endpoint } } }),
  );
}

const asked = (index = 0) => JSON.parse(server?.requests[index]?.body ?? '{}');

/** A workflow of these steps, each an `llm` step of the model m unless it says otherwise. */
const workflow = (steps: object[], executionMode = 'sequential') => ({
  definition: {
    apiVersion: 'towpath/v1',
    name: 'w',
    executionMode,
    steps: steps.map((step) => ({ type: 'llm', model: 'm', ...step })),
  },
});

const only = (step: object) => workflow([{ id: 'one', task: 'Say hello', ...step }]);

describe('the ai runner with an endpoint that speaks OpenAI’s protocol', () => {
  it('asks for a stream and gives the text with its cost', async () => {
    const step = {
      systemPrompt: 'You know {{ inputs.ticket }}.',
      task: 'Summarise: {{ inputs.ticket }}',
      expectedOutput: 'one line',
      modelParameters: { temperature: 0.2, maxTokens: 50 },
    };
    const answer = await run('openai', openai.says('It is down.', { input: 1_000_000, output: 100_000 }), only(step));
    expect(answer).toMatchObject({ output: 'It is down.', cost: 2, tokens: { input: 1_000_000, output: 100_000 } });
    expect(server?.requests[0]?.path).toBe('/v1/chat/completions');
    expect(server?.requests[0]?.headers['authorization']).toBe(`Bearer ${SECRET}`);
    expect(asked()).toMatchObject({ model: 'm', stream: true, temperature: 0.2, max_tokens: 50 });
    expect(asked().messages).toEqual([
      { role: 'system', content: 'You know It is down.' },
      { role: 'user', content: 'Summarise: It is down\n\nExpected output: one line' },
    ]);
    expect(asked().tools).toBeUndefined();
  });

  it('tells no cost where the provider counts no tokens', async () => {
    expect(await run('openai', openai.says('x', null))).not.toHaveProperty('cost');
  });

  it('waits as long as a rate limit asks, and asks again', async () => {
    const limited = openai.fails(429, 'Rate limit reached', { 'retry-after': '0' });
    expect(await run('openai', [limited, limited, openai.says('at last')])).toMatchObject({ output: 'at last' });
    expect(server?.requests).toHaveLength(3);
  });

  it('gives up where a rate limit asks for more time than there is, or never ends', async () => {
    const late = openai.fails(429, 'Rate limit reached', { 'retry-after': '7200' });
    expect(await failureOf(run('openai', late))).toMatchObject({
      kind: 'rate_limited',
      message: expect.stringContaining('7200 s'),
    });
    await server?.stop();
    const ever = openai.fails(429, 'Rate limit reached', { 'retry-after': '0' });
    expect(await failureOf(run('openai', ever))).toMatchObject({
      kind: 'rate_limited',
      message: expect.stringContaining('Rate limit reached'),
    });
    expect(server?.requests).toHaveLength(3);
  });

  it('heeds what a step says of its retries', async () => {
    const retry = { retry: { maxAttempts: 1 } };
    await failureOf(run('openai', openai.fails(500, 'oops'), only(retry)));
    expect(server?.requests).toHaveLength(1);
  });

  const once = only({ retry: { maxAttempts: 1 } });
  it.each<[string, string, RegExp, Answer]>([
    ['knows no such key', 'refused', /401: the secret/, openai.fails(401, `Incorrect API key provided: ${SECRET}`)],
    ['knows no such model', 'refused', /404.*no model m/, openai.fails(404, 'There is no model m')],
    ['breaks', 'died', /500/, openai.fails(500, 'oops')],
    ['fails in the stream', 'died', /overloaded/, openai.failsInTheStream],
    ['breaks off abruptly', 'died', /in the middle/, openai.breaksOff('abruptly')],
    ['breaks off as if it had ended', 'died', /in the middle/, openai.breaksOff('cleanly')],
    ['sends nonsense', 'malformed', /can’t be read/, openai.sendsNonsense],
    ['is a page', 'died', /no stream/, text('<html></html>', 'text/html')],
    ['calls a tool', 'malformed', /delete_everything.*none is offered/, openai.callsATool],
    ['streams 50 MB', 'too_large', /10 MB/, openai.streams50MB],
    ['streams 50 MB packed into a few', 'too_large', /10 MB/, openai.packs50MB],
    ['answers nothing', 'malformed', /answered nothing/, openai.says('')],
    [
      'leads elsewhere',
      'refused',
      /redirect/,
      (response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
    ],
  ])('an endpoint that %s: %s, naming the step', async (_what, kind, message, answer) => {
    const failure = await failureOf(run('openai', answer, once));
    expect(failure).toMatchObject({ kind, message: expect.stringMatching(message) });
    expect(failure.message).toMatch(/^Step one: /);
    expect(`${failure.stack}`).not.toContain('hunter2');
  });

  it.each([
    ['hangs', hang],
    ['falls silent in the middle', openai.fallsSilent],
  ])('gives up an endpoint that %s, and lets go of the connection', async (_what, answer) => {
    expect(await failureOf(run('openai', answer, { limits: { timeoutMs: 300 } }))).toMatchObject({ kind: 'timeout' });
    await server?.leaving;
  });

  it('heeds the time that a step has', async () => {
    const failure = await failureOf(run('openai', hang, only({ timeout: '200ms' })));
    expect(failure).toMatchObject({ kind: 'timeout', message: 'Step one: The step took longer than 0.2 s.' });
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    await expect(run('openai', () => stop.abort(new Error('closed')), { signal: stop.signal })).rejects.toThrow(
      'closed',
    );
  });

  it('takes the secret out of what a model says', async () => {
    expect(await run('openai', openai.says(`The key is ${SECRET} !`))).toMatchObject({
      output: 'The key is [secret] !',
    });
  });

  it('says of a run that came to nothing what it had spent by then', async () => {
    const steps = [
      { id: 'a', task: 'A' },
      { id: 'b', task: 'B' },
    ];
    const dear = openai.says('x', { input: 1_000_000, output: 0 });
    const refused = await failureOf(run('openai', [dear, text('no', 'text/plain', 400)], workflow(steps)));
    expect(refused).toMatchObject({ kind: 'refused', cost: 1 });
    await server?.stop();
    const late = await failureOf(run('openai', [dear, hang], { ...workflow(steps), limits: { timeoutMs: 1_000 } }));
    expect(late).toMatchObject({ kind: 'timeout', cost: 1 });
  });

  it('ends a chain at the most that a run may cost', async () => {
    const steps = [
      { id: 'a', task: 'A' },
      { id: 'b', task: 'B' },
    ];
    const dear = openai.says('x', { input: 1_000_000, output: 0 });
    const failure = await failureOf(run('openai', dear, { ...workflow(steps), limits: { cost: 0.5 } }));
    expect(failure).toMatchObject({ kind: 'refused', message: expect.stringContaining('$0.5') });
    expect(server?.requests).toHaveLength(1);
  });
});

describe('the ai runner with an endpoint that speaks Anthropic’s protocol', () => {
  it('asks for a stream and gives the text with its cost', async () => {
    const answer = await run(
      'anthropic',
      anthropic.says('Hello', { input: 100_000, output: 10_000 }),
      only({ systemPrompt: 'Be kind.' }),
    );
    expect(answer).toMatchObject({ output: 'Hello', tokens: { input: 100_000, output: 10_000 } });
    expect(answer.cost).toBeCloseTo(0.2);
    expect(server?.requests[0]?.path).toBe('/v1/messages');
    expect(server?.requests[0]?.headers['x-api-key']).toBe(SECRET);
    expect(asked()).toMatchObject({ model: 'm', stream: true });
    expect(JSON.stringify(asked().system)).toContain('Be kind.');
  });

  const once = only({ retry: { maxAttempts: 1 } });
  it.each<[string, string, RegExp, Answer]>([
    [
      'is limited',
      'rate_limited',
      /Number of requests/,
      anthropic.fails(429, 'rate_limit_error', 'Number of requests exceeded'),
    ],
    ['is overloaded', 'died', /529.*Overloaded/, anthropic.fails(529, 'overloaded_error', 'Overloaded')],
    ['is overloaded in the stream', 'died', /Overloaded/, anthropic.failsInTheStream],
    ['breaks off', 'died', /in the middle/, anthropic.breaksOff],
    ['knows no such key', 'refused', /secret/, anthropic.fails(401, 'authentication_error', 'invalid x-api-key')],
  ])('an endpoint that %s: %s', async (_what, kind, message, answer) => {
    expect(await failureOf(run('anthropic', answer, once))).toMatchObject({
      kind,
      message: expect.stringMatching(message),
    });
  });
});

describe('what the ai runner does not do', () => {
  it.each<[object, RegExp]>([
    [{ tools: ['search'] }, /uses tools \(search\)/],
    [{ dataSources: ['crm'] }, /data sources \(crm\)/],
    [{ mcpServers: ['slack'] }, /MCP servers \(slack\)/],
    [{ type: 'http', http: { url: 'https://example.com' } }, /type http/],
    [{ type: 'code', code: { source: 'x' } }, /type code/],
    [{ type: 'tool', tool: 'search' }, /type tool/],
    [{ recipe: 'triage' }, /recipe/],
    [{ model: undefined }, /names no model/],
    [{ task: '{{ inputs.nothing }}' }, /names nothing/],
    [{ modelParameters: { wings: 2 } }, /wings/],
  ])('%j: says so before it asks a model', async (step, message) => {
    const failure = await failureOf(run('openai', openai.says('x'), only(step)));
    expect(failure).toMatchObject({ kind: 'unsupported', message: expect.stringMatching(message) });
    expect(server?.requests).toHaveLength(0);
  });

  it('runs other formats', async () => {
    const failure = await failureOf(run('openai', openai.says('x'), { definition: { anything: 1 } }));
    expect(failure).toMatchObject({ kind: 'unsupported', message: expect.stringContaining('generic') });
  });

  it('guesses among several providers', async () => {
    const endpoint = { protocol: 'openai', url: 'https://example.com/v1' };
    const request = runRequest({ runner: { kind: 'ai', providers: { a: endpoint, b: endpoint } } });
    expect(await failureOf(makeRunner().run(request))).toMatchObject({
      message: expect.stringContaining('knows a, b'),
    });
  });
});
