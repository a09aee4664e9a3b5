import { afterEach, expect, test } from 'vitest';
import type { TestClient } from '../../support/slack/start-test-client.ts';
import { clientOf, errorCodeOf, startTestClient } from '../../support/slack/start-test-client.ts';
import { testCredentials } from '../../support/slack/start-test-slack.ts';

let running: TestClient | undefined;
afterEach(async () => {
  await running?.slack.stop();
  running = undefined;
});

async function start(options: Parameters<typeof startTestClient>[0] = {}): Promise<TestClient> {
  running = await startTestClient(options);
  return running;
}

const channel = 'C0STAGING';
const divider = { type: 'divider' as const };

test('the bot learns who it is, and only with its own token', async () => {
  const { slack, client } = await start({ appToken: testCredentials.appToken });
  expect(await client.auth.test()).toMatchObject({
    team_id: 'T0CANAL',
    user_id: 'U0TOWPATH',
    bot_id: 'B0TOWPATH',
    url: `${slack.url}/`,
  });
  expect(await errorCodeOf(clientOf(slack, 'xoxb-other').auth.test())).toBe('invalid_auth');
  expect(await errorCodeOf(clientOf(slack, testCredentials.appToken).auth.test())).toBe('not_allowed_token_type');
  const bare = await fetch(`${slack.apiUrl}auth.test`, { method: 'POST' });
  expect(await bare.json()).toEqual({ ok: false, error: 'not_authed' });
});

test('a method that does not exist is unknown', async () => {
  const { client } = await start();
  expect(await errorCodeOf(client.apiCall('chat.shout'))).toBe('unknown_method');
});

test('two equal posts are two messages', async () => {
  const { slack, client } = await start();
  const post = { channel, text: 'same', metadata: { event_type: 'card', event_payload: { announcement: 'a1' } } };
  const [one, two] = await Promise.all([client.chat.postMessage(post), client.chat.postMessage(post)]);
  expect(one.ts).not.toBe(two.ts);
  expect(slack.messages(channel)).toHaveLength(2);
});

test.each([
  ['a channel that does not exist', { channel: 'C0NOWHERE', text: 'x' }, 'channel_not_found'],
  ['a channel’s name', { channel: '#staging', text: 'x' }, 'channel_not_found'],
  ['a channel the bot was never invited to', { channel: 'C0NOBOT', text: 'x' }, 'not_in_channel'],
  ['a private channel without the bot', { channel: 'C0SECRET', text: 'x' }, 'channel_not_found'],
  ['a deactivated person', { channel: 'U0GONE', text: 'x' }, 'channel_not_found'],
  ['an archived channel', { channel: 'C0OLD', text: 'x' }, 'is_archived'],
  ['nothing to say', { channel, text: '' }, 'no_text'],
  ['no blocks and no text', { channel, text: '', blocks: [] }, 'no_text'],
  ['too many characters', { channel, text: 'x'.repeat(40_001) }, 'msg_too_long'],
  ['a thread that does not exist', { channel, text: 'x', thread_ts: '1700000000.000001' }, 'thread_not_found'],
  ['wrong blocks', { channel, text: 'x', blocks: [{ type: 'nonsense' }] }, 'invalid_blocks'],
  ['blocks that are no list', { channel, text: 'x', blocks: '{"type":"divider"}' }, 'invalid_blocks_format'],
  ['metadata without a type', { channel, text: 'x', metadata: { event_payload: {} } }, 'invalid_metadata_schema'],
  ['another name', { channel, text: 'x', username: 'someone' }, 'missing_scope'],
])('posting with %s answers Slack’s own error', async (_, args, error) => {
  const { slack, client } = await start();
  expect(await errorCodeOf(client.apiCall('chat.postMessage', args))).toBe(error);
  expect(slack.messages(channel)).toEqual([]);
});

test('wrong blocks are pointed at', async () => {
  const { client } = await start();
  const call = client.chat.postMessage({
    channel,
    text: 'x',
    blocks: [{ type: 'header', text: { type: 'plain_text', text: '' } }],
  });
  await expect(call).rejects.toMatchObject({
    data: {
      response_metadata: { messages: ['[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]'] },
    },
  });
});

test('an update keeps what it does not mention', async () => {
  const { slack, client } = await start();
  const metadata = { event_type: 'card', event_payload: { id: 'a1' } };
  const { ts = '' } = await client.chat.postMessage({ channel, text: 'before', blocks: [divider], metadata });
  await client.apiCall('chat.update', { channel, ts, text: 'after' });
  expect(slack.messages(channel)[0]).toMatchObject({ text: 'after', blocks: [{ type: 'divider' }], metadata });
  await client.apiCall('chat.update', { channel, ts, text: 'after', blocks: [], metadata: {} });
  expect(slack.messages(channel)[0]).toMatchObject({ blocks: [] });
  expect(slack.messages(channel)[0]?.metadata).toBeUndefined();
});

test('only the bot’s own messages can be updated or deleted, and ephemeral ones never', async () => {
  const { slack, client } = await start();
  const theirs = slack.say('U0DEV', channel, 'hello');
  expect(await errorCodeOf(client.chat.update({ channel, ts: theirs.ts, text: 'x' }))).toBe('cant_update_message');
  expect(await errorCodeOf(client.chat.delete({ channel, ts: theirs.ts }))).toBe('cant_delete_message');
  expect(await errorCodeOf(client.chat.update({ channel, ts: '1.000000', text: 'x' }))).toBe('message_not_found');
  const { message_ts = '' } = await client.chat.postEphemeral({ channel, user: 'U0DEV', text: 'psst' });
  expect(await errorCodeOf(client.chat.update({ channel, ts: message_ts, text: 'x' }))).toBe('message_not_found');
});

test('a message is found again by its metadata in the history, which never shows ephemeral ones', async () => {
  const { client } = await start();
  for (const id of ['a1', 'a2', 'a3']) {
    await client.chat.postMessage({
      channel,
      text: id,
      metadata: { event_type: 'towpath_card', event_payload: { id } },
    });
  }
  await client.chat.postEphemeral({ channel, user: 'U0DEV', text: 'psst' });
  const all = await client.conversations.history({ channel, include_all_metadata: true });
  expect(all.messages?.map(({ metadata }) => metadata?.event_payload)).toEqual([
    { id: 'a3' },
    { id: 'a2' },
    { id: 'a1' },
  ]);
  const without = await client.conversations.history({ channel });
  expect(without.messages?.[0]).not.toHaveProperty('metadata');
});

test('the history comes in pages, newest first, between two moments', async () => {
  const { client } = await start();
  const posted: string[] = [];
  for (let nth = 0; nth < 5; nth += 1)
    posted.push((await client.chat.postMessage({ channel, text: `${nth}` })).ts ?? '');
  const first = await client.conversations.history({ channel, limit: 2 });
  expect(first.messages?.map(({ text }) => text)).toEqual(['4', '3']);
  const second = await client.conversations.history({
    channel,
    limit: 2,
    cursor: first.response_metadata?.next_cursor ?? '',
  });
  expect(second.messages?.map(({ text }) => text)).toEqual(['2', '1']);
  const between = await client.conversations.history({ channel, oldest: posted[1] ?? '', latest: posted[3] ?? '' });
  expect(between.messages?.map(({ text }) => text)).toEqual(['2']);
  const inclusive = await client.conversations.history({
    channel,
    oldest: posted[1] ?? '',
    latest: posted[3] ?? '',
    inclusive: true,
  });
  expect(inclusive.messages?.map(({ text }) => text)).toEqual(['3', '2', '1']);
  expect(await errorCodeOf(client.conversations.history({ channel, cursor: 'bm9uc2Vuc2U=' }))).toBe('invalid_cursor');
});

test('replies are in their thread and not in the history', async () => {
  const { client } = await start();
  const { ts = '' } = await client.chat.postMessage({ channel, text: 'card' });
  const reply = await client.chat.postMessage({ channel, text: 'approved', thread_ts: ts });
  expect((await client.conversations.history({ channel })).messages).toMatchObject([
    { text: 'card', reply_count: 1, thread_ts: ts },
  ]);
  const thread = await client.conversations.replies({ channel, ts });
  expect(thread.messages?.map(({ text }) => text)).toEqual(['card', 'approved']);
  expect(await errorCodeOf(client.chat.postMessage({ channel, text: 'x', thread_ts: reply.ts ?? '' }))).toBe(
    'cannot_reply_to_message',
  );
  expect(await errorCodeOf(client.conversations.replies({ channel, ts: '1.000000' }))).toBe('thread_not_found');
});

test('a reply that is sent to the channel, too, is in both', async () => {
  const { client } = await start();
  const { ts = '' } = await client.chat.postMessage({ channel, text: 'card' });
  await client.chat.postMessage({ channel, text: 'late', thread_ts: ts, reply_broadcast: true });
  expect((await client.conversations.history({ channel })).messages).toMatchObject([
    { text: 'late', subtype: 'thread_broadcast', thread_ts: ts },
    { text: 'card', reply_count: 1 },
  ]);
  const thread = await client.conversations.replies({ channel, ts });
  expect(thread.messages?.map(({ text }) => text)).toEqual(['card', 'late']);
});

test('a message has a link to it', async () => {
  const { slack, client } = await start();
  const { ts = '' } = await client.chat.postMessage({ channel, text: 'card' });
  const { permalink } = await client.chat.getPermalink({ channel, message_ts: ts });
  expect(permalink).toBe(`${slack.url}/archives/${channel}/p${ts.replace('.', '')}`);
  expect(await errorCodeOf(client.chat.getPermalink({ channel, message_ts: '1.000000' }))).toBe('message_not_found');
});

test('people are reached by a direct conversation, the deactivated and bots are not', async () => {
  const { slack, client } = await start();
  const opened = await client.conversations.open({ users: 'U0LEE' });
  expect(opened.channel?.id).toBe(slack.imOf('U0LEE'));
  await client.chat.postMessage({ channel: 'U0LEE', text: 'for you' });
  expect(slack.messages(slack.imOf('U0LEE'))).toMatchObject([{ text: 'for you' }]);
  expect(await errorCodeOf(client.conversations.open({ users: 'U0GONE' }))).toBe('user_disabled');
  expect(await errorCodeOf(client.conversations.open({ users: 'U0ROBOT' }))).toBe('cannot_dm_bot');
  expect(await errorCodeOf(client.conversations.open({ users: 'U0NOBODY' }))).toBe('user_not_found');
  expect(await errorCodeOf(client.conversations.open({ users: 'U0LEE,U0LIA' }))).toBe('missing_scope');
  expect(await errorCodeOf(client.chat.update({ channel: 'U0LEE', ts: '1.000000', text: 'x' }))).toBe(
    'channel_not_found',
  );
});

test('accounts say what the rules of a bot need to know', async () => {
  const { client } = await start();
  const about = async (user: string) => (await client.users.info({ user })).user;
  expect(await about('U0ADA')).toMatchObject({ is_admin: true, is_owner: false, is_bot: false, team_id: 'T0CANAL' });
  expect(await about('U0OWN')).toMatchObject({ is_admin: true, is_owner: true });
  expect(await about('U0GUEST')).toMatchObject({ is_restricted: true, is_admin: false });
  expect(await about('U0GONE')).toMatchObject({ deleted: true });
  expect(await about('U0STRANGER')).toMatchObject({ team_id: 'T0ELSEWHERE', is_stranger: true });
  expect(await errorCodeOf(client.users.info({ user: 'U0NOBODY' }))).toBe('user_not_found');
});

test('everybody is listed, page by page, strangers left out', async () => {
  const { client } = await start();
  const ids: string[] = [];
  for await (const page of client.paginate('users.list', { limit: 5 })) {
    ids.push(...(page as unknown as { members: { id: string }[] }).members.map(({ id }) => id));
  }
  expect(ids).toHaveLength(new Set(ids).size);
  expect(ids).toContain('U0TOWPATH');
  expect(ids).not.toContain('U0STRANGER');
});

test.each([
  ['chat.postMessage', { channel, text: 'x' }, 'chat:write'],
  ['users.info', { user: 'U0LEE' }, 'users:read'],
  ['conversations.open', { users: 'U0LEE' }, 'im:write'],
  ['conversations.history', { channel }, 'channels:history'],
  ['conversations.history', { channel: 'D0LEE' }, 'im:history'],
  ['conversations.info', { channel }, 'channels:read'],
  ['files.info', { file: 'F1' }, 'files:read'],
  ['files.getUploadURLExternal', { filename: 'a.png', length: 1 }, 'files:write'],
  ['team.info', {}, 'team:read'],
])('%s with %j needs %s and says so', async (method, args, needed) => {
  const { client } = await start({ scopes: ['commands'] });
  await expect(client.apiCall(method, args)).rejects.toMatchObject({
    data: { error: 'missing_scope', needed, provided: 'commands' },
  });
});

test('answers carry the granted scopes', async () => {
  const { client } = await start({ scopes: ['commands', 'chat:write'] });
  expect((await client.auth.test()).response_metadata?.scopes).toEqual(['commands', 'chat:write']);
});

test('rate limits, where they are on, answer 429 with the time to wait', async () => {
  const { client } = await start({ rateLimits: true, clock: () => 1_700_000_000_000 });
  const post = () => client.chat.postMessage({ channel, text: 'x' });
  for (let nth = 0; nth < 4; nth += 1) await post();
  await expect(post()).rejects.toMatchObject({ code: 'slack_webapi_rate_limited_error', retryAfter: 1 });
});
