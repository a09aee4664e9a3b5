import { afterEach, beforeEach, expect, test } from 'vitest';
import { waitUntil } from '../../support/slack/wait-until.ts';
import { type SlackTowpath, startSlackTowpath } from './support/start-slack-towpath.ts';

/*
 * Slack's API answering 429, 500 or nothing: what was decided stays decided, people are told once or not at all, and
 * every message that all should read is posted exactly once.
 */

let towpath: SlackTowpath;
beforeEach(async () => {
  towpath = await startSlackTowpath();
  await towpath.push(1);
});
afterEach(() => towpath.stop());

const type = (text: string, as = 'U0DEV', channel = 'C0GENERAL') => towpath.slack.type(as, channel, text);
const cards = (channel = 'C0STAGING') =>
  towpath.slack.messages(channel).filter((m) => m.ephemeralTo === undefined && m.threadTs === undefined);
const states = () =>
  towpath.persistence.sql<{ state: string; target: string; kind: string }>(
    'SELECT kind, target, state FROM announcement ORDER BY seq',
  );
const calls = (method: string) => towpath.slack.calls.filter((call) => call.method === method);

async function deploy(): Promise<void> {
  await type('/deploy summarize-flow');
  await towpath.told('U0DEV', 'C0GENERAL', 'v1 is live in development');
  await towpath.message('C0GENERAL', 'the receipt', (m) => m.text.includes('deployed summarize-flow'));
}

/** Every announcement has ended: nothing more will be posted. */
async function allPosted(count: number): Promise<void> {
  await waitUntil(
    `${count} posted messages`,
    async () => (await states()).filter(({ state }) => state === 'posted').length === count,
    15_000,
  );
}

test('429: the card waits as long as Slack asks, and is posted once', async () => {
  await deploy();
  towpath.slack.failNext('chat.postMessage', { retryAfter: 1 });
  await type('/promote summarize-flow staging');
  await towpath.message('C0STAGING', 'the card', (m) => m.text.includes('asks to take'));
  await allPosted(2);
  expect(calls('chat.postMessage').map(({ answer }) => answer)).toContain('http_429');
  expect(cards()).toHaveLength(1);
  expect(calls('conversations.history')).toHaveLength(0);
});

test.each([
  ['500 before the effect', { status: 500 }],
  ['500 after the effect', { status: 500, afterEffect: true }],
  ['a cut connection after the effect', { dropConnection: true, afterEffect: true }],
  ['Slack’s own internal_error after the effect', { error: 'internal_error', afterEffect: true }],
])('%s: the card is searched for before it is posted again, so that it is there once', async (_, failure) => {
  await deploy();
  towpath.slack.failNext('chat.postMessage', failure);
  await type('/promote summarize-flow staging');
  await allPosted(2);
  expect(cards()).toHaveLength(1);
  expect(calls('conversations.history').length).toBeGreaterThanOrEqual(1);
  // It is the one that later changes.
  const [card] = cards();
  if (card === undefined) throw new Error('No card.');
  await towpath.slack.click('U0LEE', card, 'approve_promotion');
  await towpath.message('C0STAGING', 'the deployed card', (m) => m.ts === card.ts && m.text.includes('deployed'));
});

test('the search itself failing posts nothing twice either', async () => {
  await deploy();
  towpath.slack.failNext('chat.postMessage', { status: 500, afterEffect: true });
  towpath.slack.failNext('conversations.history', { retryAfter: 1 });
  await type('/promote summarize-flow staging');
  await allPosted(2);
  expect(cards()).toHaveLength(1);
});

test('a story line whose outcome is unknown is searched for in its thread', async () => {
  await deploy();
  await type('/promote summarize-flow staging');
  const card = await towpath.message('C0STAGING', 'the card', (m) => m.text.includes('asks to take'));
  towpath.slack.failNext('chat.postMessage', { status: 500, afterEffect: true });
  await towpath.slack.click('U0LEE', card, 'approve_promotion');
  await waitUntil('the search in the thread', () => calls('conversations.replies').length > 0, 15_000);
  await waitUntil(
    'everything to be posted',
    async () => (await states()).every(({ state }) => state === 'posted'),
    15_000,
  );
  const story = towpath.slack.messages('C0STAGING').filter((m) => m.threadTs === card.ts);
  expect(new Set(story.map((m) => m.text)).size).toBe(story.length);
});

test('429 and 500 on an update leave the card to be updated later', async () => {
  await deploy();
  await type('/promote summarize-flow staging');
  const card = await towpath.message('C0STAGING', 'the card', (m) => m.text.includes('asks to take'));
  towpath.slack.failNext('chat.update', { retryAfter: 1 });
  towpath.slack.failNext('chat.update', { status: 500 });
  await towpath.slack.click('U0LEE', card, 'approve_promotion');
  await waitUntil('the deployed card', () => cards().some((m) => m.text.includes('deployed')), 15_000);
});

test('a channel without the bot: the card goes to the requester and the reviewers, with the cure; its story is dropped', async () => {
  towpath.slack.setBotMember('C0STAGING', false);
  await towpath.slack.openHome('U0LEE');
  await towpath.slack.openHome('U0LIA');
  await deploy();
  await type('/promote summarize-flow staging please');
  const im = towpath.slack.imOf('U0LEE');
  const card = await towpath.message(im, 'the card in Lee’s messages', (m) => m.text.includes('asks to take'));
  expect(JSON.stringify(card.blocks)).toContain('/invite @Towpath');
  expect(JSON.stringify(card.blocks)).toContain('<#C0STAGING>');
  const own = await towpath.message(towpath.slack.imOf('U0DEV'), 'the requester’s own', (m) =>
    m.text.includes('asks to take'),
  );
  await towpath.slack.click('U0LEE', card, 'approve_promotion');
  for (const { channel, ts } of [card, own]) {
    await towpath.message(channel, 'the updated card', (m) => m.ts === ts && m.text.includes('deployed'));
  }
  await waitUntil('every message to have ended', async () =>
    (await states()).every(({ state }) => ['posted', 'failed'].includes(state)),
  );
  expect(cards()).toHaveLength(0);
  expect((await states()).filter(({ state }) => state === 'failed').map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['promotion-card', 'promotion-story']),
  );
});

test.each(['is_archived', 'channel_not_found', 'restricted_action'])(
  '%s sends a receipt to its doer instead',
  async (error) => {
    towpath.slack.failNext('chat.postMessage', { error });
    await type('/deploy summarize-flow');
    const receipt = await towpath.message(towpath.slack.imOf('U0DEV'), 'the receipt', (m) =>
      m.text.includes('deployed summarize-flow'),
    );
    expect(JSON.stringify(receipt.blocks)).toContain('/invite @Towpath');
  },
);

test('a direct message that is refused ends there', async () => {
  towpath.slack.failNext('chat.postMessage', { error: 'is_archived' }, 10);
  await type('/deploy summarize-flow');
  await waitUntil('both to fail', async () => (await states()).filter(({ state }) => state === 'failed').length === 2);
  expect(await states()).toHaveLength(2);
});

test('missing_scope gives nothing up: the operator may add it', async () => {
  towpath.slack.failNext('chat.postMessage', { error: 'missing_scope' });
  await type('/deploy summarize-flow');
  await allPosted(1);
  expect(towpath.slack.messages('C0GENERAL').filter((m) => m.text.includes('deployed summarize-flow'))).toHaveLength(1);
});

test('a response url that is over: the answer comes as a private message in the channel', async () => {
  towpath.slack.failNext('response_url', { error: 'used_url', status: 404 });
  await type('/towpath help');
  await towpath.told('U0DEV', 'C0GENERAL', 'How to use Towpath');
  expect(calls('chat.postEphemeral').map(({ answer }) => answer)).toEqual(['ok']);
});

test('a channel that takes no private message either: the answer comes directly', async () => {
  towpath.slack.failNext('response_url', { status: 404 });
  await type('/towpath help', 'U0DEV', 'C0NOBOT');
  await towpath.message(towpath.slack.imOf('U0DEV'), 'help', (m) => m.text === 'How to use Towpath');
});

test('an answer whose outcome is unknown is not repeated', async () => {
  towpath.slack.failNext('response_url', { status: 500, afterEffect: true });
  await type('/towpath help');
  await towpath.told('U0DEV', 'C0GENERAL', 'How to use Towpath');
  await type('/towpath roles');
  await towpath.told('U0DEV', 'C0GENERAL', 'Who may do what');
  expect(towpath.slack.messages('C0GENERAL').filter((m) => m.text === 'How to use Towpath')).toHaveLength(1);
  expect(calls('chat.postEphemeral')).toHaveLength(0);
  expect(towpath.log.some((line) => line.includes('An answer to a person may be lost'))).toBe(true);
});

test('Slack not saying who somebody is: a stranger is refused, somebody known goes on', async () => {
  towpath.slack.failNext('users.info', { status: 500 });
  await type('/deploy summarize-flow');
  await towpath.told('U0DEV', 'C0GENERAL', 'Slack could not say who <@U0DEV> is');
  await deploy();
  await towpath.persistence.sql("UPDATE person SET refreshed_at = now() - interval '1 hour'");
  towpath.slack.failNext('users.info', { hang: true });
  await type('/promote summarize-flow staging');
  await towpath.message('C0STAGING', 'the card', (m) => m.text.includes('asks to take'));
});

test('a modal that Slack does not open is said privately', async () => {
  await deploy();
  await type('/promote summarize-flow staging');
  const card = await towpath.message('C0STAGING', 'the card', (m) => m.text.includes('asks to take'));
  towpath.slack.failNext('views.open', { error: 'expired_trigger_id' });
  await towpath.slack.click('U0LEE', card, 'show_diff');
  await towpath.told('U0LEE', 'C0STAGING', 'took too long to open. Click again.');
  towpath.slack.failNext('views.open', { status: 500 });
  await towpath.slack.click('U0LEE', card, 'reject_promotion');
  await towpath.told('U0LEE', 'C0STAGING', 'Slack did not answer just now');
});

test('cards of somebody else’s deletion do not stop the others', async () => {
  towpath.slack.setBotMember('C0STAGING', false);
  await towpath.slack.openHome('U0LEE');
  await deploy();
  await type('/promote summarize-flow staging');
  const card = await towpath.message(towpath.slack.imOf('U0LEE'), 'the card', (m) => m.text.includes('asks to take'));
  await towpath.message(towpath.slack.imOf('U0DEV'), 'the other card', (m) => m.text.includes('asks to take'));
  towpath.slack.failNext('chat.update', { error: 'message_not_found' });
  await towpath.slack.click('U0LEE', card, 'approve_promotion');
  await waitUntil('the other card to change', () =>
    [card.channel, towpath.slack.imOf('U0DEV')].some((im) =>
      towpath.slack.messages(im).some((m) => m.text.includes('deployed by')),
    ),
  );
});
