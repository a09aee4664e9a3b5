import { App, LogLevel } from '@slack/bolt';
import { afterEach, expect, test } from 'vitest';
import type { SlackStandIn } from '../../../src/adapters/sandbox/start-slack-stand-in.ts';
import { clientOf, errorCodeOf } from '../../support/slack/start-test-client.ts';
import { startTestSlack, testCredentials } from '../../support/slack/start-test-slack.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';

const { appToken, botToken } = testCredentials;
const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

async function startSlack(): Promise<SlackStandIn> {
  const slack = await startTestSlack({ eventsUrl: 'http://127.0.0.1:9/slack/events', appToken });
  stops.push(() => slack.stop());
  return slack;
}

async function startSocketApp(slack: SlackStandIn): Promise<App> {
  const app = new App({
    token: botToken,
    appToken,
    socketMode: true,
    deferInitialization: true,
    clientOptions: { slackApiUrl: slack.apiUrl },
    logLevel: LogLevel.ERROR,
  });
  await app.init();
  await app.start();
  stops.push(() => app.stop());
  return app;
}

test('commands, clicks, submissions and events reach a Bolt app over its socket, and its answers come back', async () => {
  const slack = await startSlack();
  const app = await startSocketApp(slack);
  const heard: string[] = [];
  app.command('/towpath', async ({ command, ack, client }) => {
    heard.push(command.text);
    await ack({ text: 'on it' });
    await client.views.open({
      trigger_id: command.trigger_id,
      view: {
        type: 'modal',
        callback_id: 'form',
        title: { type: 'plain_text', text: 'x' },
        submit: { type: 'plain_text', text: 'x' },
        blocks: [
          {
            type: 'input',
            block_id: 'why',
            label: { type: 'plain_text', text: 'x' },
            element: { type: 'plain_text_input', action_id: 'text' },
          },
          {
            type: 'actions',
            elements: [{ type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'x'.repeat(75) } }],
          },
        ],
      },
    });
  });
  app.action('go', async ({ ack }) => {
    heard.push('clicked');
    await ack();
  });
  app.view('form', ({ ack }) => ack({ response_action: 'errors', errors: { why: 'No.' } }));
  app.event('user_change', async () => {
    heard.push('changed');
  });

  expect(await slack.type('U0DEV', 'C0STAGING', `/towpath ${'long '.repeat(200)}`)).toMatchObject({ status: 200 });
  expect(slack.messages('C0STAGING')).toMatchObject([{ text: 'on it', ephemeralTo: 'U0DEV' }]);
  const modal = await waitUntil('the modal', () => slack.modals('U0DEV')[0]);
  await slack.click('U0DEV', { viewId: modal.id }, 'go');
  expect(await slack.submitView('U0DEV', modal.id, { why: 'x' })).toEqual({ errors: { why: 'No.' } });
  slack.setPerson('U0LEE', { isAdmin: true });
  await waitUntil('the event', () => heard.length === 3);
  expect(heard).toEqual(['long '.repeat(200).trim(), 'clicked', 'changed']);
});

test('with two sockets, envelopes go to both in turn', async () => {
  const slack = await startSlack();
  const heard: string[] = [];
  for (const name of ['one', 'two']) {
    const app = await startSocketApp(slack);
    app.command('/towpath', async ({ ack }) => {
      heard.push(name);
      await ack();
    });
  }
  for (let nth = 0; nth < 4; nth += 1) await slack.type('U0DEV', 'C0STAGING', '/towpath');
  expect(heard.toSorted()).toEqual(['one', 'one', 'two', 'two']);
});

test('a socket wants the app-level token and a ticket, each good once', async () => {
  const slack = await startSlack();
  expect(await errorCodeOf(clientOf(slack, botToken).apps.connections.open())).toBe('not_allowed_token_type');
  const { url = '' } = await clientOf(slack, appToken).apps.connections.open();
  const connects = (address: string) =>
    new Promise<boolean>((resolve) => {
      const socket = new WebSocket(address);
      socket.onmessage = () => {
        socket.close();
        resolve(true);
      };
      socket.onerror = () => resolve(false);
    });
  expect(await connects(url.replace(/ticket=\w+/, 'ticket=guess'))).toBe(false);
  expect(await connects(url)).toBe(true);
  expect(await connects(url)).toBe(false);
});
