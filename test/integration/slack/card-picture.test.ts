import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StandInMessage } from '../../../src/adapters/sandbox/start-slack-stand-in.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';
import { type SlackTowpath, startSlackTowpath } from './support/start-slack-towpath.ts';

/*
 * The picture on a promotion's card: it comes by an update of the card that is there already, it is uploaded once, and whatever
 * goes wrong with it the card stands.
 */

let towpath: SlackTowpath;
beforeEach(async () => {
  towpath = await startSlackTowpath();
});
afterEach(() => towpath.stop());

const actor = { workspaceId: 'T0CANAL', userId: 'U0DEV', via: 'slack' as const };
const type = (text: string, as = 'U0DEV') => towpath.slack.type(as, 'C0GENERAL', text);
const calls = (method: string) => towpath.slack.calls.filter((call) => call.method === method);
const uploads = () => calls('files.completeUploadExternal').filter(({ answer }) => answer === 'ok');
const pictures = () =>
  towpath.persistence.sql<{ state: string; file_id: string | null; attempts: number; error: string | null }>(
    'SELECT state, file_id, attempts, error FROM diff_picture ORDER BY changed_at',
  );

async function push(steps: readonly string[], prompt = 'Be kind.'): Promise<void> {
  const source = JSON.stringify({
    apiVersion: 'towpath/v1',
    name: 'summarize-flow',
    executionMode: 'sequential',
    steps: steps.map((id) => ({ id, type: 'llm', model: 'claude-sonnet', systemPrompt: prompt, task: `Do ${id}` })),
  });
  await towpath.useCases.pushVersion({ actor, source });
  await towpath.useCases.deployVersion({ actor, workflow: 'summarize-flow' });
}

/** Takes what is live in development to staging: its card there, once it was posted. */
async function ask(): Promise<StandInMessage> {
  await type('/promote summarize-flow staging');
  return towpath.message('C0STAGING', 'the card', (m) => m.text.includes('asks to take'));
}

async function promote(): Promise<void> {
  const card = await ask();
  await waitUntil('the picture on the card', () => imageOf(cardNow(card.ts)));
  await towpath.slack.click('U0LEE', card, 'approve_promotion');
  await towpath.message('C0STAGING', 'the deployed card', (m) => m.ts === card.ts && m.text.includes('deployed'));
}

const isSettled = ({ state }: { state: string }) => ['ready', 'none', 'failed'].includes(state);
const imageOf = (message: StandInMessage | undefined) => message?.blocks.find(({ type: kind }) => kind === 'image');
const cardNow = (ts: string) => towpath.slack.messages('C0STAGING').find((message) => message.ts === ts);
const settled = (count: number) =>
  waitUntil(`${count} pictures dealt with`, async () => {
    const rows = await pictures();
    return rows.length === count && rows.every(isSettled) ? rows : undefined;
  });

test('a card is posted first, and its picture comes by an update with the same in words', async () => {
  await push(['read', 'answer']);
  await promote();
  await push(['read', 'classify', 'answer']);
  const card = await ask();
  const shown = await waitUntil('the picture on the card', () => imageOf(cardNow(card.ts)));
  expect(shown).toMatchObject({
    type: 'image',
    slack_file: { id: expect.stringMatching(/^F/) },
    alt_text: expect.stringContaining('1 step added: ‘classify’'),
  });
  const posted = calls('chat.postMessage').filter(({ args }) => args['channel'] === 'C0STAGING');
  expect(JSON.stringify(posted)).not.toContain('slack_file');
  const file = calls('files.getUploadURLExternal').at(-1)?.args;
  expect(file).toMatchObject({ filename: 'summarize-flow-v1-v2.png', alt_txt: expect.stringContaining('classify') });
});

test('where only a prompt changed there is no picture', async () => {
  await push(['read', 'answer']);
  await promote();
  await push(['read', 'answer'], 'Be brief.');
  const before = uploads().length;
  const card = await ask();
  expect(await settled(2)).toMatchObject([{ state: 'ready' }, { state: 'none' }]);
  expect(uploads()).toHaveLength(before);
  expect(imageOf(cardNow(card.ts))).toBeUndefined();
});

test('every later update of the card keeps the picture, and uploads nothing again', async () => {
  await push(['read', 'answer']);
  const card = await ask();
  await waitUntil('the picture on the card', () => imageOf(cardNow(card.ts)));
  await towpath.slack.click('U0LEE', card, 'approve_promotion');
  const deployed = await towpath.message('C0STAGING', 'the deployed card', (m) => m.text.includes('deployed'));
  expect(imageOf(deployed)).toBeDefined();
  expect(uploads()).toHaveLength(1);
});

test('asked for again, the same change is shown by the picture that Slack has already', async () => {
  await push(['read', 'answer']);
  const first = await ask();
  await waitUntil('the picture on the card', () => imageOf(cardNow(first.ts)));
  await type('/reject summarize-flow staging not yet', 'U0LEE');
  await towpath.message('C0STAGING', 'the rejected card', (m) => m.ts === first.ts && m.text.includes('rejected'));
  await type('/promote summarize-flow staging');
  const second = await towpath.message(
    'C0STAGING',
    'the second card',
    (m) => m.ts !== first.ts && m.threadTs === undefined && m.text.includes('asks to take'),
  );
  await waitUntil('the picture on the second card', () => imageOf(cardNow(second.ts)));
  expect(uploads()).toHaveLength(1);
});

test.each([
  ['files.getUploadURLExternal', 'missing_scope'],
  ['files.completeUploadExternal', 'storage_limit_reached'],
])('refused by %s, the card stands without a picture', async (method, error) => {
  await push(['read', 'answer']);
  towpath.slack.failNext(method, { error });
  const card = await ask();
  expect(await settled(1)).toMatchObject([{ state: 'failed', error }]);
  expect(imageOf(cardNow(card.ts))).toBeUndefined();
  await towpath.slack.click('U0LEE', card, 'approve_promotion');
  await towpath.message('C0STAGING', 'the deployed card', (m) => m.ts === card.ts && m.text.includes('deployed'));
});

test('limited for a while, the picture comes later', async () => {
  await push(['read', 'answer']);
  towpath.slack.failNext('files.getUploadURLExternal', { retryAfter: 1 });
  const card = await ask();
  await waitUntil('the picture on the card', () => imageOf(cardNow(card.ts)), 15_000);
  expect(uploads()).toHaveLength(1);
});

test('killed between the upload and what it led to, the next run shows the file that is there', async () => {
  await push(['read', 'answer']);
  // The answer is lost, as if the process had ended: what was uploaded is known by its id only.
  towpath.slack.failNext('files.completeUploadExternal', { dropConnection: true, afterEffect: true });
  const card = await ask();
  const shown = await waitUntil('the picture on the card', () => imageOf(cardNow(card.ts)), 20_000);
  const [row] = await pictures();
  expect(row).toMatchObject({ state: 'ready', attempts: 2 });
  expect(shown).toMatchObject({ slack_file: { id: row?.file_id } });
  expect(calls('files.getUploadURLExternal')).toHaveLength(1);
  expect(calls('files.completeUploadExternal')).toHaveLength(1);
});

test('a restart before the picture was drawn draws it, once', async () => {
  await push(['read', 'answer']);
  await towpath.stopDelivery();
  await type('/promote summarize-flow staging');
  await towpath.restart();
  await towpath.startDelivery();
  const card = await towpath.message('C0STAGING', 'the card', (m) => m.text.includes('asks to take'));
  await waitUntil('the picture on the card', () => imageOf(cardNow(card.ts)));
  expect(uploads()).toHaveLength(1);
});

test('a file that Slack does not show any more leaves the card without a picture, and up to date', async () => {
  await push(['read', 'answer']);
  const card = await ask();
  await waitUntil('the picture on the card', () => imageOf(cardNow(card.ts)));
  towpath.slack.failNext('chat.update', { error: 'invalid_blocks' });
  await towpath.slack.click('U0LEE', card, 'approve_promotion');
  const deployed = await towpath.message(
    'C0STAGING',
    'the deployed card',
    (m) => m.ts === card.ts && m.text.includes('deployed'),
  );
  expect(imageOf(deployed)).toBeUndefined();
  expect(await pictures()).toMatchObject([{ state: 'failed', error: 'invalid_blocks' }]);
});
