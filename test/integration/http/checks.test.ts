import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/adapters/cli/run-cli.ts';
import { SAMPLES } from '../../support/documents/secret-samples.ts';
import { type FlowServer, inSlack, startFlowServer } from '../../support/http/start-flow-server.ts';
import { askMore } from '../../support/use-cases/ask-more.ts';

const DAY = 86_400_000;
const WORKSPACE = { workspaceId: 'T0CANAL' };
let server: FlowServer;
let token: string;
let flow: string;
let folder: string;

beforeAll(async () => {
  server = await startFlowServer();
  const made = await server.useCases.createToken({ actor: inSlack('U0ADA'), name: 'ci', scopes: ['checks'] });
  token = made.text;
  folder = await mkdtemp(join(tmpdir(), 'towpath-checks-'));
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});
/** v2 is live in staging, and v3 in development. */
beforeEach(async () => {
  await server.database.sql(
    "UPDATE environment SET policy = policy - 'tests' - 'cost' - 'checks' WHERE name = 'staging'",
  );
  flow = await server.nextFlow();
  const asked = { tests: { minPassRate: 0.9, maxAge: DAY }, cost: { maxCostPerRun: 0.05, maxAge: DAY } };
  await askMore(server.database, WORKSPACE, 'staging', asked);
});

const post = (
  body: unknown,
  { version = 'v3', query = '', type }: Partial<Record<'version' | 'query' | 'type', string>> = {},
) =>
  server.call('POST', `/api/v1/workflows/${flow}/versions/${version}/checks${query}`, {
    ...{ token, body },
    ...(type !== undefined && { headers: { 'content-type': type } }),
  });
let reader: Awaited<ReturnType<typeof makeReader>> | undefined;
const makeReader = () => server.useCases.createToken({ actor: inSlack('U0ADA'), name: 'reader', scopes: ['read'] });
const readerOnce = async () => {
  reader ??= await makeReader();
  return { token: reader };
};
const tests = (passed: number, failed: number) => ({ kind: 'tests', environment: 'staging', passed, failed });
const open = async () => {
  const actor = inSlack('U0DEV');
  const asked = await server.useCases.requestPromotion({ actor, workflow: flow, environment: 'staging' });
  if (asked.kind !== 'opened') throw new Error(`Nothing was opened, but ${asked.kind}.`);
  return asked.promotion.id;
};
const show = (promotionId: string) => server.useCases.showPromotion({ ...WORKSPACE, promotionId });
const verdict = async (id: string, kind: string) => (await show(id)).requirements.find((one) => one.kind === kind);
const judge = async () => {
  // At most once a second a promotion: its mark is moved to where the clock already is.
  await server.database.sql(
    "UPDATE promotion SET judge_at = now() - interval '1 ms' WHERE status = 'open' AND judge_at IS NOT NULL",
  );
  return server.useCases.judgeDue(WORKSPACE.workspaceId);
};

const PROMPTFOO = {
  version: 3,
  results: {
    results: [
      { success: true, latencyMs: 120, cost: 0.02, namedScores: { helpfulness: 0.9 } },
      { success: true, latencyMs: 240, cost: 0.04, namedScores: { helpfulness: 0.7 } },
    ],
  },
  config: { description: 'nightly' },
};
const JUNIT = `<testsuites><testsuite name="smoke">
  <testcase classname="flow" name="answers" time="0.2"/>
  <testcase classname="flow" name="routes" time="0.4"><failure message="key=${SAMPLES.openai} was refused"/></testcase>
</testsuite></testsuites>`;

describe('a check from outside', () => {
  it('is shown on the card beside what is live, and the last one needed deploys by the next tick', async () => {
    await post(tests(94, 6), { version: 'v2' });
    await post({ ...tests(80, 20), costPerRun: 0.031 });
    const id = await open();
    expect(await verdict(id, 'tests')).toMatchObject({
      state: 'failed',
      summary: expect.stringContaining('Pass rate 80% (live 94%)'),
    });
    expect(await verdict(id, 'cost')).toMatchObject({ state: 'met', summary: expect.stringContaining('$0.031') });
    const approval = { actor: inSlack('U0LEE'), choice: { promotionId: id } };
    expect(await server.useCases.approvePromotion(approval)).toMatchObject({ deployed: false });
    const { status, json } = await post(tests(96, 4));
    expect(status).toBe(201);
    expect(json).toMatchObject({
      workflow: flow,
      environment: 'staging',
      version: { number: 3 },
      results: [{ kind: 'tests', name: 'tests', state: 'failed', source: 'api', passed: 96, failed: 4, score: null }],
    });
    await judge();
    expect(await show(id)).toMatchObject({ status: 'deployed' });
  });

  it('judges nothing where it is of another version or environment', async () => {
    const id = await open();
    await server.database.sql('UPDATE promotion SET judge_at = NULL WHERE id = $1', [id]);
    await post(tests(10, 0), { version: 'v1' });
    await post({ ...tests(10, 0), environment: 'production' });
    const [row] = await server.database.sql('SELECT judge_at FROM promotion WHERE id = $1', [id]);
    expect(row).toEqual({ judge_at: null });
    expect(await verdict(id, 'tests')).toMatchObject({ state: 'pending' });
  });

  it('is what promptfoo writes, as it is', async () => {
    const { status, json } = await post(PROMPTFOO, { query: '?environment=stg' });
    expect(status).toBe(201);
    expect(json.results).toMatchObject([
      { kind: 'tests', name: 'nightly', source: 'promptfoo', passed: 2, failed: 0 },
      { kind: 'quality', name: 'helpfulness', of: 1 },
      { kind: 'cost', name: 'nightly' },
      { kind: 'latency', name: 'nightly', latency: 240 },
    ]);
    const id = await open();
    expect(await verdict(id, 'tests')).toMatchObject({ state: 'met' });
  });

  it('is JUnit XML, and no secret of it is kept or shown', async () => {
    const { status, json, text } = await post(JUNIT, {
      query: '?environment=staging&name=ci',
      type: 'application/xml',
    });
    expect(status).toBe(201);
    expect(json.results[0]).toMatchObject({ name: 'ci', source: 'junit', passed: 1, failed: 1, state: 'failed' });
    expect(json.results[0].detail).toContain('flow › routes');
    const kept = await server.database.sql<{ all: string }>(
      `SELECT coalesce(string_agg(c::text, ' '), '') || (SELECT string_agg(a::text, ' ') FROM audit_event a) AS all FROM check_result c`,
    );
    for (const shown of [text, kept[0]?.all, server.log()]) expect(shown).not.toContain(SAMPLES.openai);
  });

  it('keeps its cases, counted and masked', async () => {
    const message = `token ${SAMPLES.github}`;
    const cases = [
      { name: 'a', state: 'passed' },
      { name: 'b\u0000c', state: 'errored', message },
    ];
    const { json } = await post({ kind: 'tests', environment: 'staging', name: 'smoke', cases });
    expect(json.results[0]).toMatchObject({ passed: 1, failed: 1, state: 'failed' });
    const [row] = await server.database.sql<{ cases: unknown[] }>('SELECT cases FROM check_result WHERE id = $1', [
      json.results[0].id,
    ]);
    expect(row?.cases).toMatchObject([
      { name: 'a' },
      { name: 'b c', message: expect.not.stringContaining(SAMPLES.github) },
    ]);
  });

  it('is read again, by environment, beside what is live there, and one with its cases', async () => {
    const { token: reader } = await readerOnce();
    const read = (path: string) => server.call('GET', `/api/v1${path}`, { token: reader.text });
    const list = `/workflows/${flow}/versions/v3/checks`;
    expect((await read(list)).json).toMatchObject({ version: { number: 3 }, items: [] });
    await post({ ...tests(94, 6), latency: 2_400 }, { version: 'v2' });
    const cases = [
      { name: 'greets', state: 'passed' },
      { name: 'refund', state: 'failed', message: 'does not say “refund”' },
    ];
    await post({ kind: 'tests', environment: 'staging', cases });
    const { json } = await read(list);
    expect(json.items).toMatchObject([
      {
        environment: 'staging',
        results: [{ kind: 'tests', passed: 1, failed: 1 }],
        live: {
          version: { number: 2 },
          results: [
            { kind: 'tests', passed: 94 },
            { kind: 'latency', latency: 2_400 },
          ],
        },
      },
    ]);
    expect((await read(`${list}?environment=production`)).json.items).toMatchObject([{ results: [], live: null }]);
    const one = await read(`/checks/${json.items[0].results[0].id}`);
    expect(one.json).toMatchObject({ workflow: flow, environment: 'staging', version: { number: 3 } });
    expect(one.json.cases).toMatchObject([{ name: 'refund', message: 'does not say “refund”' }, { name: 'greets' }]);
    const gone = await read('/checks/0190a0b0-0000-7000-8000-000000000001');
    expect([gone.status, gone.json.code]).toEqual([404, 'unknown_check']);
  });

  it.each([
    ['no environment', { kind: 'tests', passed: 1 }, 400, 'validation'],
    ['an unknown field', { ...tests(1, 0), nonsense: 1 }, 400, 'validation'],
    ['a count below zero', tests(-1, 0), 400, 'validation'],
    ['an address that is none', { ...tests(1, 0), url: 'javascript:alert(1)' }, 400, 'validation'],
    ['tests without a count', { kind: 'tests', environment: 'staging' }, 422, 'invalid_input'],
    ['quality without a scale', { kind: 'quality', environment: 'staging', score: 4 }, 422, 'invalid_input'],
    ['a check that says nothing', { kind: 'check', name: 'review', environment: 'staging' }, 422, 'invalid_input'],
    ['JSON of nobody', { some: 'thing' }, 400, 'validation'],
    ['an environment that there is not', { ...tests(1, 0), environment: 'moon' }, 404, 'unknown_environment'],
  ])('is refused with %s', async (what, body, status, code) => {
    const answer = await post(body, what === 'JSON of nobody' ? { query: '?environment=staging' } : {});
    expect([answer.status, answer.json.code]).toEqual(
      what === 'JSON of nobody' ? [422, 'invalid_definition'] : [status, code],
    );
  });

  it('is refused as XML that is no report, and takes nobody’s own token', async () => {
    const bad = await post('<!DOCTYPE x [<!ENTITY a "b">]><x/>', { query: '?environment=staging', type: 'text/xml' });
    expect([bad.status, bad.json.code]).toEqual([422, 'invalid_definition']);
    const path = `/api/v1/workflows/${flow}/versions/3/checks`;
    const own = await server.call('POST', path, { token: await server.logIn('U0DEV'), body: tests(1, 0) });
    expect([own.status, own.json.code]).toEqual([403, 'insufficient_scope']);
  });

  it('is required by its name', async () => {
    await askMore(server.database, WORKSPACE, 'staging', { checks: ['security-review'] });
    const id = await open();
    expect(await verdict(id, 'checks')).toMatchObject({ state: 'pending' });
    const check = { kind: 'check', name: 'security-review', environment: 'staging' };
    await post({ ...check, state: 'failed', detail: 'two findings' });
    expect(await verdict(id, 'checks')).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('two findings'),
    });
    await post({ ...check, state: 'passed' });
    expect(await verdict(id, 'checks')).toMatchObject({ state: 'met' });
  });
});

describe('towpath checks upload', () => {
  const run = async (...args: string[]) => {
    let [out, err] = ['', ''];
    const code = await runCli({
      arguments: ['checks', 'upload', ...args],
      env: { TOWPATH_API_TOKEN: token, TOWPATH_SERVER: server.url },
      print: (text) => {
        out += text;
      },
      complain: (text) => {
        err += text;
      },
      pause: async () => {},
      now: () => 0,
    });
    return { code, out, err };
  };

  it.each([
    ['results.json', JSON.stringify(PROMPTFOO), 'tests nightly: 2 passed, 0 failed'],
    ['junit.xml', JUNIT, 'tests smoke: 1 passed, 1 failed'],
    ['own.json', JSON.stringify({ kind: 'quality', name: 'tone', score: 4.5, of: 5 }), 'quality tone: 4.5 of 5'],
  ])('takes %s', async (name, content, line) => {
    const file = join(folder, name);
    await writeFile(file, content);
    const { code, out } = await run(file, '--workflow', flow, '--version', 'v3', '--environment', 'staging');
    expect(code).toBe(0);
    expect(out).toContain(`Kept for v3 of ${flow} in staging:`);
    expect(out).toContain(line);
  });

  it('says what is wrong with a file', async () => {
    const file = join(folder, 'broken.json');
    await writeFile(file, '{');
    const { code, err } = await run(file, '--workflow', flow, '--version', '3', '--environment', 'staging');
    expect([code, err]).toEqual([1, expect.stringContaining('JSON')]);
  });
});
