import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testTeam } from '../../support/slack/test-workspace.ts';
import { type SlackTowpath, startSlackTowpath } from './support/start-slack-towpath.ts';

let towpath: SlackTowpath;
beforeAll(async () => {
  towpath = await startSlackTowpath({ delivers: false });
  await towpath.push(1);
});
afterAll(() => towpath.stop());
beforeEach(() => {
  towpath.ran.length = 0;
});

const acts = () => towpath.ran.filter((name) => name !== 'recordProfiles');
const secondsFromNow = (seconds: number) => String(Math.floor(Date.now() / 1_000) + seconds);

function command(more: Record<string, string> = {}): string {
  return new URLSearchParams({
    team_id: testTeam.id,
    channel_id: 'C0GENERAL',
    user_id: 'U0DEV',
    command: '/deploy',
    text: 'summarize-flow',
    trigger_id: randomUUID(),
    is_enterprise_install: 'false',
    ...more,
  }).toString();
}

function click(more: Record<string, unknown> = {}): string {
  const payload = {
    type: 'block_actions',
    team: { id: testTeam.id },
    user: { id: 'U0DEV', team_id: testTeam.id },
    channel: { id: 'C0GENERAL' },
    trigger_id: randomUUID(),
    container: { type: 'message', message_ts: '1700000000.000100' },
    actions: [
      { type: 'button', action_id: 'keep_promotion', block_id: 'b', action_ts: '1700000000.000200', value: '{}' },
    ],
    ...more,
  };
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}

test('a request that is not signed, or signed wrongly, is refused and nothing runs', async () => {
  expect(await towpath.slack.signedPost(command(), { 'x-slack-signature': 'v0=00' })).toMatchObject({ status: 401 });
  expect(await towpath.slack.signedPost(command(), { 'x-slack-signature': '' })).toMatchObject({ status: 401 });
  expect(await towpath.slack.signedPost(command(), { 'x-slack-request-timestamp': 'soon' })).toMatchObject({
    status: 401,
  });
  expect(acts()).toEqual([]);
});

test.each([-301, 302, 31_536_000])(
  'a request signed for %i seconds from now is refused, well signed as it is',
  async (seconds) => {
    const answer = await towpath.slack.signedPost(command(), { 'x-slack-request-timestamp': secondsFromNow(seconds) });
    expect(answer.status).toBe(401);
    expect(acts()).toEqual([]);
  },
);

test.each([-280, 280])('clocks that are %i seconds apart are near enough', async (seconds) => {
  const answer = await towpath.slack.signedPost(command({ command: '/towpath', text: 'help' }), {
    'x-slack-request-timestamp': secondsFromNow(seconds),
  });
  expect(answer.status).toBe(200);
});

test('ssl_check is answered unsigned and smuggles nothing in', async () => {
  const answer = await towpath.slack.signedPost(`ssl_check=1&${command()}`, { 'x-slack-signature': 'v0=00' });
  expect(answer.status).toBe(200);
  expect(acts()).toEqual([]);
});

test('a request of another workspace runs nothing', async () => {
  expect(await towpath.slack.signedPost(command({ team_id: 'T0OTHER' }))).toMatchObject({ status: 401 });
  expect(await towpath.slack.signedPost(click({ team: { id: 'T0OTHER' } }))).toMatchObject({ status: 401 });
  expect(acts()).toEqual([]);
});

test('a click without a team counts for the person’s own', async () => {
  expect(await towpath.slack.signedPost(click({ team: null }))).toMatchObject({ status: 200 });
  const stranger = { id: 'U0STRANGER', team_id: 'T0ELSEWHERE' };
  expect(await towpath.slack.signedPost(click({ team: null, user: stranger }))).toMatchObject({ status: 401 });
});

test('the word "false" in is_enterprise_install is no organisation', async () => {
  expect(await towpath.slack.signedPost(command({ text: 'help' }))).toMatchObject({ status: 200 });
  const told = await towpath.told('U0DEV', 'C0GENERAL', '/deploy WORKFLOW [VERSION]');
  expect(told.text).toContain('For example');
});

test('a body that no one sends is answered at once, and the next request is served', async () => {
  const json = { 'content-type': 'application/json' };
  expect((await towpath.slack.signedPost('{', json)).status).toBe(400);
  expect((await towpath.slack.signedPost(click({ actions: [{ action_id: {} }] }))).status).toBeGreaterThanOrEqual(200);
  expect(acts()).toEqual([]);
  expect((await towpath.slack.type('U0DEV', 'C0GENERAL', '/towpath help')).status).toBe(200);
});

test('a command that Slack knows and Towpath does not gets the list of commands', async () => {
  expect(await towpath.slack.signedPost(command({ command: '/depploy', text: 'x' }))).toMatchObject({ status: 200 });
  const told = await towpath.told('U0DEV', 'C0GENERAL', 'How to use Towpath');
  expect(JSON.stringify(told.blocks)).toContain('/promote WORKFLOW ENVIRONMENT');
  expect(acts()).toEqual([]);
});

test('an unknown word after /towpath offers the nearest', async () => {
  await towpath.slack.type('U0DEV', 'C0GENERAL', '/towpath stauts');
  expect((await towpath.told('U0DEV', 'C0GENERAL', 'There is no `/towpath stauts`')).text).toContain(
    'Did you mean `/towpath status',
  );
  await towpath.slack.type('U0DEV', 'C0GENERAL', '/towpath constructor');
  await towpath.told('U0DEV', 'C0GENERAL', 'There is no `/towpath constructor`');
  await towpath.slack.type('U0DEV', 'C0GENERAL', '/towpath <!channel>');
  await towpath.told('U0DEV', 'C0GENERAL', 'There is no `/towpath &lt;!channel&gt;`');
});

test('a button of another release does nothing but say so', async () => {
  const old = [{ type: 'button', action_id: 'approve_promotion', action_ts: '1700000001.000100', value: '{"id":7}' }];
  await towpath.slack.signedPost(click({ actions: old }));
  const unknown = [{ type: 'button', action_id: '__proto__', action_ts: '1700000002.000100', value: 'x' }];
  await towpath.slack.signedPost(click({ actions: unknown }));
  const direct = await Promise.all([
    towpath.told('U0DEV', 'C0GENERAL', 'Use the command instead'),
    towpath.told('U0DEV', 'C0GENERAL', 'does nothing any more'),
  ]);
  expect(direct).toHaveLength(2);
  expect(acts()).toEqual([]);
});
