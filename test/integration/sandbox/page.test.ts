import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { SandboxEvent, SandboxState } from '../../../src/adapters/sandbox/protocol.ts';
import type { SlackStandIn } from '../../../src/adapters/sandbox/start-slack-stand-in.ts';
import { startTestBot } from '../../support/slack/start-test-bot.ts';
import { startTestClient } from '../../support/slack/start-test-client.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

const channel = 'C0STAGING';

async function start(options: Parameters<typeof startTestClient>[0] = {}) {
  const running = await startTestClient(options);
  stops.push(() => running.slack.stop());
  return running;
}

async function stateOf(slack: SlackStandIn, as?: string): Promise<SandboxState> {
  return (await (await fetch(`${slack.url}/sandbox/state${as ? `?as=${as}` : ''}`)).json()) as SandboxState;
}

async function post(
  slack: SlackStandIn,
  path: string,
  body: object,
): Promise<{ status: number; body: { message?: string } & Record<string, unknown> }> {
  const response = await fetch(`${slack.url}/sandbox/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** Follows one person's news into a list. */
async function follow(slack: SlackStandIn, as: string): Promise<SandboxEvent[]> {
  const closing = new AbortController();
  stops.push(async () => closing.abort());
  const response = await fetch(`${slack.url}/sandbox/events?as=${as}`, { signal: closing.signal });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const events: SandboxEvent[] = [];
  void read(response.body, events).catch(() => undefined);
  return events;
}

async function read(body: ReadableStream<Uint8Array> | null, events: SandboxEvent[]): Promise<void> {
  let unread = '';
  for await (const chunk of body ?? []) {
    unread += Buffer.from(chunk).toString();
    const parts = unread.split('\n\n');
    unread = parts.pop() ?? '';
    for (const part of parts) if (part.startsWith('data: ')) events.push(JSON.parse(part.slice(6)) as SandboxEvent);
  }
}

test('a page shows what its person may see, and without a person it is the first one’s', async () => {
  const { slack, client } = await start();
  await client.chat.postMessage({ channel, text: 'for all' });
  await client.chat.postEphemeral({ channel, user: 'U0LEE', text: 'for Lee' });
  await client.chat.postMessage({ channel: 'U0LEE', text: 'to Lee' });
  const texts = (state: SandboxState) => state.messages.map(({ text }) => text);
  expect(texts(await stateOf(slack, 'U0LEE'))).toEqual(['for all', 'for Lee', 'to Lee']);
  const first = await stateOf(slack);
  expect(first.me.id).toBe('U0DEV');
  expect(texts(first)).toEqual(['for all']);
  expect(first.people.map(({ id }) => id)).not.toContain('U0GONE');
  expect(first.channels.map(({ id, kind }) => [id, kind])).toContainEqual(['D0DEV', 'im']);
  expect((await fetch(`${slack.url}/sandbox/state?as=U0GONE`)).status).toBe(403);
  expect((await fetch(`${slack.url}/sandbox/state?as=U0NOBODY`)).status).toBe(404);
});

test('news comes at once, and private news to its person alone', async () => {
  const { slack, client } = await start();
  const lee = await follow(slack, 'U0LEE');
  const dev = await follow(slack, 'U0DEV');
  await client.chat.postEphemeral({ channel, user: 'U0LEE', text: 'for Lee' });
  await client.chat.postMessage({ channel: 'U0LEE', text: 'to Lee' });
  const { ts = '' } = await client.chat.postMessage({ channel, text: 'before' });
  await client.chat.update({ channel, ts, text: 'after' });
  await client.chat.delete({ channel, ts });
  await waitUntil('the deletion', () => dev.some(({ type }) => type === 'message_deleted'));
  expect(dev.map((event) => (event.type === 'message' ? event.message.text : event.type))).toEqual([
    'before',
    'after',
    'message_deleted',
  ]);
  await waitUntil('Lee’s news', () => lee.length === 5);
  expect(lee[0]).toMatchObject({ type: 'message', message: { text: 'for Lee', ephemeralTo: 'U0LEE' } });
});

test('what a person does at the page reaches Bolt, and its answer the page', async () => {
  const bot = await startTestBot((app) => {
    app.command('/towpath', async ({ command, ack, client }) => {
      await ack();
      await client.views.open({
        trigger_id: command.trigger_id,
        view: {
          type: 'modal',
          callback_id: 'form',
          title: { type: 'plain_text', text: 'Form' },
          submit: { type: 'plain_text', text: 'Send' },
          blocks: [
            {
              type: 'input',
              block_id: 'why',
              label: { type: 'plain_text', text: 'Why?' },
              element: { type: 'plain_text_input', action_id: 'text' },
            },
            {
              type: 'actions',
              block_id: 'b',
              elements: [{ type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } }],
            },
          ],
        },
      });
    });
    app.action('go', ({ ack }) => ack());
    app.view('form', async ({ view, ack, client, body }) => {
      await ack();
      await client.chat.postMessage({ channel, text: `${body.user.id}: ${view.state.values['why']?.['text']?.value}` });
    });
  });
  stops.push(() => bot.stop());
  const { slack } = bot;
  const news = await follow(slack, 'U0DEV');
  expect(await post(slack, 'commands', { as: 'U0DEV', channel, text: '/towpath' })).toEqual({ status: 200, body: {} });
  const opened = await waitUntil('the modal', () => news.find(({ type }) => type === 'modals'));
  const viewId = opened.type === 'modals' ? (opened.modals[0]?.id ?? '') : '';
  const click = (action_id: string) => ({
    as: 'U0DEV',
    container: { type: 'view', viewId },
    action: { block_id: 'b', action_id, type: 'button' },
    state: {},
  });
  expect(await post(slack, 'actions', click('go'))).toEqual({ status: 200, body: {} });
  expect(await post(slack, 'actions', click('gone'))).toMatchObject({ status: 404 });
  const state = { why: { text: { type: 'plain_text_input', value: 'because' } } };
  expect(await post(slack, 'views/submit', { as: 'U0DEV', viewId, state: {} })).toEqual({
    status: 200,
    body: { errors: { why: 'Please complete this required field.' } },
  });
  expect(await post(slack, 'views/submit', { as: 'U0DEV', viewId, state })).toEqual({
    status: 200,
    body: { errors: {} },
  });
  await waitUntil('the message', () =>
    news.some((event) => event.type === 'message' && event.message.text === 'U0DEV: because'),
  );
  expect(await post(slack, 'views/close', { as: 'U0DEV', viewId })).toMatchObject({
    status: 404,
    body: { message: 'That dialog is closed.' },
  });
});

test('plain words are messages, replies count, and commands do not work in threads', async () => {
  const { slack } = await start();
  const said = await post(slack, 'messages', { as: 'U0DEV', channel, text: 'hello @lee' });
  expect(said).toMatchObject({ status: 200, body: { text: 'hello <@U0LEE|lee>', user: 'U0DEV', replyCount: 0 } });
  const threadTs = String(said.body['ts']);
  await post(slack, 'messages', { as: 'U0LEE', channel, text: 'hi', threadTs });
  expect((await stateOf(slack, 'U0DEV')).messages).toMatchObject([{ replyCount: 1 }, { threadTs, text: 'hi' }]);
  const command = await post(slack, 'messages', { as: 'U0LEE', channel, text: '/promote x', threadTs });
  expect(command).toMatchObject({
    status: 400,
    body: { message: '/promote is not supported in threads. Type it in the channel.' },
  });
  expect(await post(slack, 'messages', { as: 'U0DEV', channel: 'D0LEE', text: 'x' })).toMatchObject({ status: 404 });
});

test('a file is uploaded, shown again as a download, and no larger than 20 MB', async () => {
  const { slack } = await start();
  const upload = async (content: string, name: string) => {
    const form = new FormData();
    form.append('as', 'U0DEV');
    form.append('file', new File([content], name));
    return fetch(`${slack.url}/sandbox/files`, { method: 'POST', body: form });
  };
  const file = (await (await upload('<script>', '../ablauf-ü.html')).json()) as {
    href: string;
    name: string;
    size: number;
  };
  expect(file).toMatchObject({ name: 'ablauf-ü.html', size: 8 });
  const shown = await fetch(`${slack.url}${file.href}`);
  expect(shown.headers.get('content-type')).toBe('application/octet-stream');
  expect(shown.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''ablauf-%C3%BC.html");
  expect((await upload('x'.repeat(20 * 1024 * 1024 + 1), 'big.yaml')).status).toBe(413);
});

/** A request with headers that fetch would not send. */
function rawGet(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    httpRequest(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .once('error', reject)
      .end();
  });
}

test('other names for this machine and other pages’ requests are refused', async () => {
  const { slack } = await start();
  const { port } = new URL(slack.url);
  for (const path of ['/sandbox/state', '/', '/api/auth.test']) {
    expect(await rawGet(`${slack.url}${path}`, { host: `evil.example:${port}` })).toBe(403);
    expect(await rawGet(`${slack.url}${path}`, { origin: 'https://evil.example' })).toBe(403);
    expect(await rawGet(`${slack.url}${path}`, { origin: 'http://localhost:1' })).toBe(403);
  }
  for (const host of ['localhost', '127.0.0.1', '[::1]']) {
    expect(
      await rawGet(`${slack.url}/sandbox/state`, { host: `${host}:${port}`, origin: `http://${host}:${port}` }),
    ).toBe(200);
  }
});

test('the built page is served under a strict policy, permalinks too, and nothing beside it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'towpath-page-'));
  stops.push(() => rm(folder, { recursive: true }));
  const pageDir = join(folder, 'page');
  await mkdir(join(pageDir, 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await writeFile(join(pageDir, 'index.html'), '<!doctype html><title>Sandbox</title>');
  await writeFile(join(pageDir, 'assets', 'app.js'), 'export {}');
  const { slack } = await start({ pageDir });
  for (const path of ['/', '/archives/C0STAGING/p1700000000123000']) {
    const response = await fetch(`${slack.url}${path}`);
    expect(await response.text()).toContain('<title>Sandbox</title>');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
  }
  expect((await fetch(`${slack.url}/assets/app.js`)).headers.get('content-type')).toContain('text/javascript');
  for (const path of [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/nothing.js',
  ]) {
    expect(await rawGet(`${slack.url}${path}`, {})).toBe(404);
  }
});

test('only so many pages follow the news', async () => {
  const { slack } = await start();
  const closing = new AbortController();
  stops.push(async () => closing.abort());
  const statuses: number[] = [];
  for (let nth = 0; nth < 65; nth += 1) {
    statuses.push((await fetch(`${slack.url}/sandbox/events?as=U0DEV`, { signal: closing.signal })).status);
  }
  expect(statuses.filter((status) => status === 200)).toHaveLength(64);
  expect(statuses.at(-1)).toBe(503);
});
