import { afterEach, expect, test } from 'vitest';
import type { TestBot } from '../../support/slack/start-test-bot.ts';
import { startTestBot } from '../../support/slack/start-test-bot.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';

let bot: TestBot | undefined;
afterEach(async () => {
  await bot?.stop();
  bot = undefined;
});

const card = [
  { type: 'section' as const, text: { type: 'mrkdwn' as const, text: 'Promote?' } },
  {
    type: 'actions' as const,
    elements: [
      {
        type: 'button' as const,
        action_id: 'approve',
        text: { type: 'plain_text' as const, text: 'Approve' },
        value: '42',
      },
    ],
  },
];

test('a slash command reaches Bolt signed, and its card changes in place after a click', async () => {
  bot = await startTestBot((app) => {
    app.command('/promote', async ({ command, ack, client }) => {
      await ack();
      await client.chat.postMessage({ channel: command.channel_id, text: `asked: ${command.text}`, blocks: card });
    });
    app.action('approve', async ({ body, action, ack, client }) => {
      await ack();
      const { channel, message } = body as unknown as { channel: { id: string }; message: { ts: string } };
      const value = (action as { value: string }).value;
      await client.chat.update({
        channel: channel.id,
        ts: message.ts,
        text: `approved ${value} by ${body.user.id}`,
        blocks: [],
      });
    });
  });
  const { slack } = bot;
  expect(await slack.type('U0DEV', 'C0STAGING', '/promote summarize-flow staging')).toEqual({ status: 200, body: '' });
  const posted = await waitUntil('the card', () => slack.messages('C0STAGING')[0]);
  expect(posted.text).toBe('asked: summarize-flow staging');
  expect(await slack.click('U0LEE', posted, 'approve')).toMatchObject({ status: 200 });
  await waitUntil('the update', () => slack.messages('C0STAGING')[0]?.editedTs);
  expect(slack.messages('C0STAGING')).toMatchObject([{ ts: posted.ts, text: 'approved 42 by U0LEE', blocks: [] }]);
});

test('a modal opens by its trigger, shows the errors of its submission and then closes', async () => {
  bot = await startTestBot((app) => {
    app.command('/towpath', async ({ command, ack, client }) => {
      await ack();
      await client.views.open({
        trigger_id: command.trigger_id,
        view: {
          type: 'modal',
          callback_id: 'reject',
          title: { type: 'plain_text', text: 'Reject' },
          submit: { type: 'plain_text', text: 'Reject' },
          blocks: [
            {
              type: 'input',
              block_id: 'reason',
              label: { type: 'plain_text', text: 'Why?' },
              element: { type: 'plain_text_input', action_id: 'text' },
            },
          ],
        },
      });
    });
    app.view('reject', async ({ view, ack }) => {
      const reason = view.state.values['reason']?.['text']?.value ?? '';
      if (reason === 'no') await ack({ response_action: 'errors', errors: { reason: 'Say more.' } });
      else await ack();
    });
  });
  const { slack } = bot;
  await slack.type('U0LEE', 'C0STAGING', '/towpath');
  const modal = await waitUntil('the modal', () => slack.modals('U0LEE')[0]);
  expect(await slack.submitView('U0LEE', modal.id, {})).toEqual({
    errors: { reason: 'Please complete this required field.' },
  });
  expect(await slack.submitView('U0LEE', modal.id, { reason: 'no' })).toEqual({ errors: { reason: 'Say more.' } });
  expect(await slack.submitView('U0LEE', modal.id, { reason: 'The prompt is wrong' })).toEqual({ errors: {} });
  expect(slack.modals('U0LEE')).toEqual([]);
});
