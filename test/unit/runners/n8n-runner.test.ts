import { afterEach, describe, expect, it } from 'vitest';
import { makeRunner } from '../../../src/adapters/runners/make-runner.ts';
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

async function run(answer: Answer, more: Partial<Parameters<typeof runRequest>[0]> = {}) {
  server = await startLocalServer(answer);
  const runner = {
    kind: 'n8n',
    url: `${server.url}/webhook/triage`,
    secret: 'N8N_KEY',
    header: 'X-N8N-Key',
  };
  return makeRunner({ privateOrigins: [server.url] }).run(runRequest({ ...more, runner }));
}

describe('the n8n runner', () => {
  it('posts the input itself, as the Webhook node takes it, and takes what it answers', async () => {
    expect(await run(json({ queue: 'tech' }))).toMatchObject({ output: { queue: 'tech' } });
    const [request] = server?.requests ?? [];
    expect(JSON.parse(request?.body ?? '')).toEqual({ ticket: 'It is down' });
    expect(request?.path).toBe('/webhook/triage');
    expect(request?.headers).toMatchObject({
      'x-n8n-key': SECRET,
      'x-towpath-version': '3',
      'x-towpath-shadow': 'false',
    });
  });

  it('takes a text that is no JSON as the output', async () => {
    expect(await run(text('All is well.'))).toMatchObject({ output: 'All is well.' });
  });

  it.each<[string, string, RegExp, Answer]>([
    ['answers before it has run', 'malformed', /last node finishes/, json({ message: 'Workflow was started' })],
    ['answers nothing', 'malformed', /last node finishes/, text('', 'application/json')],
    ['is a page', 'malformed', /web page/, text('<html></html>', 'text/html')],
    ['answers broken JSON', 'malformed', /no JSON/, text('{"a":', 'application/json')],
    [
      'is not active',
      'refused',
      /Activate the workflow/,
      json({ code: 404, message: 'The requested webhook is not registered.' }, 404),
    ],
    ['fails', 'died', /500.*Error in workflow/, json({ message: 'Error in workflow' }, 500)],
    ['dies in the middle', 'died', /in the middle/, die],
    ['answers 50 MB', 'too_large', /10 MB/, flood],
  ])('a webhook that %s: %s', async (_what, kind, message, answer) => {
    expect(await failureOf(run(answer))).toMatchObject({ kind, message: expect.stringMatching(message) });
  });

  it('gives up a webhook that hangs', async () => {
    expect(await failureOf(run(hang, { limits: { timeoutMs: 200 } }))).toMatchObject({ kind: 'timeout' });
    await server?.leaving;
  });
});
