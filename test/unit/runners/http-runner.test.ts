import { afterEach, describe, expect, it } from 'vitest';
import { makeRunner } from '../../../src/adapters/runners/make-runner.ts';
import type { Lookup } from '../../../src/outbound/guarded-agent.ts';
import { failureOf, runRequest, SECRET } from '../../support/runners/run-request.ts';
import {
  type Answer,
  die,
  flood,
  hang,
  json,
  type LocalServer,
  startLocalServer,
  text,
} from '../../support/runners/start-local-server.ts';

let server: LocalServer | undefined;
afterEach(() => server?.stop());

async function serve(...answers: Answer[]): Promise<{ kind: 'http'; url: string }> {
  let turn = 0;
  server = await startLocalServer((response, request) => {
    (answers[Math.min(turn++, answers.length - 1)] as Answer)(response, request);
  });
  return { kind: 'http', url: `${server.url}/run` };
}

const run = (parts: Parameters<typeof runRequest>[0]) =>
  makeRunner({ privateOrigins: [server?.url ?? ''] }).run(runRequest(parts));

describe('the http runner', () => {
  it('posts the workflow with its input, and takes the output with its figures', async () => {
    const runner = await serve(
      json({
        output: { queue: 'tech' },
        cost: 0.02,
        tokens: { input: 10, output: 2 },
        latency: 1,
        trace: 'https://t.example/1',
      }),
    );
    const answer = await run({ runner: { ...runner, secret: 'RUNNER_TOKEN' } });
    expect(answer).toEqual({
      output: { queue: 'tech' },
      cost: 0.02,
      tokens: { input: 10, output: 2 },
      latencyMs: 1,
      trace: 'https://t.example/1',
    });
    const [request] = server?.requests ?? [];
    expect(request?.headers['authorization']).toBe(`Bearer ${SECRET}`);
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      workflow: 'summarize-flow',
      version: 3,
      environment: 'staging',
      definition: { apiVersion: 'towpath/v1' },
      input: { ticket: 'It is down' },
      shadow: false,
    });
    expect(request?.body).not.toContain(SECRET);
  });

  it('sends the secret in the header that is asked for', async () => {
    const runner = await serve(json({ output: 1 }));
    await run({ runner: { ...runner, secret: 'RUNNER_TOKEN', header: 'X-Api-Key' } });
    expect(server?.requests[0]?.headers).toMatchObject({ 'x-api-key': SECRET });
    expect(server?.requests[0]?.headers['authorization']).toBeUndefined();
  });

  it('does not believe a latency longer than the answer took', async () => {
    const { latencyMs } = await run({ runner: await serve(json({ output: 1, latency: 1e9 })) });
    expect(latencyMs).toBeLessThan(20_000);
  });

  it.each<[string, string, RegExp, Answer]>([
    ['answers no JSON', 'malformed', /no JSON/, text('<html>hello</html>', 'text/html')],
    ['answers nothing', 'malformed', /empty/, text('')],
    ['answers no output', 'malformed', /`output`/, json({ result: 1 })],
    ['answers a list', 'malformed', /`output`/, json([1])],
    ['claims a negative cost', 'malformed', /cost/, json({ output: 1, cost: -5 })],
    ['claims a cost that is text', 'malformed', /cost/, json({ output: 1, cost: '0' })],
    ['claims tokens that are none', 'malformed', /tokens/, json({ output: 1, tokens: { input: 1.5 } })],
    ['reaches into JavaScript', 'malformed', /__proto__/, text('{"output":{"__proto__":{"a":1}}}', 'application/json')],
    ['answers NUL', 'malformed', /NUL/, json({ output: 'a\0b' })],
    ['nests without end', 'malformed', /deep/, text(`{"output":${'['.repeat(5_000)}${']'.repeat(5_000)}}`)],
    ['says no', 'refused', /404.*no such workflow/, json({ error: { message: 'no such workflow' } }, 404)],
    ['wants another secret', 'refused', /401: the secret/, json({ message: 'bad token' }, 401)],
    [
      'leads elsewhere',
      'refused',
      /redirect/,
      (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    ],
    ['breaks', 'died', /500.*oh no/, text('oh\nno', 'text/plain', 500)],
    ['is too slow itself', 'timeout', /504/, text('', 'text/plain', 504)],
    ['dies in the middle', 'died', /in the middle/, die],
    ['answers 50 MB', 'too_large', /larger than 10 MB/, flood],
    ['speaks no HTTP', 'malformed', /HTTP/, (response) => response.socket?.end('HELLO\r\n\r\n')],
  ])('a runner that %s: %s', async (_what, kind, message, answer) => {
    const failure = await failureOf(run({ runner: await serve(answer) }));
    expect(failure).toMatchObject({ kind, message: expect.stringMatching(message) });
  });

  it('gives up a runner that hangs, and lets go of the connection', async () => {
    const failure = await failureOf(run({ runner: await serve(hang), limits: { timeoutMs: 200 } }));
    expect(failure).toMatchObject({ kind: 'timeout', message: 'The run took longer than 0.2 s.' });
    await server?.leaving;
  });

  it('stops with the reason of whoever stops it', async () => {
    const stop = new AbortController();
    const runner = await serve(() => stop.abort(new Error('closed')));
    await expect(run({ runner, signal: stop.signal })).rejects.toThrow('closed');
    await server?.leaving;
  });

  it('says that a runner is not there', async () => {
    const runner = await serve(hang);
    await server?.stop();
    expect(await failureOf(run({ runner }))).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('reaches no private address but those that the operator names, by name or by number', async () => {
    const runner = await serve(json({ output: 1 }));
    const https = { ...runner, url: 'https://127.0.0.1:1/run' };
    expect(await failureOf(run({ runner: https }))).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('private'),
    });
    const unnamed = makeRunner({ privateOrigins: ['http://127.0.0.1:1'] }).run(runRequest({ runner }));
    expect(await failureOf(unnamed)).toMatchObject({ kind: 'refused', message: expect.stringContaining('https') });
    const lookup: Lookup = (_name, _options, done) => done(null, [{ address: '10.0.0.1', family: 4 }]);
    const named = makeRunner({ lookup }).run(runRequest({ runner: { ...https, url: 'https://runner.example/' } }));
    expect(await failureOf(named)).toMatchObject({ kind: 'refused' });
    expect(server?.requests).toHaveLength(0);
  });

  it('tries again as often as it may, when the runner asks it to', async () => {
    const busy = json({ error: 'busy' }, 429, { 'retry-after': '0' });
    const runner = await serve(busy, busy, json({ output: 'at last' }));
    expect(await run({ runner, limits: { retries: 2 } })).toMatchObject({ output: 'at last' });
    expect(server?.requests).toHaveLength(3);
  });

  it('does not try again what was refused, nor wait longer than the run may take', async () => {
    const refused = await serve(json({}, 400));
    await failureOf(run({ runner: refused, limits: { retries: 5 } }));
    expect(server?.requests).toHaveLength(1);
    await server?.stop();
    const limited = await serve(json({}, 429, { 'retry-after': '3600' }));
    expect(await failureOf(run({ runner: limited, limits: { retries: 5 } }))).toMatchObject({
      kind: 'rate_limited',
      message: expect.stringContaining('3600 s'),
    });
  });

  it('replays nothing where effects are possible', async () => {
    const runner = await serve(json({ output: 1 }));
    expect(await failureOf(run({ runner, shadow: true }))).toMatchObject({ kind: 'unsupported' });
    expect(server?.requests).toHaveLength(0);
    await run({ runner: { ...runner, shadowSafe: true }, shadow: true });
    expect(JSON.parse(server?.requests[0]?.body ?? '')).toMatchObject({ shadow: true });
  });
});

describe('a secret of a run', () => {
  const forms = [SECRET, encodeURIComponent(SECRET), Buffer.from(SECRET).toString('base64')];

  it('is in no output and no trace, however the runner repeats it', async () => {
    const runner = await serve(json({ output: { [SECRET]: forms }, trace: `https://t.example/?key=${SECRET}` }));
    const answer = JSON.stringify(await run({ runner: { ...runner, secret: 'RUNNER_TOKEN' } }));
    for (const form of forms) expect(answer).not.toContain(form);
    expect(answer).toContain('[secret]');
  });

  it('is in no failure', async () => {
    const runner = await serve(json({ error: { message: `wrong token ${SECRET}, also sk-abc***wxyz1` } }, 401));
    const failure = await failureOf(run({ runner: { ...runner, secret: 'RUNNER_TOKEN' } }));
    expect(failure.message).toContain('wrong token [secret]');
    expect(`${failure.stack}${JSON.stringify(failure)}`).not.toMatch(/hunter2|wxyz/);
  });

  it('that can’t be had, or can’t be sent, fails the run and says which', async () => {
    const runner = await serve(json({ output: 1 }));
    expect(await failureOf(run({ runner: { ...runner, secret: 'MISSING' } }))).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('MISSING is not set'),
    });
    const silent = { isGivenByLeads: () => false, read: () => new Promise<string>(() => undefined) };
    const waiting = run({ runner: { ...runner, secret: 'RUNNER_TOKEN' }, secrets: silent, limits: { timeoutMs: 100 } });
    expect(await failureOf(waiting)).toMatchObject({ kind: 'timeout' });
    const secrets = { isGivenByLeads: () => false, read: async () => 'two\nlines' };
    const failure = await failureOf(run({ runner: { ...runner, secret: 'RUNNER_TOKEN' }, secrets }));
    expect(failure).toMatchObject({ kind: 'refused', message: expect.stringContaining('line breaks') });
    expect(failure.message).not.toContain('two');
  });
});
