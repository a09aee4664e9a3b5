import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeTokenBook, type TokenBook } from '../../../src/adapters/http/token-book.ts';
import { makeUseCases } from '../../../src/use-cases/make-use-cases.ts';
import type { UseCases } from '../../../src/use-cases/use-cases.ts';
import { openTestPersistence, type TestPersistence } from '../../support/database/open-test-persistence.ts';
import { SAMPLES } from '../../support/documents/secret-samples.ts';
import { withTestDocuments } from '../../support/documents/with-test-documents.ts';
import { type Answer, startTestServer, type TestServer, TOKEN } from '../../support/http/start-test-server.ts';
import { testSecrets } from '../../support/secrets/test-secrets.ts';
import { type Canal, FLOW, openCanal } from '../../support/use-cases/open-canal.ts';

const DAY = 86_400_000;
let database: TestPersistence;
let server: TestServer;
let useCases: UseCases;
let canal: Canal;
let tokens: TokenBook;
let staging: string;
let production: string;
let reader: string;
let resolver: string;

beforeAll(async () => {
  database = await openTestPersistence();
  useCases = makeUseCases(withTestDocuments(database.ports), testSecrets);
  canal = await openCanal(database.ports);
  const { workspaceId } = canal;
  await canal.reach('production', 'First.');
  await canal.reach('staging', 'Second.');
  await canal.push('Third, live nowhere.');
  await canal.push('Of another workflow.', 'other-flow');
  await canal.deploy(undefined, 'other-flow');
  await database.sql("UPDATE environment SET run_payloads = true WHERE name = 'staging'");
  const token = async (name: string, scopes: string[], environment?: string) =>
    (await useCases.createToken({ actor: canal.as('U0ADA'), name, scopes, ...(environment && { environment }) })).text;
  staging = await token('staging-runner', ['runs'], 'staging');
  production = await token('production-runner', ['runs'], 'production');
  resolver = await token('resolver', ['resolve'], 'staging');
  reader = await token('reader', ['read']);
  tokens = makeTokenBook({
    lookUp: (hash) => useCases.findToken({ workspaceId, hash }),
    recordUses: (tokenIds) => useCases.recordTokenUses({ workspaceId, tokenIds }),
    log: pino({ level: 'silent' }),
  });
  server = await startTestServer({ useCases, api: { workspaceId, apiToken: TOKEN, tokens } });
});
afterAll(async () => {
  await server.stop();
  await tokens.end();
  await database.end();
});
beforeEach(() => database.sql('TRUNCATE run_record'));

let counter = 0;
/** One for all, so that no two start at once. */
const now = Date.now();
const run = (more: Record<string, unknown> = {}) => ({
  runId: `r${counter++}`,
  workflow: FLOW,
  version: 1,
  environment: 'staging',
  started: new Date(now - counter).toISOString(),
  durationMs: 250,
  outcome: 'succeeded',
  ...more,
});
const send = (runs: unknown[], token = TOKEN) => server.call('POST', '/api/v1/runs', { token, body: { runs } });
const list = (query = '', token = TOKEN) => server.call('GET', `/api/v1/runs${query}`, { token });
const ids = ({ json }: Answer) => json.items.map(({ runId }: { runId: string }) => runId);

describe('reporting runs', () => {
  it('takes a batch once, however often it is sent', async () => {
    const runs = [run(), run({ environment: 'prod' })];
    const first = await send(runs);
    expect([first.status, first.json]).toEqual([200, { accepted: 2, duplicates: 0, refused: [] }]);
    expect((await send([...runs, run()])).json).toEqual({ accepted: 1, duplicates: 2, refused: [] });
  });

  it('takes a thousand at once, sent by many at the same time', async () => {
    const runs = Array.from({ length: 1_000 }, () => run());
    const answers = await Promise.all([1, 2, 3, 4].map(() => send(runs)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const sum = (key: string) => answers.reduce((all, { json }) => all + json[key], 0);
    expect([sum('accepted'), sum('duplicates')]).toEqual([1_000, 3_000]);
  });

  it('refuses a record by itself, by its place and with what to do, and takes the others', async () => {
    const old = new Date(Date.now() - 7 * DAY - 60_000).toISOString();
    const { status, json } = await send([
      run({ workflow: 'nothing' }),
      run(),
      run({ version: 9 }),
      { ...run(), outcome: 'well' },
      run({ environment: 'moon' }),
      run({ environment: undefined }),
      run({ started: old }),
      run({ version: 3 }),
      run({ input: 'x'.repeat(70_000) }),
      'nonsense',
      run({ runId: 'a b' }),
      run({ durationMs: '5' }),
      run({ workflow: 'a\0b' }),
    ]);
    expect(status).toBe(207);
    expect([json.accepted, json.duplicates]).toEqual([1, 0]);
    expect(json.refused.map(({ index, code }: Record<string, unknown>) => [index, code])).toEqual([
      [0, 'unknown_workflow'],
      [2, 'unknown_version'],
      [3, 'validation'],
      [4, 'unknown_environment'],
      [5, 'unknown_environment'],
      [6, 'invalid_input'],
      [7, 'unknown_version'],
      [8, 'too_large'],
      [9, 'validation'],
      [10, 'invalid_input'],
      [11, 'validation'],
      [12, 'unknown_workflow'],
    ]);
    for (const { detail } of json.refused) expect(detail).toMatch(/\.$/);
  });

  it.each([
    ['no runs', { runs: [] }],
    ['1,001 runs', { runs: Array.from({ length: 1_001 }, () => ({})) }],
    ['runs that are no list', { runs: {} }],
    ['an unknown key', { runs: [{}], environment: 'staging' }],
  ])('answers 400 to %s', async (_what, body) => {
    const { status, json } = await server.call('POST', '/api/v1/runs', { body });
    expect([status, json.code]).toEqual([400, 'validation']);
  });

  it('answers 413 to a batch above 8 MB', async () => {
    const { status, json } = await send([run({ input: 'x'.repeat(8 * 1024 * 1024) })]);
    expect([status, json.code]).toEqual([413, 'too_large']);
  });
});

describe('what a run said', () => {
  it('comes back, its secrets masked, and its input and output only where the environment keeps them', async () => {
    const said = {
      ...{
        outcome: 'failed',
        error: `401 for ${SAMPLES.openai}`,
        cost: 0.031,
        tokens: { input: 12, output: 3 },
        key: 'c7',
      },
      ...{
        traceUrl: 'https://traces.example.com/7',
        input: { api_key: 'plain-k3y-value', text: 'a\0b' },
        output: ['fine'],
      },
    };
    await send([run({ ...said, runId: 'kept' }), run({ ...said, runId: 'dropped', environment: 'production' })]);
    const { json } = await list('?payloads=true&limit=100');
    const [kept] = json.items.filter(({ runId }: { runId: string }) => runId === 'kept');
    expect(kept).toMatchObject({
      ...{ workflow: FLOW, environment: 'staging', version: { number: 1 }, outcome: 'failed', cost: 0.031, key: 'c7' },
      ...{ tokens: { input: 12, output: 3 }, traceUrl: 'https://traces.example.com/7', durationMs: 250 },
      error: expect.stringMatching(/^401 for masked~openai~[0-9a-f]{16}$/),
      input: { api_key: expect.stringMatching(/^masked~api-key~/), text: 'a\0b' },
      output: ['fine'],
    });
    const [dropped] = json.items.filter(({ runId }: { runId: string }) => runId === 'dropped');
    expect(dropped).toMatchObject({ input: null, output: null, error: expect.stringContaining('masked~openai~') });
    const stored = JSON.stringify(await database.sql('SELECT * FROM run_record'));
    for (const secret of [SAMPLES.openai, 'plain-k3y-value']) expect(stored).not.toContain(secret);
    expect((await list()).json.items.map(({ input }: { input: unknown }) => input)).toEqual([null, null]);
    expect(server.log()).not.toContain('plain-k3y-value');
  });

  it('is listed page by page and narrowed by name', async () => {
    const [first, second, third] = [run(), run({ version: 2 }), run({ environment: 'production', outcome: 'failed' })];
    await send([first, second, third]);
    const page = await list('?limit=2');
    const rest = await list(`?limit=2&cursor=${page.json.cursor}`);
    expect([...ids(page), ...ids(rest)]).toEqual([first.runId, second.runId, third.runId]);
    expect(ids(await list(`?workflow=${FLOW}&version=v2`))).toEqual([second.runId]);
    expect(ids(await list('?outcome=failed'))).toEqual([third.runId]);
    expect(ids(await list('?environment=stg'))).toEqual([first.runId, second.runId]);
    expect(ids(await list(`?runId=${second.runId}`))).toEqual([second.runId]);
    expect(ids(await list(`?since=${encodeURIComponent(second.started)}`))).toEqual([first.runId, second.runId]);
    expect(ids(await list('?runId=%00'))).toEqual([]);
    expect((await list('?version=2')).json.code).toBe('invalid_input');
    expect((await list('?workflow=nothing')).status).toBe(404);
    expect((await list('?cursor=nonsense')).json.code).toBe('invalid_input');
    expect((await list('?since=yesterday')).status).toBe(400);
  });

  it('is summed up by version and environment', async () => {
    await send([
      ...[100, 200, 300].map((durationMs) => run({ durationMs, cost: 0.5, tokens: { input: 10 } })),
      run({ outcome: 'failed', durationMs: 900 }),
      run({ outcome: 'cancelled', durationMs: 5 }),
      run({ environment: 'production', outcome: 'cancelled' }),
    ]);
    const { json } = await server.call('GET', `/api/v1/runs/summary?workflow=${FLOW}`);
    const by = (name: string) => json.items.find(({ environment }: { environment: string }) => environment === name);
    expect(json.items).toHaveLength(2);
    expect(by('staging')).toMatchObject({
      ...{ version: { number: 1 }, runs: 5, failed: 1, cancelled: 1, errorRate: 0.25, cost: 1.5 },
      ...{ latencyMs: { p50: 200, p95: 900 }, tokens: { input: 30, output: null } },
    });
    expect(by('production')).toMatchObject({ runs: 1, errorRate: null, cost: null });
    const since = new Date(Date.now() - 31 * DAY).toISOString();
    const tooLong = await server.call('GET', `/api/v1/runs/summary?workflow=${FLOW}&since=${since}`);
    expect([tooLong.status, tooLong.json.code]).toEqual([422, 'invalid_input']);
  });
});

describe('a token for one environment', () => {
  it('reports runs of its own environment, which it need not name, and no others', async () => {
    const { json } = await send(
      [
        run({ environment: undefined }),
        run({ environment: 'stg' }),
        run({ environment: 'production' }),
        run({ environment: 'moon' }),
      ],
      staging,
    );
    expect(json.accepted).toBe(2);
    const [other, none] = json.refused;
    expect([other.code, none.code]).toEqual(['unknown_environment', 'unknown_environment']);
    expect(other.detail.replace('production', 'moon')).toBe(none.detail);
  });

  it('is told the same of a version that is live elsewhere as of one that there is not', async () => {
    const { json } = await send(
      [
        run({ environment: undefined, version: 2 }),
        run({ environment: undefined, version: 99 }),
        run({ environment: undefined, workflow: 'other-flow' }),
        run({ environment: undefined, workflow: 'no-such-flow' }),
      ],
      production,
    );
    const told = json.refused.map(({ code, detail }: Record<string, string>) =>
      `${code} ${detail}`.replace(/v\d+/, 'vN').replace(/“[a-z-]+”/, 'W'),
    );
    expect(new Set(told)).toEqual(new Set([told[0]]));
    expect(told).toHaveLength(4);
  });

  it('reads runs of its own environment and nothing else', async () => {
    const [here, there] = [run(), run({ environment: 'production' })];
    await send([here, there]);
    expect(ids(await list('', staging))).toEqual([here.runId]);
    expect(ids(await list('', production))).toEqual([there.runId]);
    expect(ids(await list(`?runId=${there.runId}`, staging))).toEqual([]);
    expect((await list('?environment=production', staging)).status).toBe(404);
    const summary = await server.call('GET', `/api/v1/runs/summary?workflow=${FLOW}`, { token: staging });
    expect(summary.json.items.map(({ environment }: { environment: string }) => environment)).toEqual(['staging']);
  });

  it.each(['', '/summary'])('learns nothing of workflows and versions elsewhere by runs%s', async (path) => {
    const ask = async (query: string) => {
      const { status, json } = await server.call('GET', `/api/v1/runs${path}?${query}`, { token: production });
      return [status, json.code, json.items?.length ?? json.detail.replace(/“[a-z-]+”/, 'W')];
    };
    expect(await ask('workflow=other-flow')).toEqual(await ask('workflow=no-such-flow'));
    expect(await ask(`workflow=${FLOW}&version=2`)).toEqual(await ask(`workflow=${FLOW}&version=99`));
    expect((await ask('workflow=other-flow'))[0]).toBe(404);
  });

  it('needs the scope: to report, runs; to read, runs or read', async () => {
    expect((await send([run()], resolver)).json.code).toBe('insufficient_scope');
    expect((await list('', resolver)).json.code).toBe('insufficient_scope');
    expect((await send([run()], reader)).json.code).toBe('insufficient_scope');
    expect((await list('', reader)).status).toBe(200);
  });
});
