import { afterEach, expect, test } from 'vitest';
import { Refusal } from '../../../src/domain/refusal.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';
import { type SlackTowpath, startSlackTowpath } from './support/start-slack-towpath.ts';

let towpath: SlackTowpath;
afterEach(() => towpath.stop());

const NOTICE = { workingNoticeAfterMs: 20 };
const privately = (as: string) =>
  towpath.slack
    .messages('C0GENERAL')
    .filter((m) => m.ephemeralTo === as)
    .map((m) => m.text);

test('a slow database: the acknowledgement does not wait, the person is told that it goes on, and the answer follows', async () => {
  const gate = Promise.withResolvers<void>();
  towpath = await startSlackTowpath({
    app: NOTICE,
    wrap: (useCases) => ({
      ...useCases,
      showStatus: async (request) => gate.promise.then(() => useCases.showStatus(request)),
    }),
  });
  await towpath.push(1);
  expect(await towpath.slack.type('U0DEV', 'C0GENERAL', '/towpath status')).toEqual({ status: 200, body: '' });
  await towpath.told('U0DEV', 'C0GENERAL', 'Working on it…');
  expect(privately('U0DEV')).toEqual(['Working on it…']);
  gate.resolve();
  await towpath.told('U0DEV', 'C0GENERAL', 'What is live where');
  expect(privately('U0DEV')).toHaveLength(2);
});

test('a slow click whose card answers for it ends with a word all the same', async () => {
  const gate = Promise.withResolvers<void>();
  towpath = await startSlackTowpath({
    app: NOTICE,
    wrap: (useCases) => ({
      ...useCases,
      approvePromotion: async (request) => gate.promise.then(() => useCases.approvePromotion(request)),
    }),
  });
  await towpath.push(1);
  await towpath.slack.type('U0DEV', 'C0GENERAL', '/deploy summarize-flow');
  await towpath.told('U0DEV', 'C0GENERAL', 'is live');
  await towpath.slack.type('U0DEV', 'C0GENERAL', '/promote summarize-flow staging');
  const card = await towpath.message('C0STAGING', 'the card', (m) => m.text.includes('asks to take'));
  await towpath.slack.click('U0LEE', card, 'approve_promotion');
  await towpath.told('U0LEE', 'C0STAGING', 'Working on it…');
  gate.resolve();
  await towpath.told('U0LEE', 'C0STAGING', 'Done.');
  const after = await towpath.message('C0STAGING', 'the card', (m) => m.ts === card.ts && m.text.includes('deployed'));
  expect(after.ephemeralTo).toBeUndefined();
});

test('a bug is logged under a reference, which is all that a person reads of it', async () => {
  towpath = await startSlackTowpath({
    wrap: (useCases) => ({
      ...useCases,
      showStatus: () => Promise.reject(new TypeError('secret detail of the inside')),
    }),
  });
  await towpath.slack.type('U0DEV', 'C0GENERAL', '/towpath status');
  const told = await towpath.told('U0DEV', 'C0GENERAL', 'Something went wrong on our side');
  expect(told.text).not.toContain('secret');
  const reference = /reference ([0-9a-f]{6})/.exec(told.text)?.[1] ?? 'none';
  const line = towpath.log.map((text) => JSON.parse(text)).find((entry) => entry.reference === reference);
  expect(line).toMatchObject({ level: 50, err: { message: 'secret detail of the inside' } });
});

test('without the database the person is told to try again, and the request was acknowledged in time', async () => {
  const away = () => Promise.reject(new Refusal('unavailable', 'The database does not answer. Try again in a minute.'));
  towpath = await startSlackTowpath({ delivers: false, app: { handledRequests: { firstTime: away } } });
  await towpath.push(1);
  expect(await towpath.slack.type('U0DEV', 'C0GENERAL', '/deploy summarize-flow')).toMatchObject({ status: 200 });
  expect((await towpath.told('U0DEV', 'C0GENERAL', 'Try again')).text).not.toContain('reference');
  expect(towpath.ran).not.toContain('deployVersion');
});

test('a stop waits for what goes on after its acknowledgement', async () => {
  const gate = Promise.withResolvers<void>();
  let ended = false;
  towpath = await startSlackTowpath({
    wrap: (useCases) => ({
      ...useCases,
      showStatus: async (request) => {
        await gate.promise;
        ended = true;
        return useCases.showStatus(request);
      },
    }),
  });
  await towpath.slack.type('U0DEV', 'C0GENERAL', '/towpath status');
  await waitUntil('the work to have begun', () => towpath.ran.includes('showStatus'));
  const stopped = towpath.app.stop().then(() => ended);
  expect(await towpath.slack.type('U0LEE', 'C0GENERAL', '/towpath help')).toMatchObject({ status: 503 });
  gate.resolve();
  expect(await stopped).toBe(true);
  await towpath.told('U0DEV', 'C0GENERAL', 'no workflow yet');
});

test('in Socket Mode the same commands, clicks and events arrive', async () => {
  towpath = await startSlackTowpath({ socket: true });
  expect(towpath.app.requestListener).toBeNull();
  await towpath.push(1);
  expect(await towpath.slack.type('U0DEV', 'C0GENERAL', '/deploy summarize-flow')).toMatchObject({ status: 200 });
  const receipt = await towpath.message('C0GENERAL', 'the receipt', (m) => m.text.includes('deployed summarize-flow'));
  await towpath.slack.click('U0DEV', receipt, 'promote_version');
  await towpath.message('C0STAGING', 'the card', (m) => m.text.includes('asks to take'));
  await towpath.slack.openHome('U0LEE');
  await waitUntil('Home', () => towpath.slack.home('U0LEE'));
});

test('in Socket Mode a Slack that is away is tried again until it is back', async () => {
  towpath = await startSlackTowpath({ socket: true, delivers: false });
  towpath.slack.failNext('apps.connections.open', { status: 500 });
  await towpath.restart();
  expect(await towpath.slack.type('U0DEV', 'C0GENERAL', '/towpath help')).toMatchObject({ status: 200 });
  await towpath.told('U0DEV', 'C0GENERAL', 'How to use Towpath');
  const opened = towpath.slack.calls.filter(({ method }) => method === 'apps.connections.open');
  expect(opened.map(({ answer }) => answer)).toEqual(['ok', 'http_500', 'ok']);
});
