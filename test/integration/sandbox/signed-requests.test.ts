import { afterEach, expect, test } from 'vitest';
import type { TestBot } from '../../support/slack/start-test-bot.ts';
import { startTestBot } from '../../support/slack/start-test-bot.ts';

let bot: TestBot | undefined;
afterEach(async () => {
  await bot?.stop();
  bot = undefined;
});

const body = new URLSearchParams({
  command: '/towpath',
  text: 'x',
  team_id: 'T0CANAL',
  user_id: 'U0DEV',
  channel_id: 'C0STAGING',
}).toString();

async function startCounting() {
  const heard: string[] = [];
  bot = await startTestBot((app) => {
    app.command('/towpath', async ({ command, ack }) => {
      heard.push(command.trigger_id ?? 'none');
      await ack();
    });
  });
  return { heard, slack: bot.slack };
}

test('a raw request is signed so that Bolt takes it', async () => {
  const { heard, slack } = await startCounting();
  expect(await slack.signedPost(body)).toMatchObject({ status: 200 });
  expect(heard).toEqual(['none']);
});

test('a raw request can carry a wrong signature or an old timestamp, which Bolt refuses', async () => {
  const { heard, slack } = await startCounting();
  expect(await slack.signedPost(body, { 'x-slack-signature': 'v0=0000' })).toMatchObject({ status: 401 });
  const tenMinutesAgo = String(Math.floor(Date.now() / 1_000) - 600);
  expect(await slack.signedPost(body, { 'x-slack-request-timestamp': tenMinutesAgo })).toMatchObject({ status: 401 });
  expect(heard).toEqual([]);
});

test('a replay is the same request byte for byte, trigger id included', async () => {
  const { heard, slack } = await startCounting();
  await expect(slack.replayLast('command')).rejects.toThrow('No command was sent');
  await slack.type('U0DEV', 'C0STAGING', '/towpath');
  expect(await slack.replayLast('command')).toMatchObject({ status: 200 });
  expect(heard).toHaveLength(2);
  expect(heard[0]).toBe(heard[1]);
});
