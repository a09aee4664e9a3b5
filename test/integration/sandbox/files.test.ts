import type { App } from '@slack/bolt';
import { afterEach, expect, test } from 'vitest';
import type { TestBot } from '../../support/slack/start-test-bot.ts';
import { startTestBot } from '../../support/slack/start-test-bot.ts';
import type { TestClient } from '../../support/slack/start-test-client.ts';
import { errorCodeOf, startTestClient } from '../../support/slack/start-test-client.ts';
import { testCredentials } from '../../support/slack/start-test-slack.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';

let running: TestBot | TestClient | undefined;
afterEach(async () => {
  if (running && 'stop' in running) await running.stop();
  else await running?.slack.stop();
  running = undefined;
});

const channel = 'C0STAGING';
const plain = (text: string) => ({ type: 'plain_text' as const, text });
const picture = Buffer.from('89504e470d0a1a0a', 'hex');

test('an uploaded picture can be shown only when its properties are there', async () => {
  let now = Date.now();
  running = await startTestClient({ clock: () => now });
  const { client } = running;
  const upload = await client.files.uploadV2({ file: picture, filename: 'diff.png' });
  const id = (upload as unknown as { files: { files: { id: string }[] }[] }).files[0]?.files[0]?.id ?? '';
  const show = () =>
    client.chat.postMessage({
      channel,
      text: 'x',
      blocks: [{ type: 'image', alt_text: 'the diff', slack_file: { id } }],
    });
  expect((await client.files.info({ file: id })).file).toMatchObject({ id, mimetype: '' });
  expect(await errorCodeOf(show())).toBe('invalid_blocks');
  now += 300;
  expect((await client.files.info({ file: id })).file).toMatchObject({
    id,
    mimetype: 'image/png',
    size: picture.length,
  });
  await show();
  expect(await errorCodeOf(client.files.info({ file: 'F0NOTHING' }))).toBe('file_not_found');
});

test('a file that nobody gave to the bot does not exist for it, and a name makes no picture', async () => {
  running = await startTestClient();
  const { client, slack } = running;
  const show = (id: string) =>
    client.chat.postMessage({ channel, text: 'x', blocks: [{ type: 'image', alt_text: 'it', slack_file: { id } }] });
  const { id } = slack.uploadFile('U0DEV', 'mine.png', picture);
  expect(await errorCodeOf(client.files.info({ file: id }))).toBe('file_not_found');
  expect(await errorCodeOf(show(id))).toBe('invalid_blocks');
  const { upload_url = '', file_id = '' } = await client.files.getUploadURLExternal({ filename: 'a.png', length: 4 });
  expect(await errorCodeOf(client.files.info({ file: file_id }))).toBe('file_not_found');
  await fetch(upload_url, { method: 'POST', body: 'text' });
  await client.files.completeUploadExternal({ files: [{ id: file_id }] });
  await waitUntil(
    'the file to be known',
    async () => (await client.files.info({ file: file_id })).file?.mimetype !== '',
  );
  expect(await errorCodeOf(show(file_id))).toBe('invalid_blocks');
});

test('an upload has to have the length that was announced', async () => {
  running = await startTestClient();
  const { client } = running;
  const { upload_url = '', file_id = '' } = await client.files.getUploadURLExternal({ filename: 'a.txt', length: 3 });
  expect((await fetch(upload_url, { method: 'POST', body: 'four' })).status).toBe(400);
  expect(await errorCodeOf(client.files.completeUploadExternal({ files: [{ id: file_id }] }))).toBe('file_not_found');
  expect((await fetch(upload_url, { method: 'POST', body: 'abc' })).status).toBe(200);
  await client.files.completeUploadExternal({ files: [{ id: file_id }], channel_id: channel, initial_comment: 'look' });
  expect(running.slack.messages(channel)).toMatchObject([{ text: 'look', fileIds: [file_id] }]);
});

/** A bot whose command asks for a file, and what it was sent. */
function asksForFile(received: unknown[]): (app: App) => void {
  return (app) => {
    app.command('/towpath', async ({ command, ack, client }) => {
      await ack();
      await client.views.open({
        trigger_id: command.trigger_id,
        view: {
          type: 'modal',
          callback_id: 'push',
          title: plain('Push'),
          submit: plain('Push'),
          blocks: [
            {
              type: 'input',
              block_id: 'file',
              label: plain('Workflow'),
              element: { type: 'file_input', action_id: 'file', filetypes: ['yaml', 'json'], max_files: 1 },
            },
          ],
        },
      });
    });
    app.view('push', async ({ view, ack }) => {
      received.push(view.state.values['file']?.['file']?.files?.[0]);
      await ack();
    });
  };
}

test('a file chosen in a modal is downloaded with the bot’s token, and with no other', async () => {
  const received: { url_private_download: string }[] = [];
  running = await startTestBot(asksForFile(received));
  const { slack } = running;
  await slack.type('U0DEV', channel, '/towpath push');
  const modal = await waitUntil('the modal', () => slack.modals('U0DEV')[0]);
  const file = slack.uploadFile('U0DEV', 'ablauf-ü.yaml', 'name: x');
  expect(await slack.submitView('U0DEV', modal.id, { file: [file.id] })).toEqual({ errors: {} });
  expect(received[0]).toMatchObject({
    id: file.id,
    name: 'ablauf-ü.yaml',
    filetype: 'yaml',
    size: 7,
    mimetype: 'application/x-yaml',
  });
  const url = received[0]?.url_private_download ?? '';
  const download = await fetch(url, { headers: { authorization: `Bearer ${testCredentials.botToken}` } });
  expect(await download.text()).toBe('name: x');
  const stranger = await fetch(url, { headers: { authorization: 'Bearer xoxb-other' } });
  expect(stranger.headers.get('content-type')).toContain('text/html');
  expect(await stranger.text()).toContain('Sign in');
});

test('a file of the wrong kind, too many files or somebody else’s file are not submitted', async () => {
  const received: unknown[] = [];
  running = await startTestBot(asksForFile(received));
  const { slack } = running;
  await slack.type('U0DEV', channel, '/towpath push');
  const { id } = await waitUntil('the modal', () => slack.modals('U0DEV')[0]);
  const upload = (as: string, name: string) => slack.uploadFile(as, name, 'x').id;
  const submit = (...files: string[]) => slack.submitView('U0DEV', id, { file: files });
  expect(await submit(upload('U0DEV', 'a.exe'))).toEqual({
    errors: { file: expect.stringContaining('a.exe is of a type') },
  });
  expect(await submit(upload('U0DEV', 'a.yaml'), upload('U0DEV', 'b.yaml'))).toEqual({
    errors: { file: 'Choose at most 1 file.' },
  });
  await expect(submit(upload('U0LEE', 'a.yaml'))).rejects.toThrow('Upload it again');
  expect(received).toEqual([]);
});
