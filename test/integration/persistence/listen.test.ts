import { Client } from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Notices, openNotices } from '../../../src/adapters/persistence/listen.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database/create-test-database.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';

const log = pino({ level: 'silent' });
let database: TestDatabase;
let client: Client;
let notices: Notices;
const heard: string[] = [];
let begun = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
  notices = openNotices({ connectionString: database.url, log, lookEvery: 50 });
  notices.on(
    'towpath_test',
    (payload) => heard.push(payload),
    () => {
      begun += 1;
    },
  );
  await waitUntil('notices to be heard', () => begun === 1);
});
afterAll(async () => {
  await notices.end();
  await client.end();
  await database.drop();
});

const tell = (channel: string, payload: string) => client.query('SELECT pg_notify($1, $2)', [channel, payload]);
const cutOff = () =>
  client.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'towpath notices' AND datname = current_database()",
  );

test('what is told on a channel is heard, and nothing of other channels', async () => {
  await tell('towpath_other', 'not for us');
  await tell('towpath_test', 'for us');
  await waitUntil('the notice', () => heard.length > 0);
  expect(heard).toEqual(['for us']);
});

test('hearing begins again after the connection is lost, and says so', async () => {
  expect(notices.hears()).toBe(true);
  await cutOff();
  await waitUntil('notices to be heard again', () => begun === 2);
  heard.length = 0;
  await tell('towpath_test', 'again');
  await waitUntil('the notice', () => heard.includes('again'));
});

test('a channel may be heard by several, also from later on, and a hearer that fails costs the others nothing', async () => {
  const later: string[] = [];
  let laterBegun = false;
  notices.on(
    'towpath_test',
    () => {
      throw new Error('a fault of this hearer');
    },
    () => undefined,
  );
  notices.on(
    'towpath_later',
    (payload) => later.push(payload),
    () => {
      laterBegun = true;
    },
  );
  await waitUntil('the later channel to be heard', () => laterBegun);
  heard.length = 0;
  await tell('towpath_test', 'one');
  await tell('towpath_later', 'two');
  await waitUntil('both notices', () => heard.includes('one') && later.includes('two'));
});

test('a channel by a name that SQL would read otherwise is refused', () => {
  expect(() =>
    notices.on(
      'a; DROP TABLE x',
      () => undefined,
      () => undefined,
    ),
  ).toThrow('channel');
});

test('nothing is heard or tried after the end', async () => {
  const own = openNotices({ connectionString: database.url, log });
  own.on(
    'towpath_test',
    () => heard.push('after the end'),
    () => undefined,
  );
  await waitUntil('it to hear', () => own.hears());
  await own.end();
  expect(own.hears()).toBe(false);
  await waitUntil('its connection to be gone', async () => {
    const { rows } = await client.query(
      "SELECT 1 FROM pg_stat_activity WHERE application_name = 'towpath notices' AND datname = current_database()",
    );
    return rows.length === 1;
  });
});
