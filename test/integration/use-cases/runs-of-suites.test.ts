import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { SAMPLES } from '../../support/documents/secret-samples.ts';
import {
  type Answer,
  die,
  flood,
  hang,
  json,
  type LocalServer,
  startLocalServer,
} from '../../support/runners/start-local-server.ts';
import { askMore, letTimePass, verdictOf } from '../../support/use-cases/ask-more.ts';
import type { Canal } from '../../support/use-cases/open-canal.ts';
import { settingsActs } from '../../support/use-cases/settings-acts.ts';
import { type SuiteActs, suiteActs, suiteOf } from '../../support/use-cases/suite-acts.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

const DAY = 86_400_000;
const fine = json({ output: 'It is fine.', cost: 0.002, tokens: { input: 10, output: 5 } });

let db: TestPersistence;
let canal: Canal;
let acts: SuiteActs;
let server: LocalServer;
let answer: Answer;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});
const { byFile } = settingsActs(() => canal);

beforeEach(async () => {
  answer = fine;
  server = await startLocalServer((response, request) => answer(response, request));
  acts = suiteActs({ db, canal }, { origins: [server.url] });
  await byFile('staging', {
    runner: { kind: 'http', url: `${server.url}/run`, secret: 'RUNNER_TOKEN', shadowSafe: false },
    secrets: { RUNNER_TOKEN: { env: 'STAGING_OPENAI_KEY' } },
    limits: { timeout: 2_000 },
  });
  await canal.reach('development', 'one');
  await acts.save(suiteOf(3));
});
afterEach(async () => {
  await acts.work.stop();
  await server.stop();
});

const open = async () => {
  await askMore(db, canal, 'staging', { tests: { minPassRate: 0.8, maxAge: 7 * DAY } });
  return canal.open('staging');
};
const newest = async () => {
  const { items } = await canal.useCases.listSuiteRuns({
    ...{ workspaceId: canal.workspaceId, workflow: 'summarize-flow', page: { limit: 1 } },
  });
  return canal.useCases.showSuiteRun({ workspaceId: canal.workspaceId, id: items[0]?.id ?? '' });
};
const verdict = (id: string) => verdictOf(canal, id, 'tests');
const until = (what: () => Promise<boolean>) => expect.poll(what, { timeout: 10_000, interval: 50 }).toBe(true);

describe('a run of a suite', () => {
  it('asks the environment’s runner for each case, with its secret, and leads to the deployment', async () => {
    const id = await open();
    await canal.approve('U0LEE', id);
    expect(await canal.live('staging')).toBeNull();
    await acts.workAll();
    // They go on beside each other.
    const asked = server.requests.map(({ body }) => JSON.parse(body)).sort((a, b) => a.input.n - b.input.n);
    expect(asked).toMatchObject(
      [1, 2, 3].map((n) => ({
        ...{ workflow: 'summarize-flow', version: 1, environment: 'staging', input: { n }, shadow: false },
      })),
    );
    expect(server.requests[0]?.headers['authorization']).toBe('Bearer a key of staging');
    const run = await newest();
    expect(run).toMatchObject({ state: 'completed', total: 3, done: 3, passed: 3, failed: 0, detail: null });
    expect(run.cost).toBeCloseTo(0.006);
    expect(run.results.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      'tests passed',
      'cost passed',
      'latency passed',
    ]);
    await acts.judge();
    expect(await canal.live('staging')).toBe(1);
  });

  it('of a suite that was changed meanwhile does not stand for the one that waits for its turn', async () => {
    const id = await open();
    await canal.approve('U0LEE', id);
    await acts.save(suiteOf(2));
    await acts.judge();
    const [before, after] = await acts.queued();
    await acts.work.run({ workspaceId: canal.workspaceId, runId: before?.runId ?? '' });
    await acts.judge();
    expect(await verdict(id)).toMatchObject({ state: 'pending', detail: 'waits for its turn' });
    expect(await canal.live('staging')).toBeNull();
    await acts.work.run({ workspaceId: canal.workspaceId, runId: after?.runId ?? '' });
    await acts.judge();
    expect(await canal.live('staging')).toBe(1);
  });

  it('says of those that did not pass why, and what they read, without the secrets in it', async () => {
    const key = SAMPLES.openai;
    answer = (response, request) =>
      json({ output: JSON.parse(request.body).input.n === 2 ? `Broken by ${key}.` : 'fine' })(response, request);
    const id = await open();
    await acts.workAll();
    const { cases } = await newest();
    expect(cases).toMatchObject([
      { name: 'case 2', state: 'failed', output: expect.stringContaining('Broken by') },
      { name: 'case 1', state: 'passed', output: null },
      { name: 'case 3', state: 'passed' },
    ]);
    expect(await db.sql('SELECT 1 FROM check_result WHERE cases::text LIKE $1', [`%${key}%`])).toEqual([]);
    expect(await verdict(id)).toMatchObject({ state: 'failed', summary: expect.stringContaining('Pass rate 66.66%') });
  });

  it('tells how far it is while it goes on', async () => {
    const held: (() => void)[] = [];
    answer = (response, request) => {
      if (JSON.parse(request.body).input.n < 3) fine(response, request);
      else held.push(() => fine(response, request));
    };
    await byFile('staging', { runner: { kind: 'http', url: `${server.url}/run`, shadowSafe: false } });
    const id = await open();
    const working = acts.workAll();
    await until(async () => (await verdict(id))?.detail === '2 of 3 so far');
    expect(await newest()).toMatchObject({ state: 'running', done: 2, passed: 2, cases: [] });
    const [{ due } = { due: false }] = await db.sql<{ due: boolean }>(
      'SELECT judge_at IS NOT NULL AS due FROM promotion WHERE id = $1',
      [id],
    );
    expect(due).toBe(true);
    for (const go of held) go();
    await working;
    expect(await newest()).toMatchObject({ state: 'completed', passed: 3 });
  });

  it('stops within seconds when its promotion is cancelled, and leaves the runner', async () => {
    answer = hang;
    await byFile('staging', {
      runner: { kind: 'http', url: `${server.url}/run`, shadowSafe: false },
      limits: { timeout: 600_000 },
    });
    const id = await open();
    const working = acts.workAll();
    await until(async () => server.requests.length > 0);
    await canal.useCases.cancelPromotion({ actor: canal.as('U0DEV'), promotionId: id });
    await Promise.all([working, server.leaving]);
    expect(await newest()).toMatchObject({
      ...{ state: 'stopped', detail: 'It was stopped, since its promotion was closed.' },
      results: [{ kind: 'tests', state: 'errored' }],
    });
  });

  it('stops when somebody stops it', async () => {
    answer = hang;
    await byFile('staging', {
      runner: { kind: 'http', url: `${server.url}/run`, shadowSafe: false },
      limits: { timeout: 600_000 },
    });
    const id = await open();
    const working = acts.workAll();
    await until(async () => server.requests.length > 0);
    await canal.useCases.stopSuiteRun({ actor: canal.as('U0LEE'), id: (await newest()).id });
    await Promise.all([working, server.leaving]);
    expect(await verdict(id)).toMatchObject({ state: 'failed', detail: 'Somebody stopped it.' });
  });

  it('costs no more than the policy lets it, and says that it was cut short', async () => {
    answer = json({ output: 'fine', cost: 3 });
    const id = await open();
    await acts.workAll();
    expect(await newest()).toMatchObject({
      state: 'completed',
      detail: expect.stringContaining('The budget was spent'),
    });
    expect(await verdict(id)).toMatchObject({ state: 'failed', detail: expect.stringContaining('budget') });
  });

  it.each([
    ['that hangs', hang, 'took longer than 2 s'],
    ['that answers 50 MB', flood, '10 MB'],
    ['that dies in the middle', die, 'errored'],
    ['that lies about its format', json(['no output']), 'errored'],
    ['that is broken', json({ error: 'boom' }, 500), '500'],
  ] as const)('of a runner %s leaves the promotion as it is, and says what happened', async (_who, does, words) => {
    answer = does;
    const id = await open();
    await acts.workAll();
    expect(await newest()).toMatchObject({ state: 'completed', errored: 3 });
    expect(await verdict(id)).toMatchObject({ state: 'failed', detail: expect.stringContaining(words) });
    answer = fine;
    const { items } = await canal.useCases.listPromotions({
      ...{ workspaceId: canal.workspaceId, status: 'open', page: { limit: 5 } },
    });
    expect(items).toHaveLength(1);
    const again = { actor: canal.as('U0DEV'), workflow: 'summarize-flow', environment: 'staging' };
    expect(await canal.useCases.testVersion(again)).toMatchObject({ already: false, promotionId: id });
    await acts.workAll();
    expect(await verdict(id)).toMatchObject({ state: 'met' });
  });

  it('says what to do where the environment has no runner', async () => {
    await byFile('staging', {});
    const id = await open();
    await acts.workAll();
    expect(await newest()).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('have no runner. Set one'),
    });
    expect(await verdict(id)).toMatchObject({ state: 'failed', detail: expect.stringContaining('Set one') });
    await acts.judge();
    expect(await acts.queued()).toEqual([]);
  });

  it('says what the settings lack where they do not fill the version', async () => {
    await byFile('development', { variables: { GREETING: 'hi' } });
    await canal.reach('development', 'Say ${GREETING}.');
    const run = await canal.useCases.testVersion({
      ...{ actor: canal.as('U0DEV'), workflow: 'summarize-flow', environment: 'staging' },
    });
    await acts.workAll();
    const after = await canal.useCases.showSuiteRun({ workspaceId: canal.workspaceId, id: run.id });
    expect(after).toMatchObject({ state: 'failed', detail: expect.stringContaining('GREETING') });
  });

  it('is never begun twice, and one whose process ended is told to be so', async () => {
    const id = await open();
    const [{ runId = '' } = {}] = await acts.queued();
    await db.ports.inTransaction(canal.workspaceId, (tx) => tx.suites.start(runId));
    await acts.workAll();
    expect(server.requests).toEqual([]);
    expect(await canal.useCases.failLostSuiteRuns(canal.workspaceId)).toBe(0);
    await letTimePass(db, canal, 31_000);
    expect(await canal.useCases.failLostSuiteRuns(canal.workspaceId)).toBe(1);
    expect(await newest()).toMatchObject({ state: 'failed', detail: 'The process that ran it ended. Run it again.' });
    expect(await verdict(id)).toMatchObject({ state: 'failed', detail: expect.stringContaining('Run it again') });
  });

  it('ends with its process, and says so', async () => {
    answer = hang;
    const id = await open();
    const working = acts.workAll();
    await until(async () => server.requests.length > 0);
    await acts.work.stop();
    await working;
    expect(await verdict(id)).toMatchObject({ state: 'failed', detail: expect.stringContaining('was restarted') });
  });

  it('is done by the environment’s agents where it has any, and needs no runner then', async () => {
    await byFile('staging', {});
    const [environment] = (await db.ports.glance(canal.workspaceId, (tx) => tx.environments.pipeline())).filter(
      ({ name }) => name === 'staging',
    );
    if (environment === undefined) throw new Error('There is no staging.');
    const created = { actor: canal.as('U0ADA'), name: 'pods', environment: 'staging', scopes: ['agents'] };
    const { token } = await canal.useCases.createToken(created);
    const kept = await db.sql<{ id: string }>('SELECT id FROM api_token WHERE name = $1 AND workspace_id = $2', [
      token.name,
      canal.workspaceId,
    ]);
    const ended = new AbortController();
    const take = (waitMs: number) =>
      canal.useCases.takeWork({
        ...{ actor: { workspaceId: canal.workspaceId, userId: 'token:pods', via: 'api' }, environment },
        ...{ tokenId: kept[0]?.id ?? '', agent: 'pod-1', waitMs, signal: ended.signal },
      });
    await take(0);
    const id = await open();
    const working = acts.workAll().finally(() => ended.abort());
    for (let work = await take(10_000); work !== null; work = await take(10_000)) {
      const result = { answer: { output: 'fine' } };
      await canal.useCases.answerWork({ workspaceId: canal.workspaceId, environment, id: work.id, result });
    }
    await working;
    expect(server.requests).toEqual([]);
    expect(await newest()).toMatchObject({ state: 'completed', passed: 3 });
    expect(await verdict(id)).toMatchObject({ state: 'met' });
  });
});
