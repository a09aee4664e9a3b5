import type { App } from '@slack/bolt';
import type { KnownBlock, ModalView } from '@slack/types';
import { afterEach, expect, test } from 'vitest';
import type { TestBot } from '../../support/slack/start-test-bot.ts';
import { startTestBot } from '../../support/slack/start-test-bot.ts';
import { errorCodeOf } from '../../support/slack/start-test-client.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';

let bot: TestBot | undefined;
afterEach(async () => {
  await bot?.stop();
  bot = undefined;
});

const channel = 'C0STAGING';
const plain = (text: string) => ({ type: 'plain_text' as const, text });
const option = (value: string) => ({ text: plain(value.toUpperCase()), value });

const blocks: KnownBlock[] = [
  {
    type: 'actions',
    block_id: 'buttons',
    elements: [
      { type: 'button', action_id: 'approve', text: plain('Approve'), value: '42', style: 'primary' },
      { type: 'overflow', action_id: 'more', options: [option('diff'), option('history')] },
      {
        type: 'static_select',
        action_id: 'env',
        options: [option('staging'), option('production')],
        initial_option: option('staging'),
      },
    ],
  },
];

/** A bot that keeps every interaction it hears of. */
async function startHearing(more: (app: App) => void = () => undefined) {
  const heard: Record<string, unknown>[] = [];
  bot = await startTestBot((app) => {
    app.action(/.*/, async ({ body, ack }) => {
      heard.push(body as unknown as Record<string, unknown>);
      await ack();
    });
    more(app);
  });
  return { heard, slack: bot.slack, client: bot.app.client };
}

test('a click tells who, where, on what, and the whole message without its metadata', async () => {
  const { heard, slack, client } = await startHearing();
  const metadata = { event_type: 'card', event_payload: { id: 'a1' } };
  const { ts = '' } = await client.chat.postMessage({ channel, text: 'card', blocks, metadata });
  await slack.click('U0LEE', { channel, ts }, 'approve');
  expect(heard[0]).toMatchObject({
    type: 'block_actions',
    user: { id: 'U0LEE', username: 'lee', team_id: 'T0CANAL' },
    team: { id: 'T0CANAL', domain: 'canal' },
    api_app_id: 'A0TOWPATH',
    is_enterprise_install: false,
    container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: false },
    channel: { id: channel, name: 'staging' },
    message: { ts, text: 'card', blocks: [{ block_id: 'buttons' }] },
    state: { values: { buttons: { env: { type: 'static_select', selected_option: { value: 'staging' } } } } },
    actions: [
      {
        type: 'button',
        action_id: 'approve',
        block_id: 'buttons',
        value: '42',
        style: 'primary',
        action_ts: expect.any(String),
      },
    ],
    response_url: expect.any(String),
    trigger_id: expect.any(String),
  });
  expect(heard[0]?.['message']).not.toHaveProperty('metadata');
});

test('menus send the option that the message holds', async () => {
  const { heard, slack, client } = await startHearing();
  const { ts = '' } = await client.chat.postMessage({ channel, text: 'card', blocks });
  await slack.click('U0LEE', { channel, ts }, 'more', { choose: 'history' });
  await slack.click('U0LEE', { channel, ts }, 'env', { choose: 'production' });
  expect(heard.map(({ actions }) => (actions as { selected_option: unknown }[])[0]?.selected_option)).toMatchObject([
    { value: 'history', text: { text: 'HISTORY' } },
    { value: 'production', text: { text: 'PRODUCTION' } },
  ]);
  await expect(slack.click('U0LEE', { channel, ts }, 'env', { choose: 'moon' })).rejects.toThrow(
    'not one of the choices',
  );
});

test('what is not there cannot be clicked, and the bot hears nothing', async () => {
  const { heard, slack, client } = await startHearing();
  const { ts = '' } = await client.chat.postMessage({ channel, text: 'card', blocks });
  await expect(slack.click('U0LEE', { channel, ts }, 'reject')).rejects.toThrow('not there any more');
  await expect(slack.click('U0LEE', { channel, ts: '1.000000' }, 'approve')).rejects.toThrow('not there any more');
  await expect(slack.click('U0GONE', { channel, ts }, 'approve')).rejects.toThrow('deactivated');
  await client.chat.update({ channel, ts, text: 'done', blocks: [] });
  await expect(slack.click('U0LEE', { channel, ts }, 'approve')).rejects.toThrow('not there any more');
  expect(heard).toEqual([]);
});

test('an ephemeral card is clicked by its person alone, and its payload has no message', async () => {
  const { heard, slack, client } = await startHearing();
  const { message_ts: ts = '' } = await client.chat.postEphemeral({ channel, user: 'U0DEV', text: 'card', blocks });
  await expect(slack.click('U0LEE', { channel, ts }, 'approve')).rejects.toThrow('not there any more');
  await slack.click('U0DEV', { channel, ts }, 'approve');
  expect(heard[0]).toMatchObject({ container: { is_ephemeral: true, message_ts: ts } });
  expect(heard[0]).not.toHaveProperty('message');
});

test('a click in a direct conversation is its person’s alone', async () => {
  const { slack, client } = await startHearing();
  const { channel: im = '', ts = '' } = await client.chat.postMessage({ channel: 'U0LEE', text: 'card', blocks });
  await expect(slack.click('U0DEV', { channel: im, ts }, 'approve')).rejects.toThrow('not there any more');
  expect(await slack.click('U0LEE', { channel: im, ts }, 'approve')).toMatchObject({ status: 200 });
});

test('a Home tab is published by hash and its buttons work', async () => {
  const { heard, slack, client } = await startHearing((app) => {
    app.event('app_home_opened', async ({ event, client: web }) => {
      await web.views.publish({ user_id: event.user, view: { type: 'home', blocks } });
    });
  });
  expect(await slack.openHome('U0LEE')).toMatchObject({ status: 200, attempts: 1 });
  await waitUntil('the Home tab', () => slack.home('U0LEE'));
  expect(slack.home('U0DEV')).toBeNull();
  await slack.click('U0LEE', { home: true }, 'approve');
  expect(heard[0]).toMatchObject({ container: { type: 'view' }, view: { type: 'home' }, user: { id: 'U0LEE' } });
  expect(heard[0]).not.toHaveProperty('response_url');
  const stale = client.views.publish({ user_id: 'U0LEE', hash: 'old', view: { type: 'home', blocks: [] } });
  expect(await errorCodeOf(stale)).toBe('hash_conflict');
});

const modal = (title: string, more: Partial<ModalView> = {}): ModalView => ({
  type: 'modal',
  title: plain(title),
  blocks,
  ...more,
});

test('modals stack three high, are updated by hash, and close from the top', async () => {
  const { heard, slack, client } = await startHearing();
  const { ts = '' } = await client.chat.postMessage({ channel, text: 'card', blocks });
  const trigger = () => String(heard.at(-1)?.['trigger_id']);
  await slack.click('U0LEE', { channel, ts }, 'approve');
  expect(await errorCodeOf(client.views.push({ trigger_id: trigger(), view: modal('x') }))).toBe('not_found');
  const opened = await client.views.open({ trigger_id: trigger(), view: modal('one', { notify_on_close: true }) });
  for (const title of ['two', 'three']) {
    await slack.click('U0LEE', { viewId: slack.modals('U0LEE').at(-1)?.id ?? '' }, 'approve');
    await client.views.push({ trigger_id: trigger(), view: modal(title) });
  }
  await slack.click('U0LEE', { viewId: slack.modals('U0LEE').at(-1)?.id ?? '' }, 'approve');
  expect(await errorCodeOf(client.views.push({ trigger_id: trigger(), view: modal('four') }))).toBe(
    'push_limit_reached',
  );
  expect(slack.modals('U0LEE').map(({ depth, view }) => [depth, view.title.text])).toEqual([
    [1, 'one'],
    [2, 'two'],
    [3, 'three'],
  ]);
  const view_id = opened.view?.id ?? '';
  const { view } = await client.views.update({ view_id, hash: opened.view?.hash ?? '', view: modal('uno') });
  expect(await errorCodeOf(client.views.update({ view_id, hash: opened.view?.hash ?? '', view: modal('eins') }))).toBe(
    'hash_conflict',
  );
  expect(view?.hash).not.toBe(opened.view?.hash);
  await expect(slack.closeView('U0LEE', view_id)).rejects.toThrow('closed');
  await slack.closeView('U0LEE', slack.modals('U0LEE').at(-1)?.id ?? '');
  expect(slack.modals('U0LEE')).toHaveLength(2);
});

const form: ModalView = {
  type: 'modal',
  callback_id: 'form',
  private_metadata: 'p1',
  title: plain('Form'),
  submit: plain('Send'),
  notify_on_close: true,
  blocks: [
    {
      type: 'input',
      block_id: 'why',
      label: plain('Why?'),
      element: { type: 'plain_text_input', action_id: 'text', min_length: 3 },
    },
    {
      type: 'input',
      block_id: 'env',
      optional: true,
      label: plain('Where?'),
      element: {
        type: 'static_select',
        action_id: 'pick',
        options: [option('staging')],
        initial_option: option('staging'),
      },
    },
    {
      type: 'input',
      block_id: 'who',
      optional: true,
      label: plain('Who?'),
      element: { type: 'multi_users_select', action_id: 'users' },
    },
  ],
};

/** A bot whose command opens the form and whose answers to submissions are taken from a list. */
async function startForm(answers: (object | undefined)[]) {
  const submitted: Record<string, unknown>[] = [];
  const closed: Record<string, unknown>[] = [];
  bot = await startTestBot((app) => {
    app.command('/towpath', async ({ command, ack, client }) => {
      await ack();
      await client.views.open({ trigger_id: command.trigger_id, view: form });
    });
    app.view('form', async ({ body, ack }) => {
      submitted.push(body as unknown as Record<string, unknown>);
      await (ack as (answer?: object) => Promise<void>)(answers[submitted.length - 1]);
    });
    app.view({ callback_id: 'form', type: 'view_closed' }, async ({ body, ack }) => {
      closed.push(body as unknown as Record<string, unknown>);
      await ack();
    });
  });
  const { slack } = bot;
  await slack.type('U0LEE', channel, '/towpath');
  const { id } = await waitUntil('the form', () => slack.modals('U0LEE')[0]);
  return { slack, id, submitted, closed };
}

test('a submission carries every input, touched or not', async () => {
  const { slack, id, submitted } = await startForm([undefined]);
  expect(await slack.submitView('U0LEE', id, { why: 'because', users: ['U0ADA'] })).toEqual({ errors: {} });
  expect(submitted[0]).toMatchObject({
    type: 'view_submission',
    user: { id: 'U0LEE' },
    view: {
      id,
      callback_id: 'form',
      private_metadata: 'p1',
      state: {
        values: {
          why: { text: { type: 'plain_text_input', value: 'because' } },
          env: { pick: { type: 'static_select', selected_option: { value: 'staging' } } },
          who: { users: { type: 'multi_users_select', selected_users: ['U0ADA'] } },
        },
      },
    },
  });
  expect(slack.modals('U0LEE')).toEqual([]);
});

test('Slack’s own client refuses what is missing or too short, without asking the bot', async () => {
  const { slack, id, submitted } = await startForm([]);
  expect(await slack.submitView('U0LEE', id, {})).toEqual({ errors: { why: 'Please complete this required field.' } });
  expect(await slack.submitView('U0LEE', id, { why: 'x' })).toEqual({
    errors: { why: 'Please use at least 3 characters.' },
  });
  expect(slack.modals('U0LEE')[0]?.errors).toEqual({ why: 'Please use at least 3 characters.' });
  expect(submitted).toEqual([]);
});

test('a submission can be answered by another view, one on top, or by closing all', async () => {
  const next = { ...form, title: plain('Next') };
  const { slack, id } = await startForm([
    { response_action: 'update', view: next },
    { response_action: 'push', view: form },
    { response_action: 'clear' },
  ]);
  await slack.submitView('U0LEE', id, { why: 'because' });
  expect(slack.modals('U0LEE').map(({ view }) => view.title.text)).toEqual(['Next']);
  await slack.submitView('U0LEE', id, { why: 'because' });
  expect(slack.modals('U0LEE').map(({ view }) => view.title.text)).toEqual(['Next', 'Form']);
  await slack.submitView('U0LEE', slack.modals('U0LEE').at(-1)?.id ?? '', { why: 'because' });
  expect(slack.modals('U0LEE')).toEqual([]);
});

test.each([
  ['errors for a block that is no input', { response_action: 'errors', errors: { nothing: 'x' } }],
  ['a view that Slack would not show', { response_action: 'update', view: { type: 'modal', blocks: [] } }],
  ['an action that does not exist', { response_action: 'explode' }],
])('a submission answered with %s is trouble for the person, and the modal stays', async (_, answer) => {
  const { slack, id } = await startForm([answer]);
  await expect(slack.submitView('U0LEE', id, { why: 'because' })).rejects.toThrow('We had some trouble connecting');
  expect(slack.modals('U0LEE')).toHaveLength(1);
});

test('dismissing a modal tells the bot where the view asked for it', async () => {
  const { slack, id, closed } = await startForm([]);
  await expect(slack.closeView('U0DEV', id)).rejects.toThrow('closed');
  await slack.closeView('U0LEE', id);
  expect(closed).toMatchObject([{ type: 'view_closed', is_cleared: false, view: { id } }]);
  expect(slack.modals('U0LEE')).toEqual([]);
});
