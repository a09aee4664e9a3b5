import { afterEach, expect, test } from 'vitest';
import type { TestClient } from '../../support/slack/start-test-client.ts';
import { errorCodeOf, startTestClient } from '../../support/slack/start-test-client.ts';
import { testCredentials } from '../../support/slack/start-test-slack.ts';

let running: TestClient | undefined;
afterEach(async () => {
  await running?.slack.stop();
  running = undefined;
});

const channel = 'C0STAGING';

test('a planned failure hits its method once and is over', async () => {
  running = await startTestClient();
  const { slack, client } = running;
  const post = () => client.chat.postMessage({ channel, text: 'x' });
  slack.failNext('chat.postMessage', { status: 500 });
  await client.auth.test();
  expect(await errorCodeOf(post())).toBe('slack_webapi_http_error');
  expect(slack.messages(channel)).toEqual([]);
  await post();
  expect(slack.messages(channel)).toHaveLength(1);
});

test.each([
  ['429 with a time to wait', { retryAfter: 7 }, 'slack_webapi_rate_limited_error'],
  ['an error of Slack’s own', { error: 'fatal_error' }, 'fatal_error'],
  ['a connection that is cut', { dropConnection: true }, 'slack_webapi_request_error'],
])('a planned failure can be %s', async (_, failure, code) => {
  running = await startTestClient();
  running.slack.failNext('chat.postMessage', failure);
  expect(await errorCodeOf(running.client.chat.postMessage({ channel, text: 'x' }))).toBe(code);
  expect(running.slack.calls.map(({ method }) => method)).toEqual(['chat.postMessage']);
});

test('a message can be posted while its answer is lost', async () => {
  running = await startTestClient();
  const { slack, client } = running;
  slack.failNext('chat.postMessage', { dropConnection: true, afterEffect: true });
  expect(await errorCodeOf(client.chat.postMessage({ channel, text: 'x' }))).toBe('slack_webapi_request_error');
  expect(slack.messages(channel)).toHaveLength(1);
  expect(slack.calls).toMatchObject([{ method: 'chat.postMessage', args: { channel, text: 'x' }, answer: 'ok, lost' }]);
});

test('a call can be left without an answer, and stopping does not wait for it', async () => {
  running = await startTestClient();
  const { slack, client } = running;
  slack.failNext('*', { hang: true });
  const call = errorCodeOf(client.auth.test());
  await slack.stop();
  running = undefined;
  expect(await call).toBe('slack_webapi_request_error');
});

test('the log of calls holds no token', async () => {
  running = await startTestClient();
  await running.client.auth.test();
  await fetch(`${running.slack.apiUrl}auth.test`, {
    method: 'POST',
    body: new URLSearchParams({ token: testCredentials.botToken }),
  });
  expect(running.slack.calls.map(({ answer }) => answer)).toEqual(['ok', 'ok']);
  expect(JSON.stringify(running.slack.calls)).not.toContain(testCredentials.botToken);
});
