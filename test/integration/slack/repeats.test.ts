import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StandInMessage } from '../../../src/adapters/sandbox/start-slack-stand-in.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';
import { type SlackTowpath, startSlackTowpath } from './support/start-slack-towpath.ts';

let towpath: SlackTowpath;
let nth = 0;
beforeAll(async () => {
  towpath = await startSlackTowpath();
});
afterAll(() => towpath.stop());

/** A workflow of its own with an open promotion to staging, and its card. */
async function openCard(): Promise<{ workflow: string; card: StandInMessage }> {
  nth += 1;
  const workflow = `flow-${nth}`;
  await towpath.push(1, { workflow });
  await towpath.slack.type('U0DEV', 'C0GENERAL', `/deploy ${workflow}`);
  await towpath.told('U0DEV', 'C0GENERAL', `${workflow} v1 is live in development`);
  await towpath.slack.type('U0DEV', 'C0GENERAL', `/promote ${workflow} staging`);
  const card = await towpath.message('C0STAGING', 'the card', (m) => m.text.includes(`asks to take ${workflow} v1`));
  return { workflow, card };
}

const deployed = (card: StandInMessage) =>
  towpath.message('C0STAGING', 'the deployed card', (m) => m.ts === card.ts && m.text.includes('deployed'));

async function count(sql: string, ...values: unknown[]): Promise<number> {
  const [row] = await towpath.persistence.sql<{ count: string }>(`SELECT count(*) FROM ${sql}`, values);
  return Number(row?.count);
}

test('a command that comes again, byte for byte, runs once', async () => {
  await towpath.push(1, { workflow: 'replayed' });
  await towpath.slack.type('U0DEV', 'C0GENERAL', '/deploy replayed');
  await towpath.told('U0DEV', 'C0GENERAL', 'replayed v1 is live');
  const before = towpath.ran.filter((name) => name === 'deployVersion').length;
  for (let again = 0; again < 3; again += 1) {
    expect(await towpath.slack.replayLast('command')).toMatchObject({ status: 200 });
  }
  await towpath.slack.type('U0DEV', 'C0GENERAL', '/deploy replayed');
  await towpath.told(
    'U0DEV',
    'C0GENERAL',
    'replayed is live in development already'.replace('replayed', 'v1 of replayed'),
  );
  expect(towpath.ran.filter((name) => name === 'deployVersion')).toHaveLength(before + 1);
});

test('a click that comes again, byte for byte and after a restart too, runs once', async () => {
  const { card } = await openCard();
  await towpath.slack.click('U0LEE', card, 'approve_promotion');
  await deployed(card);
  const before = towpath.ran.filter((name) => name === 'approvePromotion').length;
  expect(await towpath.slack.replayLast('action')).toMatchObject({ status: 200 });
  await towpath.restart();
  expect(await towpath.slack.replayLast('action')).toMatchObject({ status: 200 });
  // A click of another kind goes the same way after them: when it is answered, the replays were too.
  await towpath.slack.click('U0LEE', card, 'show_diff');
  await waitUntil('the diff', () => JSON.stringify(towpath.slack.modals('U0LEE')).includes('v1'));
  expect(towpath.ran.filter((name) => name === 'approvePromotion')).toHaveLength(before);
});

test('a double click approves once, and says nothing twice', async () => {
  const { card } = await openCard();
  await Promise.all([
    towpath.slack.click('U0LEE', card, 'approve_promotion'),
    towpath.slack.click('U0LEE', card, 'approve_promotion'),
  ]);
  await deployed(card);
  await towpath.message('C0STAGING', 'the story', (m) => m.threadTs === card.ts && m.text.includes('went live'));
  const story = towpath.slack.messages('C0STAGING').filter((m) => m.threadTs === card.ts);
  expect(story.filter((m) => m.text.includes('went live'))).toHaveLength(1);
  expect(
    await count(
      'approval WHERE user_id = $1 AND promotion_id = (SELECT subject_id FROM announcement WHERE ts = $2)',
      'U0LEE',
      card.ts,
    ),
  ).toBe(1);
});

test('two people who click at once deploy once', async () => {
  const { workflow, card } = await openCard();
  await Promise.all([
    towpath.slack.click('U0LEE', card, 'approve_promotion'),
    towpath.slack.click('U0LIA', card, 'approve_promotion'),
  ]);
  await deployed(card);
  expect(
    await count(
      'deployment d JOIN workflow w ON w.id = d.workflow_id WHERE w.slug = $1 AND d.promotion_id IS NOT NULL',
      workflow,
    ),
  ).toBe(1);
});

test('a click on a card that is behind is refused privately, and the card is brought up to date', async () => {
  const { workflow, card } = await openCard();
  const stale = structuredClone(card.blocks);
  await towpath.slack.click('U0DEV', card, 'cancel_promotion');
  await towpath.message('C0STAGING', 'the cancelled card', (m) => m.ts === card.ts && m.text.includes('cancelled'));
  // An update that got lost: the card is behind, and what it shows is not known.
  await waitUntil('the update to be done', () =>
    count('graphile_worker.jobs WHERE key IS NOT NULL').then((n) => n === 0),
  );
  await towpath.persistence.sql('UPDATE announcement SET shown = NULL WHERE ts = $1', [card.ts]);
  const shown = await towpath.slack.messages('C0STAGING').find((m) => m.ts === card.ts);
  if (shown !== undefined) shown.blocks = stale;
  await towpath.slack.click('U0LEE', card, 'approve_promotion');
  await towpath.told('U0LEE', 'C0STAGING', /already cancelled/);
  await waitUntil('the card to say so again', () =>
    JSON.stringify(towpath.slack.messages('C0STAGING').find((m) => m.ts === card.ts)?.blocks).includes('*Cancelled*'),
  );
  expect(
    await count(
      'deployment d JOIN workflow w ON w.id = d.workflow_id WHERE w.slug = $1 AND d.promotion_id IS NOT NULL',
      workflow,
    ),
  ).toBe(0);
});

test('Approve on a card whose review changed since approves nothing and says so', async () => {
  const { workflow, card } = await openCard();
  await towpath.persistence.sql(
    'UPDATE environment SET policy = jsonb_set(policy, \'{approvals}\', \'[{"role": "lead", "count": 2}]\') WHERE name = \'staging\'',
  );
  await towpath.slack.click('U0LEE', card, 'approve_promotion');
  const told = await waitUntil('Lee to be told', () =>
    towpath.slack.messages('C0STAGING').findLast((m) => m.ephemeralTo === 'U0LEE' && m.text.includes('changed')),
  );
  expect(told.text).not.toContain('went wrong');
  await waitUntil('the card to ask for two leads', () =>
    JSON.stringify(towpath.slack.messages('C0STAGING').find((m) => m.ts === card.ts)?.blocks).includes('2 leads'),
  );
  expect(
    await count(
      'approval a JOIN promotion p ON p.id = a.promotion_id JOIN workflow w ON w.id = p.workflow_id WHERE w.slug = $1',
      workflow,
    ),
  ).toBe(0);
  await towpath.persistence.sql(
    'UPDATE environment SET policy = jsonb_set(policy, \'{approvals}\', \'[{"role": "lead", "count": 1}]\') WHERE name = \'staging\'',
  );
});

test('a card can be clicked after a restart', async () => {
  const { card } = await openCard();
  await towpath.restart();
  await towpath.slack.click('U0LEE', card, 'approve_promotion');
  await deployed(card);
});

test('an event that Slack repeats is handled, and its repeats change nothing', async () => {
  towpath.slack.setPerson('U0OTHER', { isRestricted: true });
  await waitUntil(
    'the guest to be recorded',
    async () => (await count("person WHERE user_id = 'U0OTHER' AND slack_standing = 'guest'")) === 1,
  );
  expect(await towpath.slack.replayLast('event')).toMatchObject({ status: 200 });
  expect(await count("person WHERE user_id = 'U0OTHER'")).toBe(1);
});

test('an update that would show the same is not sent, and one that shows more is', async () => {
  const { card } = await openCard();
  const updates = () =>
    towpath.slack.calls.filter((call) => call.method === 'chat.update' && call.args['ts'] === card.ts);
  const row = await waitUntil('the post to be written down', async () => {
    const sql = 'SELECT subject_id FROM announcement WHERE ts = $1';
    return (await towpath.persistence.sql<{ subject_id: string }>(sql, [card.ts]))[0];
  });
  const refresh = () =>
    towpath.app.deliverTasks['refresh-announcements']({ subjectId: row.subject_id, workspaceId: 'T0CANAL' });
  await refresh();
  expect(updates()).toHaveLength(0);
  await towpath.slack.click('U0LEE', card, 'approve_promotion');
  await deployed(card);
  await waitUntil('the update to be written down', () =>
    count('graphile_worker.jobs WHERE key IS NOT NULL').then((n) => n === 0),
  );
  await refresh();
  await refresh();
  expect(updates()).toHaveLength(1);
});
