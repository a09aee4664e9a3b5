import { afterEach, describe, expect, it, vi } from 'vitest';
import { makeRunner } from '../../../src/adapters/runners/make-runner.ts';
import { failureOf, runRequest, SECRET } from '../../support/runners/run-request.ts';
import {
  type Answer,
  json,
  type LocalServer,
  pour,
  startLocalServer,
  text,
} from '../../support/runners/start-local-server.ts';

let server: LocalServer | undefined;
afterEach(() => server?.stop());

const event = (value: object) => `data: ${JSON.stringify({ task_id: 'task-1', ...value })}\n\n`;
const STARTED = event({ event: 'workflow_started', workflow_run_id: 'r' });
const finished = (data: object) => event({ event: 'workflow_finished', data });

const streams =
  (...events: string[]): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.end(events.join(''));
  };

async function run(answer: Answer, more: { app?: string } & Partial<Parameters<typeof runRequest>[0]> = {}) {
  server = await startLocalServer(answer);
  const { app = 'workflow', ...others } = more;
  const runner = { kind: 'dify', url: `${server.url}/v1`, secret: 'DIFY_KEY', app, shadowSafe: true };
  return makeRunner({ privateOrigins: [server.url] }).run(runRequest({ ...others, runner }));
}

describe('the dify runner', () => {
  it('runs a workflow app, streamed, and takes its outputs', async () => {
    const answer = await run(
      streams(STARTED, 'event: ping\n\n', finished({ status: 'succeeded', outputs: { queue: 'tech' } })),
    );
    expect(answer).toMatchObject({ output: { queue: 'tech' } });
    const [request] = server?.requests ?? [];
    expect(request?.path).toBe('/v1/workflows/run');
    expect(request?.headers['authorization']).toBe(`Bearer ${SECRET}`);
    expect(JSON.parse(request?.body ?? '')).toEqual({
      inputs: { ticket: 'It is down' },
      response_mode: 'streaming',
      user: 'towpath',
    });
  });

  it('asks a chat, and joins what it says with its cost', async () => {
    const usage = { prompt_tokens: 10, completion_tokens: 4, total_price: '0.0012', currency: 'USD' };
    const answer = await run(
      streams(
        event({ event: 'message', answer: 'Hel' }),
        event({ event: 'agent_message', answer: 'lo' }),
        event({ event: 'message_end', metadata: { usage } }),
      ),
      { app: 'chat', input: { query: 'Hi?', tone: 'kind' } },
    );
    expect(answer).toMatchObject({ output: 'Hello', cost: 0.0012, tokens: { input: 10, output: 4 } });
    expect(server?.requests[0]?.path).toBe('/v1/chat-messages');
    expect(JSON.parse(server?.requests[0]?.body ?? '')).toMatchObject({ query: 'Hi?', inputs: { tone: 'kind' } });
  });

  it.each(['workflow', 'chat', 'completion'])('tells a %s app by whom it runs for that it is a replay', async (app) => {
    const done = streams(STARTED, finished({ status: 'succeeded', outputs: {} }), event({ event: 'message_end' }));
    await run(done, { app, input: { query: 'Hi?' }, shadow: true });
    expect(JSON.parse(server?.requests[0]?.body ?? '')).toMatchObject({ user: 'towpath-shadow' });
  });

  it('takes back what Dify replaces', async () => {
    const answer = await run(
      streams(
        event({ event: 'message', answer: 'rude' }),
        event({ event: 'message_replace', answer: 'held back' }),
        event({ event: 'message_end' }),
      ),
      { app: 'completion', input: 'x' },
    );
    expect(answer).toMatchObject({ output: 'held back' });
  });

  it('reads events that come in pieces of a byte, in two letters of one character too', async () => {
    const bytes = Buffer.from(finished({ status: 'succeeded', outputs: { text: 'schön' } }).replaceAll('\n', '\r\n'));
    const answer = await run((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const byte of bytes) response.write(Buffer.from([byte]));
      response.end();
    });
    expect(answer).toMatchObject({ output: { text: 'schön' } });
  });

  it.each<[string, string, RegExp, Answer]>([
    ['fails', 'died', /model is gone/, streams(STARTED, finished({ status: 'failed', error: 'model is gone' }))],
    ['is stopped', 'died', /stopped/, streams(STARTED, finished({ status: 'stopped' }))],
    ['tells of an error', 'died', /quota/, streams(event({ event: 'error', status: 400, message: 'quota exceeded' }))],
    [
      'is limited in the stream',
      'rate_limited',
      /later/,
      streams(event({ event: 'error', status: 429, message: 'slow down' })),
    ],
    ['waits for a person', 'unsupported', /person/, streams(STARTED, event({ event: 'workflow_paused' }))],
    ['ends too early', 'died', /before the run did/, streams(STARTED)],
    ['sends nonsense', 'malformed', /no JSON mapping/, streams('data: {oops\n\n')],
    ['answers no stream', 'malformed', /\/v1/, json({ data: {} })],
    [
      'is another app',
      'refused',
      /not_workflow_app|right/,
      json({ code: 'not_workflow_app', message: 'Please check that your app mode matches the right API route.' }, 400),
    ],
    ['knows no such key', 'refused', /secret/, json({ code: 'unauthorized', message: 'Access token is invalid' }, 401)],
    [
      'reaches into JavaScript',
      'malformed',
      /constructor/,
      streams(finished({ status: 'succeeded', outputs: { constructor: 1 } })),
    ],
    [
      'dies in the middle',
      'died',
      /in the middle/,
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(STARTED, () => response.destroy());
      },
    ],
    [
      'sends 50 MB',
      'too_large',
      /10 MB/,
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        pour(response, Buffer.from(event({ event: 'text_chunk', data: { text: 'a'.repeat(1024 * 1024) } })), 50, () =>
          response.end(),
        );
      },
    ],
    [
      'sends one line without end',
      'too_large',
      /10 MB/,
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        pour(response, Buffer.alloc(1024 * 1024, 'a'), 50, () => response.end());
      },
    ],
    ['is down', 'died', /502/, text('bad gateway', 'text/plain', 502)],
  ])('an app that %s: %s', async (_what, kind, message, answer) => {
    expect(await failureOf(run(answer))).toMatchObject({ kind, message: expect.stringMatching(message) });
  });

  it('stops a run in Dify too when it is given up', async () => {
    const failure = await failureOf(
      run(
        (response, { path }) => {
          response.writeHead(200, { 'content-type': 'text/event-stream' });
          if (path === '/v1/workflows/run') response.write(STARTED);
          else response.end();
        },
        { limits: { timeoutMs: 300 } },
      ),
    );
    expect(failure).toMatchObject({ kind: 'timeout' });
    await vi.waitFor(() => expect(server?.requests[1]?.path).toBe('/v1/workflows/tasks/task-1/stop'));
  });

  it('refuses an input that the app can’t take', async () => {
    expect(await failureOf(run(streams(), { input: 'text' }))).toMatchObject({ kind: 'unsupported' });
    expect(await failureOf(run(streams(), { app: 'chat', input: { no: 1 } }))).toMatchObject({ kind: 'unsupported' });
  });
});
