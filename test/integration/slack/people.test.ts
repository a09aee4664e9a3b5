import { afterEach, expect, test } from 'vitest';
import { waitUntil } from '../../support/slack/wait-until.ts';
import { type SlackTowpath, startSlackTowpath } from './support/start-slack-towpath.ts';

let towpath: SlackTowpath;
afterEach(() => towpath.stop());

const standings = async () => {
  const rows = await towpath.persistence.sql<{ user_id: string; slack_standing: string; slack_admin: boolean }>(
    'SELECT user_id, slack_standing, slack_admin FROM person WHERE refreshed_at IS NOT NULL',
  );
  return new Map(rows.map((row) => [row.user_id, row]));
};
const lookUps = () => towpath.slack.calls.filter(({ method }) => method === 'users.info').length;

test('everybody’s account is read at the start, with pauses where Slack asks for them', async () => {
  towpath = await startSlackTowpath({ delivers: false });
  towpath.slack.failNext('users.list', { retryAfter: 1 });
  await towpath.app.syncPeople();
  const known = await standings();
  expect(known.get('U0DEV')).toMatchObject({ slack_standing: 'member', slack_admin: false });
  expect(known.get('U0ADA')).toMatchObject({ slack_standing: 'member', slack_admin: true });
  expect(known.get('U0OWN')).toMatchObject({ slack_admin: true });
  expect(known.get('U0GUEST')?.slack_standing).toBe('guest');
  expect(known.get('U0GONE')?.slack_standing).toBe('deactivated');
  expect(known.get('U0ROBOT')?.slack_standing).toBe('bot');
});

test('somebody is looked up at their first act, and again only after ten minutes', async () => {
  towpath = await startSlackTowpath({ delivers: false });
  const ask = async () => {
    const before = towpath.slack.messages('C0GENERAL').length;
    await towpath.slack.type('U0DEV', 'C0GENERAL', '/towpath roles');
    await waitUntil('the answer', () => towpath.slack.messages('C0GENERAL').length > before);
  };
  await ask();
  await ask();
  expect(lookUps()).toBe(1);
  await towpath.persistence.sql("UPDATE person SET refreshed_at = now() - interval '11 minutes'");
  await ask();
  expect(lookUps()).toBe(2);
});

test('somebody who became a guest loses their say at once, by the event', async () => {
  towpath = await startSlackTowpath();
  await towpath.push(1);
  await towpath.slack.type('U0DEV', 'C0GENERAL', '/deploy summarize-flow');
  await towpath.told('U0DEV', 'C0GENERAL', 'is live');
  await towpath.slack.type('U0DEV', 'C0GENERAL', '/promote summarize-flow staging');
  const card = await towpath.message('C0STAGING', 'the card', (m) => m.text.includes('asks to take'));
  await towpath.slack.type('U0LEE', 'C0GENERAL', '/towpath help');
  await towpath.told('U0LEE', 'C0GENERAL', 'How to use Towpath');
  towpath.slack.setPerson('U0LEE', { isRestricted: true });
  await waitUntil('the event to be recorded', async () => (await standings()).get('U0LEE')?.slack_standing === 'guest');
  await towpath.slack.click('U0LEE', card, 'approve_promotion');
  await towpath.told('U0LEE', 'C0STAGING', 'Guests');
});

test('somebody who joins is known before they act', async () => {
  towpath = await startSlackTowpath({ delivers: false });
  await towpath.slack.sendEvent({
    type: 'team_join',
    user: { id: 'U0NEW', team_id: 'T0CANAL', name: 'new', profile: { display_name: 'Nell' } },
  });
  await waitUntil('the newcomer', async () => (await standings()).has('U0NEW'));
  const odd = await towpath.slack.sendEvent({ type: 'user_change', user: 'nobody' });
  expect(odd).toMatchObject({ status: 200, attempts: 1 });
});

test('somebody of another workspace is found out when they act', async () => {
  towpath = await startSlackTowpath({ delivers: false });
  await towpath.slack.type('U0STRANGER', 'C0GENERAL', '/deploy anything');
  await waitUntil('the look-up', async () => (await standings()).get('U0STRANGER')?.slack_standing === 'foreign');
});
