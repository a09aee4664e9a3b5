import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openPersistence, type TestPersistence } from '../support/database/open-test-persistence.ts';
import {
  type Answer,
  die,
  flood,
  hang,
  json,
  type LocalServer,
  startLocalServer,
} from '../support/runners/start-local-server.ts';
import { waitUntil } from '../support/slack/wait-until.ts';
import { startWholeTowpath, type WholeTowpath } from '../support/towpath/start-whole-towpath.ts';
import { letTimePass, verdictOf } from '../support/use-cases/ask-more.ts';
import { type Canal, canalOf } from '../support/use-cases/open-canal.ts';
import { suiteOf } from '../support/use-cases/suite-acts.ts';

const file = join(tmpdir(), `towpath-${randomBytes(6).toString('hex')}.yaml`);
const KEY = 'a-key-that-nobody-reads';
const fine = json({ output: 'It is fine.', cost: 0.001 });

let runner: LocalServer;
let answer: Answer = fine;
let towpath: WholeTowpath;
let db: TestPersistence;
let canal: Canal;
let version = 0;

beforeAll(async () => {
  runner = await startLocalServer((response, request) => answer(response, request));
  await writeFile(
    file,
    `
runners: { privateOrigins: ['${runner.url}'] }
environments:
  - { name: development }
  - name: staging
    approvals: [{ role: lead }]
    requires: { tests: { minPassRate: 0.9 } }
    settings:
      secrets: { RUNNER_TOKEN: { env: STAGING_RUNNER_TOKEN } }
      runner: { kind: http, url: '${runner.url}/run', secret: RUNNER_TOKEN }
      limits: { timeout: 30s, retries: 0, costPerRun: 0.01 }
people: { U0ADA: admin, U0LEE: lead }
`,
  );
  towpath = await startWholeTowpath({ env: { TOWPATH_CONFIG: file, STAGING_RUNNER_TOKEN: KEY } });
  db = await openPersistence(towpath.database.url);
  canal = canalOf(db.ports, 'T0CANAL');
  await canal.push('to begin with');
  const saved = { actor: canal.as('U0DEV'), workflow: 'summarize-flow', source: suiteOf(12) };
  expect(await canal.useCases.saveSuite(saved)).toMatchObject({ created: true });
});
afterAll(async () => {
  await db?.end();
  await towpath?.stop();
  await runner?.stop();
  await rm(file, { force: true });
});
beforeEach(() => {
  answer = fine;
});

const verdict = async (id: string) => (await verdictOf(canal, id, 'tests')) ?? { state: 'gone', detail: '' };
const told = (id: string, words: string) =>
  waitUntil(`the verdict to say ${words}`, async () => (await verdict(id)).detail?.includes(words) === true, 60_000);
const open = async () => {
  version++;
  await canal.reach('development', `the ${version}. way`);
  return canal.open('staging');
};
const asked = async (before: number) =>
  waitUntil('the runner to be asked', () => runner.requests.length > before, 60_000);
const again = async (id: string) => {
  answer = fine;
  await canal.useCases.testVersion({ actor: canal.as('U0DEV'), workflow: 'summarize-flow', environment: 'staging' });
  await waitUntil('the tests to be met', async () => (await verdict(id)).state === 'met', 60_000);
};
const cancel = (promotionId: string) => canal.useCases.cancelPromotion({ actor: canal.as('U0DEV'), promotionId });

describe('a suite of a promotion', () => {
  it('runs by itself, and after the approval its end deploys', async () => {
    const held: (() => void)[] = [];
    answer = (response, request) => {
      if (JSON.parse(request.body).input.n <= 10) fine(response, request);
      else held.push(() => fine(response, request));
    };
    const id = await open();
    await told(id, '10 of 12 so far');
    await canal.approve('U0LEE', id);
    const before = await canal.live('staging');
    expect(before).toBeNull();
    for (const go of held) go();
    await waitUntil('the version to be live', async () => (await canal.live('staging')) !== before, 60_000);
    expect(new Set(runner.requests.map(({ headers }) => headers['authorization']))).toEqual(new Set([`Bearer ${KEY}`]));
    expect(towpath.output()).not.toContain(KEY);
  });

  it.each([
    ['answers 50 MB', flood, '10 MB'],
    ['dies in the middle', die, 'errored'],
    ['answers what is no answer', json('fine'), 'errored'],
  ] as const)(
    'of a runner that %s leaves a promotion that can be reviewed, and is told of',
    async (_what, does, words) => {
      answer = does;
      const id = await open();
      await told(id, words);
      await again(id);
      await cancel(id);
    },
  );

  it('ends with its promotion, and lets go of the runner', async () => {
    const left = Promise.withResolvers<void>();
    answer = (response) => response.on('close', () => left.resolve());
    const before = runner.requests.length;
    const id = await open();
    await asked(before);
    await cancel(id);
    await left.promise;
    const { items } = await canal.useCases.listSuiteRuns({
      ...{ workspaceId: canal.workspaceId, workflow: 'summarize-flow', page: { limit: 1 } },
    });
    expect(items).toMatchObject([{ state: 'stopped', promotionId: id }]);
  });

  it('is told to have ended where its process is stopped, which takes no longer for it', async () => {
    answer = hang;
    const before = runner.requests.length;
    const id = await open();
    await asked(before);
    expect(await towpath.terminate()).toBe(0);
    expect(await verdict(id)).toMatchObject({ state: 'failed', detail: expect.stringContaining('was restarted') });
    await towpath.start();
    await again(id);
    await cancel(id);
  });

  it('is not begun a second time where its process died, and is told of', async () => {
    answer = hang;
    const before = runner.requests.length;
    const id = await open();
    await asked(before);
    await towpath.kill();
    const sent = runner.requests.length;
    await letTimePass(db, canal, 29_000);
    await towpath.start();
    await told(id, 'The process that ran it ended');
    expect(runner.requests.length).toBe(sent);
    await again(id);
    await cancel(id);
  });
});
