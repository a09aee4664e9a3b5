import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from '@slack/bolt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StandInOptions } from '../../../src/adapters/sandbox/start-slack-stand-in.ts';
import { startTestBot } from '../../support/slack/start-test-bot.ts';
import { startTestClient, type TestClient } from '../../support/slack/start-test-client.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';

const channel = 'C0STAGING';
const card = [
  { type: 'section' as const, text: { type: 'mrkdwn' as const, text: 'Promote?' } },
  {
    type: 'actions' as const,
    elements: [
      { type: 'button' as const, action_id: 'approve', text: { type: 'plain_text' as const, text: 'Approve' } },
    ],
  },
];
const metadata = { event_type: 'card', event_payload: { announcement_id: 'a1' } };

let folder: string;
let stateFile: string;
const stops: (() => Promise<void>)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towpath-test-kept-'));
  stateFile = join(folder, 'data', 'sandbox.json');
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await rm(folder, { recursive: true });
});

async function start(options: Partial<StandInOptions> = {}): Promise<TestClient> {
  const running = await startTestClient({ stateFile, ...options });
  stops.push(() => running.slack.stop());
  return running;
}

async function startAgain({ slack }: TestClient, options: Partial<StandInOptions> = {}): Promise<TestClient> {
  await slack.stop();
  return start(options);
}

test('channels, threads and direct conversations are what they were after a restart', async () => {
  const before = await start();
  const { client, slack } = before;
  const { ts = '' } = await client.chat.postMessage({ channel, text: 'card', blocks: card, metadata });
  await client.chat.postMessage({ channel, text: 'a story', thread_ts: ts });
  await client.chat.postMessage({ channel: 'U0LEE', text: 'to Lee alone' });
  slack.say('U0DEV', channel, 'said by a person');
  const [said, toLee] = [slack.messages(channel), slack.messages(slack.imOf('U0LEE'))];
  const after = await startAgain(before);
  expect(after.slack.messages(channel)).toEqual(said);
  expect(after.slack.messages(after.slack.imOf('U0LEE'))).toEqual(toLee);
  const found = await after.client.conversations.history({ channel, include_all_metadata: true });
  expect(found.messages?.at(-1)).toMatchObject({ ts, metadata, reply_count: 1 });
  const thread = await after.client.conversations.replies({ channel, ts });
  expect(thread.messages?.map(({ text }) => text)).toEqual(['card', 'a story']);
});

test('a card posted before the restart can be clicked and updated after it', async () => {
  const clicked: string[] = [];
  const listen = (app: App) =>
    app.action('approve', async ({ body, ack, client }) => {
      await ack();
      const { message } = body as unknown as { message: { ts: string } };
      clicked.push(message.ts);
      await client.chat.update({ channel, ts: message.ts, text: `approved by ${body.user.id}`, blocks: [] });
    });
  const before = await startTestBot(listen, { stateFile });
  const { ts = '' } = await before.app.client.chat.postMessage({ channel, text: 'card', blocks: card, metadata });
  await before.stop();
  const { slack, stop } = await startTestBot(listen, { stateFile });
  stops.push(stop);
  expect(await slack.click('U0LEE', { channel, ts }, 'approve')).toMatchObject({ status: 200 });
  await waitUntil('the update', () => slack.messages(channel)[0]?.editedTs);
  expect(clicked).toEqual([ts]);
  expect(slack.messages(channel)).toMatchObject([{ ts, text: 'approved by U0LEE', blocks: [], metadata }]);
});

test('a ts never comes twice, though the clock was put back and the last message deleted', async () => {
  const before = await start({ clock: () => 1_700_000_000_000 });
  const post = async ({ client }: TestClient) => (await client.chat.postMessage({ channel, text: 'x' })).ts ?? '';
  const first = await post(before);
  const second = await post(before);
  await before.client.chat.delete({ channel, ts: second });
  const third = await post(await startAgain(before, { clock: () => 1_600_000_000_000 }));
  expect(third > second && second > first).toBe(true);
});

test('what was edited or deleted stays so, and what only one person saw is gone', async () => {
  const before = await start();
  const { client, slack } = before;
  const { ts = '' } = await client.chat.postMessage({ channel, text: 'first', metadata });
  const { ts: other = '' } = await client.chat.postMessage({ channel, text: 'a slip' });
  await client.chat.update({ channel, ts, text: 'second' });
  await client.chat.delete({ channel, ts: other });
  await client.chat.postEphemeral({ channel, user: 'U0LEE', text: 'for Lee' });
  const [edited] = slack.messages(channel);
  const after = await startAgain(before);
  expect(after.slack.messages(channel)).toEqual([edited]);
  expect(edited).toMatchObject({ ts, text: 'second', metadata });
});

test('an uploaded file is there after a restart, as it was', async () => {
  const before = await start({ fileReadyAfterMs: 0 });
  const content = Buffer.from('name: überführen\n');
  const uploaded = before.slack.uploadFile('U0DEV', 'flow.yaml', content);
  await before.client.files.uploadV2({ file: content, filename: 'diff.txt', channel_id: channel });
  const after = await startAgain(before);
  const shown = await fetch(`${after.slack.url}/sandbox/files/${uploaded.id}`);
  expect(Buffer.from(await shown.arrayBuffer())).toEqual(content);
  const [message] = after.slack.messages(channel);
  const info = await after.client.files.info({ file: message?.fileIds[0] ?? '' });
  expect(info.file).toMatchObject({ name: 'diff.txt', user: 'U0TOWPATH', size: content.length });
});

test('changes are kept without waiting for the end, whole, and for the owner alone', async () => {
  const { client, slack } = await start();
  await client.chat.postMessage({ channel, text: 'kept soon' });
  await waitUntil('the state file', () => stat(stateFile).catch(() => null));
  await client.chat.postMessage({ channel, text: 'kept a second later' });
  slack.uploadFile('U0DEV', 'flow.yaml', 'name: x');
  await waitUntil('the next save', async () => {
    const kept = await readFile(stateFile, 'utf8');
    return kept.includes('kept a second later') && kept.includes('flow.yaml');
  });
  const kept = await readdir(join(folder, 'data'), { recursive: true, withFileTypes: true });
  const modes = await Promise.all(
    kept.map(async (entry) => ((await stat(join(entry.parentPath, entry.name))).mode & 0o777).toString(8)),
  );
  const found = kept.map((entry, nth) => `${entry.isFile() ? 'file' : 'folder'} ${modes[nth]}`);
  expect(found.toSorted()).toEqual(['file 600', 'file 600', 'folder 700']);
});

test.each([
  ['cut off', (whole: string) => whole.slice(0, -20)],
  ['of another shape', (whole: string) => whole.replaceAll(/"ts":"[\d.]+"/g, '"ts":"yesterday"')],
  ['empty', () => ''],
])('a state file that is %s is set aside with a line about it, and the workspace starts empty', async (_, spoil) => {
  const before = await start();
  await before.client.chat.postMessage({ channel, text: 'x' });
  await before.slack.stop();
  const spoilt = spoil(await readFile(stateFile, 'utf8'));
  await writeFile(stateFile, spoilt);
  const told: string[] = [];
  const after = await start({ tell: (line) => told.push(line) });
  expect(told).toEqual([expect.stringContaining(`${stateFile}.broken`)]);
  expect(told[0]).not.toContain('\n');
  expect(after.slack.messages(channel)).toEqual([]);
  expect(await readFile(`${stateFile}.broken`, 'utf8')).toBe(spoilt);
  await after.client.chat.postMessage({ channel, text: 'anew' });
  const again = await startAgain(after, { tell: (line) => told.push(line) });
  expect(again.slack.messages(channel)).toMatchObject([{ text: 'anew' }]);
  expect(told).toHaveLength(1);
});

test('a disk that takes nothing is told of once, and what it missed is kept when it takes something again', async () => {
  const told: string[] = [];
  const blocked = `${stateFile}.draft`;
  await mkdir(blocked, { recursive: true });
  const before = await start({ tell: (line) => told.push(line) });
  await before.client.chat.postMessage({ channel, text: 'one' });
  await waitUntil('the line', () => told.length > 0);
  await before.client.chat.postMessage({ channel, text: 'two' });
  await rm(blocked, { recursive: true });
  const after = await startAgain(before);
  expect(after.slack.messages(channel)).toMatchObject([{ text: 'one' }, { text: 'two' }]);
  expect(told).toEqual([expect.stringContaining('could not be kept')]);
});
