import { afterEach, expect, test } from 'vitest';
import type { TestBot } from '../../support/slack/start-test-bot.ts';
import { startTestBot } from '../../support/slack/start-test-bot.ts';
import { errorCodeOf, startTestClient } from '../../support/slack/start-test-client.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';

let bot: TestBot | undefined;
afterEach(async () => {
  await bot?.stop();
  bot = undefined;
});

const channel = 'C0STAGING';

test('a command carries what Slack’s carry', async () => {
  const seen: object[] = [];
  bot = await startTestBot((app) => {
    app.command('/towpath', async ({ command, ack }) => {
      seen.push(command);
      await ack();
    });
  });
  await bot.slack.type('U0ADA', channel, '/towpath role @lee lead');
  expect(seen).toEqual([
    {
      token: expect.any(String),
      team_id: 'T0CANAL',
      team_domain: 'canal',
      channel_id: channel,
      channel_name: 'staging',
      user_id: 'U0ADA',
      user_name: 'ada',
      command: '/towpath',
      text: 'role <@U0LEE|lee> lead',
      api_app_id: 'A0TOWPATH',
      is_enterprise_install: 'false',
      response_url: expect.stringContaining('/response/T0CANAL/'),
      trigger_id: expect.stringMatching(/^\d+\.\d+\.[0-9a-f]{32}$/),
    },
  ]);
});

test('words in the acknowledgement are for the person alone', async () => {
  bot = await startTestBot((app) => app.command('/towpath', ({ ack }) => ack('Here is help.')));
  await bot.slack.type('U0DEV', channel, '/towpath help');
  expect(bot.slack.messages(channel)).toMatchObject([
    { text: 'Here is help.', ephemeralTo: 'U0DEV', user: 'U0TOWPATH' },
  ]);
});

test('an acknowledgement may hold blocks and be for everybody', async () => {
  const answer = { response_type: 'in_channel' as const, text: 'x', blocks: [{ type: 'divider' as const }] };
  bot = await startTestBot((app) => app.command('/towpath', ({ ack }) => ack(answer)));
  await bot.slack.type('U0DEV', channel, '/towpath');
  const [message] = bot.slack.messages(channel);
  expect(message).toMatchObject({ text: 'x', blocks: [{ type: 'divider' }] });
  expect(message).not.toHaveProperty('ephemeralTo');
});

test('a command that is not acknowledged in time fails as Slack says it', async () => {
  bot = await startTestBot((app) => app.command('/promote', async () => undefined), { ackTimeoutMs: 50 });
  expect(await bot.slack.type('U0DEV', channel, '/promote x')).toEqual({ status: 0, body: 'operation_timeout' });
  expect(bot.slack.messages(channel)).toMatchObject([
    { text: '/promote failed with the error "operation_timeout"', ephemeralTo: 'U0DEV', user: 'USLACKBOT' },
  ]);
});

test('a bot that is not there fails the command, and the page is told', async () => {
  const { slack } = await startTestClient();
  const changes: unknown[] = [];
  slack.onChange((change) => changes.push(change));
  expect(await slack.type('U0DEV', channel, '/promote x')).toEqual({ status: 0, body: 'dispatch_failed' });
  expect(changes).toContainEqual({ type: 'bot_reachable', reachable: false });
  await slack.stop();
});

test('a command that nobody registered never reaches the bot', async () => {
  bot = await startTestBot(() => undefined);
  expect(await bot.slack.type('U0DEV', channel, '/promot x')).toMatchObject({ status: 404 });
  expect(bot.slack.messages(channel)).toMatchObject([
    { text: expect.stringContaining('`/promot` is not a valid command'), ephemeralTo: 'U0DEV' },
  ]);
});

test('the deactivated, bots and strangers to a direct conversation type nothing', async () => {
  bot = await startTestBot(() => undefined);
  await expect(bot.slack.type('U0GONE', channel, '/promote x')).rejects.toThrow('deactivated');
  await expect(bot.slack.type('U0ROBOT', channel, '/promote x')).rejects.toThrow('Nobody');
  await expect(bot.slack.type('U0DEV', bot.slack.imOf('U0LEE'), '/promote x')).rejects.toThrow('does not exist');
});

test('a trigger id opens one modal, within three seconds', async () => {
  let now = Date.now();
  const triggers: string[] = [];
  bot = await startTestBot(
    (app) =>
      app.command('/towpath', async ({ command, ack }) => {
        triggers.push(command.trigger_id);
        await ack();
      }),
    { clock: () => now },
  );
  const { slack, app } = bot;
  const open = (trigger_id = '') =>
    app.client.views.open({
      trigger_id,
      view: { type: 'modal', title: { type: 'plain_text', text: 'x' }, blocks: [] },
    });
  await slack.type('U0DEV', channel, '/towpath');
  await open(triggers[0]);
  expect(slack.modals('U0DEV')).toHaveLength(1);
  expect(await errorCodeOf(open(triggers[0]))).toBe('exchanged_trigger_id');
  await slack.type('U0DEV', channel, '/towpath');
  now += 3_001;
  expect(await errorCodeOf(open(triggers[1]))).toBe('expired_trigger_id');
  expect(await errorCodeOf(open('1.2.3'))).toBe('invalid_trigger_id');
});

test('a response url takes five answers within thirty minutes', async () => {
  let now = Date.now();
  const urls: string[] = [];
  bot = await startTestBot(
    (app) =>
      app.command('/towpath', async ({ command, ack }) => {
        urls.push(command.response_url);
        await ack();
      }),
    { clock: () => now },
  );
  const { slack } = bot;
  const answer = async (url = '', body: object = { text: 'x' }) => {
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
    return `${response.status} ${(await response.text()).replace(/.*"error":"(\w+)".*/, '$1')}`;
  };
  await slack.type('U0DEV', channel, '/towpath');
  expect(await answer(urls[0], { text: 'for all', response_type: 'in_channel' })).toBe('200 ok');
  expect(await answer(urls[0], { blocks: [{ type: 'nonsense' }] })).toBe('400 invalid_blocks');
  for (let nth = 0; nth < 3; nth += 1) expect(await answer(urls[0])).toBe('200 ok');
  expect(await answer(urls[0])).toBe('404 used_url');
  expect(slack.messages(channel).map(({ ephemeralTo }) => ephemeralTo)).toEqual([undefined, 'U0DEV', 'U0DEV', 'U0DEV']);
  await slack.type('U0DEV', channel, '/towpath');
  now += 30 * 60_000 + 1;
  expect(await answer(urls[1])).toBe('404 expired_url');
});

test('a click’s response url replaces the message that was clicked, adds one or deletes it', async () => {
  const blocks = [
    {
      type: 'actions' as const,
      elements: [{ type: 'button' as const, action_id: 'go', text: { type: 'plain_text' as const, text: 'Go' } }],
    },
  ];
  let answer: object = {};
  bot = await startTestBot((app) => {
    app.command('/towpath', async ({ ack, respond }) => {
      await ack();
      await respond({ text: 'private card', blocks });
    });
    app.action('go', async ({ ack, respond }) => {
      await ack();
      await respond(answer);
    });
  });
  const { slack } = bot;
  await slack.type('U0DEV', channel, '/towpath');
  const card = await waitUntil('the private card', () => slack.messages(channel)[0]);
  answer = { text: 'beside', replace_original: false };
  await slack.click('U0DEV', card, 'go');
  await waitUntil('the second message', () => slack.messages(channel)[1]?.text === 'beside');
  answer = { text: 'instead', replace_original: true, blocks };
  await slack.click('U0DEV', card, 'go');
  await waitUntil('the replacement', () => slack.messages(channel)[0]?.text === 'instead');
  answer = { text: 'without saying so', blocks };
  await slack.click('U0DEV', card, 'go');
  await waitUntil('the replacement by default', () => slack.messages(channel)[0]?.text === 'without saying so');
  answer = { delete_original: true };
  await slack.click('U0DEV', card, 'go');
  await waitUntil('the deletion', () => slack.messages(channel).length === 1);
  expect(slack.messages(channel)).toMatchObject([{ text: 'beside', ephemeralTo: 'U0DEV' }]);
});
