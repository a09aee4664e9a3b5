import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { measureTasks } from '../../../src/adapters/http/measure-tasks.ts';
import { measureUseCases } from '../../../src/adapters/http/measure-use-cases.ts';
import { createMetrics } from '../../../src/adapters/http/metrics.ts';
import { Refusal } from '../../../src/domain/refusal.ts';
import type { UseCases } from '../../../src/use-cases/use-cases.ts';
import { exampleUseCases } from '../../support/http/example-views.ts';
import { startTestServer, type TestServer } from '../../support/http/start-test-server.ts';

let server: TestServer | undefined;
afterEach(() => server?.stop());
const start = async (options: Parameters<typeof startTestServer>[0] = {}) => {
  server = await startTestServer(options);
  return server;
};

/** A promise to be kept by the test. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe('health', () => {
  it('of the process needs nothing else to be well', async () => {
    const { call } = await start({ ready: () => Promise.reject(new Error('away')) });
    expect((await call('GET', '/healthz', { token: null })).json).toEqual({ status: 'ok' });
  });

  it.each([
    [{ database: true, queue: true }, 200, 'ready'],
    [{ database: false, queue: true }, 503, 'unavailable'],
    [{ database: true, queue: false }, 503, 'unavailable'],
  ])('says which part is missing: %o', async (parts, code, status) => {
    const { call } = await start({ ready: async () => parts });
    const answer = await call('GET', '/readyz', { token: null });
    expect([answer.status, answer.json]).toEqual([code, { status, ...parts }]);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('away'))],
    ['never answers', () => new Promise<never>(() => {})],
  ])('is 503 where asking %s', async (_what, ready) => {
    const { call } = await start({ ready });
    expect((await call('GET', '/readyz', { token: null })).status).toBe(503);
  });
});

describe('metrics', () => {
  it('count requests by route and use cases by outcome, and never by name', async () => {
    const metrics = createMetrics();
    const fail = new Refusal('unknown_workflow', 'None.');
    const useCases = measureUseCases(
      { ...exampleUseCases, showLive: () => Promise.reject(fail) } as unknown as UseCases,
      metrics,
    );
    const { call } = await start({ metrics, useCases });
    for (const name of ['secret-flow', 'other-flow']) {
      await call('GET', `/api/v1/workflows/${name}`);
      await call('GET', `/api/v1/workflows/${name}/environments/prod`);
      await call('GET', `/${name}`);
    }
    const tasks = measureTasks(
      { 'post-announcement': async () => undefined, 'deliver-webhook': () => Promise.reject(fail) },
      metrics,
    );
    await tasks['post-announcement']({});
    await expect(tasks['deliver-webhook']({})).rejects.toBe(fail);
    const { text } = await call('GET', '/metrics', { token: null });
    expect(text).toContain(
      'towpath_http_request_seconds_count{method="GET",route="/api/v1/workflows/:name",status="200"} 2',
    );
    expect(text).toContain('towpath_http_request_seconds_count{method="GET",route="none",status="404"} 2');
    expect(text).toContain('towpath_acts_total{act="showStatus",outcome="ok"} 2');
    expect(text).toContain('towpath_acts_total{act="showLive",outcome="unknown_workflow"} 2');
    expect(text).toContain('towpath_job_seconds_count{task="post-announcement",outcome="ok"} 1');
    expect(text).toContain('towpath_job_seconds_count{task="deliver-webhook",outcome="failed"} 1');
    expect(text).toContain('process_cpu_seconds_total');
    expect(text).not.toContain('secret-flow');
  });
});

describe("Slack's requests", () => {
  it('reach the listener untouched, whatever they hold, and are answered by it alone', async () => {
    const seen: { type: string | undefined; body: string }[] = [];
    const { call } = await start({
      async slackListener(request, response) {
        let body = '';
        for await (const chunk of request) body += chunk;
        seen.push({ type: request.headers['content-type'], body });
        response.writeHead(202, { 'x-by': 'bolt' }).end('taken');
      },
    });
    const bodies = {
      'application/x-www-form-urlencoded': 'payload=%7B%7D&a=b+c',
      'application/json': '{ "not json',
      'text/odd': '',
    };
    for (const [type, body] of Object.entries(bodies)) {
      const answer = await call('POST', '/slack/events', { token: null, body, headers: { 'content-type': type } });
      expect([answer.status, answer.text, answer.headers.get('x-by')]).toEqual([202, 'taken', 'bolt']);
    }
    expect(seen).toEqual(Object.entries(bodies).map(([type, body]) => ({ type, body })));
  });

  it('are answered 500 where the listener breaks, and the body is not logged', async () => {
    const { call, log } = await start({ slackListener: () => Promise.reject(new Error('broken listener')) });
    const answer = await call('POST', '/slack/events', {
      body: 'text=hush',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect([answer.status, answer.text]).toEqual([500, '']);
    expect(log()).toContain('broken listener');
    expect(log()).not.toContain('hush');
  });

  it('are not taken here in Socket Mode', async () => {
    const { call } = await start();
    expect((await call('POST', '/slack/events', { body: {} })).status).toBe(404);
  });
});

describe('ETags', () => {
  it('spare a caller what it has, until one thing of it changes', async () => {
    let status = 'active';
    const { call } = await start({
      useCases: {
        async showLive(request) {
          const live = await exampleUseCases.showLive(request);
          return { ...live, deployment: { ...live.deployment, status } };
        },
      },
    });
    const path = '/api/v1/workflows/summarize-flow/environments/staging';
    const first = await call('GET', path);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    for (const tags of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await call('GET', path, { headers: { 'if-none-match': tags } });
      expect([tags, again.status, again.text, again.headers.get('etag')]).toEqual([tags, 304, '', etag]);
    }
    expect((await call('GET', path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
    status = 'superseded';
    const changed = await call('GET', path, { headers: { 'if-none-match': etag } });
    expect([changed.status, changed.json.deployment.status]).toEqual([200, 'superseded']);
  });
});

describe('stopping', () => {
  it('finishes what is being answered, takes nothing new, and does not wait for idle connections', async () => {
    const [called, answer] = [gate(), gate()];
    const { url, stop, call } = await start({
      useCases: {
        async showStatus(request) {
          called.open();
          await answer.opened;
          return exampleUseCases.showStatus(request);
        },
      },
    });
    const agent = new Agent({ keepAlive: true });
    const idle = httpRequest(`${url}/healthz`, { agent }).end();
    const [idleAnswer] = await once(idle, 'response');
    idleAnswer.resume();
    await once(idleAnswer, 'end');

    const running = call('GET', '/api/v1/workflows');
    await called.opened;
    const stopped = stop();
    await expect
      .poll(() =>
        fetch(`${url}/healthz`).then(
          () => 'taken',
          () => 'refused',
        ),
      )
      .toBe('refused');
    answer.open();
    expect((await running).status).toBe(200);
    await stopped;
    agent.destroy();
  });

  it('cuts off what does not end', async () => {
    const called = gate();
    const { stop, call } = await start({
      useCases: {
        showStatus() {
          called.open();
          return new Promise<never>(() => {});
        },
      },
    });
    const running = call('GET', '/api/v1/workflows').then(
      () => 'answered',
      () => 'cut off',
    );
    await called.opened;
    await stop(100);
    expect(await running).toBe('cut off');
  });
});

describe('a connection', () => {
  it('that speaks no HTTP is closed, and the server goes on', async () => {
    const { url, call } = await start();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('\x16\x03\x01 hello\r\n\r\n');
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toContain('400');
    await once(socket, 'close');
    expect((await call('GET', '/healthz')).status).toBe(200);
  });
});
