import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/adapters/persistence/start-embedded-postgres.ts';
import { TowpathClient } from '../../src/client/towpath-client.ts';
import { waitUntil } from '../support/slack/wait-until.ts';
import { get, lastWhisper, push, workflowSource } from '../support/towpath/acts.ts';
import { freePort } from '../support/towpath/free-port.ts';
import { runTowpath, type WholeTowpath } from '../support/towpath/run-towpath.ts';

const CHANNEL = 'C0GENERAL';

describe('PostgreSQL going away', () => {
  let dataDir: string;
  let port: number;
  let database: EmbeddedPostgres;
  let towpath: WholeTowpath;
  const startDatabase = () => startEmbeddedPostgres({ dataDir, port, log: pino({ level: 'silent' }) });
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'towpath-outage-'));
    port = await freePort();
    database = await startDatabase();
    towpath = await runTowpath({ url: database.connectionString, drop: async () => undefined });
  });
  afterAll(async () => {
    await towpath?.stop();
    await database?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  test('is said to whoever asks, and the same process goes on when it is back', async () => {
    await push(towpath, 'outage', workflowSource('outage', 'Hold on.'));
    await database.stop();
    await waitUntil('readyz to say so', async () => (await fetch(`${towpath.url}/readyz`)).status === 503);
    expect((await fetch(`${towpath.url}/healthz`)).status).toBe(200);
    const { status } = await towpath.slack.type('U0DEV', CHANNEL, '/deploy outage');
    expect(status).toBe(200);
    const answer = await waitUntil(
      'an answer',
      () => {
        const whisper = lastWhisper(towpath, 'U0DEV', CHANNEL);
        return whisper?.includes('Working on it') ? null : whisper;
      },
      20_000,
    );
    expect(answer).toMatch(/try again/i);
    const problem = await fetch(`${towpath.url}/api/v1/workflows/outage`, {
      headers: { authorization: `Bearer ${towpath.apiToken}` },
    });
    expect(problem.status).toBe(503);
    expect(problem.headers.get('retry-after')).not.toBeNull();

    const { pid } = towpath.process();
    database = await startDatabase();
    await waitUntil('readyz to recover', async () => (await fetch(`${towpath.url}/readyz`)).ok, 20_000);
    await towpath.slack.type('U0DEV', CHANNEL, '/deploy outage');
    await waitUntil('the deployment', () =>
      get(towpath, '/workflows/outage/environments/development').catch(() => null),
    );
    await waitUntil(
      'the receipt',
      () => towpath.slack.messages(CHANNEL).find((m) => m.ephemeralTo === undefined && m.metadata !== undefined),
      20_000,
    );
    expect(towpath.process().pid).toBe(pid);
  });

  test('leaves running workflows what each process last knew, marked stale, and their clients go on', async () => {
    await push(towpath, 'going-on', workflowSource('going-on', 'Go on.'));
    await towpath.slack.type('U0DEV', CHANNEL, '/deploy going-on');
    const other = await runTowpath({ url: database.connectionString, drop: async () => undefined });
    const client = new TowpathClient({
      ...{ url: other.url, token: other.apiToken, environment: 'development', pollInterval: 500 },
    });
    const resolved = async ({ url, apiToken }: WholeTowpath) => {
      const answer = await fetch(`${url}/api/v1/workflows/going-on/environments/development/resolved`, {
        headers: { authorization: `Bearer ${apiToken}` },
      });
      return [answer.status, answer.headers.get('towpath-stale'), await answer.text()] as const;
    };
    try {
      const first = await waitUntil('what was deployed', async () => {
        const answer = await resolved(towpath);
        return answer[0] === 200 ? answer : null;
      });
      expect(first[1]).toBeNull();
      expect(await resolved(other)).toEqual(first);
      expect((await client.resolve('going-on')).stale).toBe(false);

      await database.stop();
      for (const process of [towpath, other])
        await waitUntil('it to be stale', async () => (await resolved(process))[1] === 'true', 20_000);
      for (const process of [towpath, other]) expect(await resolved(process)).toEqual([200, 'true', first[2]]);
      // It never throws meanwhile, which would end the waiting.
      const known = await waitUntil('the client to know', async () => {
        const answer = await client.resolve('going-on');
        return answer.stale ? answer : null;
      });
      expect(known.version.number).toBe(1);

      database = await startDatabase();
      for (const process of [towpath, other])
        await waitUntil('it to be certain', async () => (await resolved(process))[1] === null, 30_000);
      await waitUntil('the client to be certain', async () => !(await client.resolve('going-on')).stale, 20_000);
    } finally {
      await client.close();
      await other.stop();
    }
  });
});
