import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { SlackStandIn, StandInOptions } from '../../../src/adapters/sandbox/start-slack-stand-in.ts';
import { startTestBot } from '../../support/slack/start-test-bot.ts';
import { startTestSlack } from '../../support/slack/start-test-slack.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

interface Heard {
  headers: IncomingMessage['headers'];
  event: { event_id: string; event: { type: string; user?: { deleted?: boolean } } };
}

/** Something that takes events and answers each with the next status of a list. */
async function startListening(
  statuses: number[],
  options: Partial<StandInOptions> = {},
): Promise<{ slack: SlackStandIn; heard: Heard[] }> {
  const heard: Heard[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    heard.push({ headers: request.headers, event: JSON.parse(Buffer.concat(chunks).toString()) });
    response.writeHead(statuses[heard.length - 1] ?? 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => new Promise((resolve) => server.close(() => resolve())));
  const slack = await startTestSlack({
    eventsUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`,
    ...options,
  });
  stops.push(() => slack.stop());
  return { slack, heard };
}

test('an event that is acknowledged is sent once', async () => {
  const { slack, heard } = await startListening([200]);
  expect(await slack.sendEvent({ type: 'app_uninstalled' })).toMatchObject({ status: 200, attempts: 1 });
  expect(heard).toHaveLength(1);
  expect(heard[0]?.event).toMatchObject({
    type: 'event_callback',
    team_id: 'T0CANAL',
    event: { type: 'app_uninstalled' },
  });
  expect(heard[0]?.headers).not.toHaveProperty('x-slack-retry-num');
});

test('an event that is not acknowledged is repeated up to three times under the same id', async () => {
  const { slack, heard } = await startListening([500, 500, 500, 500, 200]);
  expect(await slack.sendEvent({ type: 'app_uninstalled' })).toMatchObject({ status: 500, attempts: 4 });
  expect(heard.map(({ headers }) => [headers['x-slack-retry-num'], headers['x-slack-retry-reason']])).toEqual([
    [undefined, undefined],
    ['1', 'http_error'],
    ['2', 'http_error'],
    ['3', 'http_error'],
  ]);
  expect(new Set(heard.map(({ event }) => event.event_id)).size).toBe(1);
});

test('a changed account is told where the app subscribed to that and may read accounts', async () => {
  const { slack, heard } = await startListening([]);
  slack.setPerson('U0LEE', { deleted: true });
  await waitUntil('the event', () => heard.length === 1);
  expect(heard[0]?.event.event).toMatchObject({ type: 'user_change', user: { id: 'U0LEE', deleted: true } });
});

test.each([
  ['did not subscribe to it', { subscribedEvents: [] }],
  ['lacks the scope', { scopes: ['commands'] }],
])('a changed account is not told to an app that %s', async (_, options) => {
  const { slack, heard } = await startListening([], options);
  slack.setPerson('U0LEE', { deleted: true });
  // Events leave in order: had the first one been sent, it would be here before the second is acknowledged.
  await slack.sendEvent({ type: 'app_uninstalled' });
  expect(heard.map(({ event }) => event.event.type)).toEqual(['app_uninstalled']);
});

test('Bolt takes events', async () => {
  const heard: string[] = [];
  const bot = await startTestBot((app) => {
    app.event('user_change', async ({ event }) => {
      heard.push(event.user.id);
    });
  });
  stops.push(() => bot.stop());
  bot.slack.setPerson('U0DEV', { isAdmin: true });
  await waitUntil('the event', () => heard[0] === 'U0DEV');
});
