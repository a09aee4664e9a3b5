import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import type { Scope } from '../../../src/domain/token.ts';
import { type FlowServer, inSlack, startFlowServer } from '../../support/http/start-flow-server.ts';
import {
  type Answer,
  die,
  flood,
  hang,
  json,
  type LocalServer,
  startLocalServer,
  text,
} from '../../support/runners/start-local-server.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';

let server: FlowServer;
let service: LocalServer;
let answer: Answer;
let flow: string;
let names = 0;

beforeAll(async () => {
  service = await startLocalServer((response, request) => answer(response, request));
  server = await startFlowServer([service.url]);
});
afterAll(async () => {
  await server?.stop();
  await service?.stop();
});
beforeEach(async () => {
  answer = json({
    output: { summary: 'short' },
    cost: 0.02,
    tokens: { input: 7, output: 3 },
    trace: 'https://traces.example.com/1',
  });
  flow = await server.nextFlow();
});

const WORKSPACE = 'T0CANAL';
const environmentId = async (name: string) => {
  const pipeline = await server.database.ports.glance(WORKSPACE, (tx) => tx.environments.pipeline());
  return pipeline.find((one) => one.name === name)?.id as string;
};
/** What the workflow is given there. */
async function give(environment: string, settings: Settings): Promise<void> {
  const [id, workflow] = [await environmentId(environment), flow];
  await server.database.ports.inTransaction(WORKSPACE, async (tx) => {
    const workflowId = (await tx.workflows.find(workflow))?.id as string;
    const given = { changedBy: 'U0ADA', via: 'file', reason: null } as const;
    await tx.settings.save({ environmentId: id, workflowId, settings, ...given });
  });
}
const runner = (more: object = {}) => ({
  kind: 'http' as const,
  url: `${service.url}/run`,
  shadowSafe: false,
  ...more,
});
async function token(environment: string, scopes: readonly Scope[] = ['execute']): Promise<string> {
  names += 1;
  const made = await server.useCases.createToken({
    ...{ actor: inSlack('U0ADA'), name: `token-${names}`, environment, scopes },
  });
  return made.text;
}
const execute = async (environment: string, bearer: string | null, body: object = { inputs: { ticket: 'down' } }) =>
  server.call('POST', `/api/v1/workflows/${flow}/execute?environment=${environment}`, {
    body,
    ...(bearer === null ? {} : { token: bearer }),
  });
const records = async () =>
  (
    await server.useCases.listRuns({
      workspaceId: WORKSPACE,
      within: null,
      workflow: flow,
      payloads: true,
      page: { limit: 10 },
    })
  ).items;
const lastMessage = () => JSON.parse(service.requests.at(-1)?.body as string);

describe('running what is live', () => {
  it('calls the runner with the version that is live there, and answers what came of it', async () => {
    await give('staging', { runner: runner(), steps: { summarize: { model: 'claude-of-staging' } } });
    await give('development', { runner: runner() });
    const { status, json: answered } = await execute('staging', await token('staging'));
    expect([status, answered]).toEqual([
      200,
      {
        ...{ runId: expect.any(String), workflow: flow, version: { number: 2, label: null }, environment: 'staging' },
        ...{
          output: { summary: 'short' },
          cost: 0.02,
          tokens: { input: 7, output: 3 },
          trace: 'https://traces.example.com/1',
        },
        ...{ latencyMs: expect.any(Number), recorded: true },
      },
    ]);
    expect(lastMessage()).toMatchObject({
      ...{ workflow: flow, version: 2, environment: 'staging', input: { ticket: 'down' }, shadow: false },
      definition: { steps: [{ id: 'summarize', model: 'claude-of-staging' }] },
    });
    await execute('development', await token('development'));
    expect(lastMessage()).toMatchObject({ version: 3, environment: 'development' });
  });

  it('records the run under its environment, with its key and what it took', async () => {
    await give('staging', { runner: runner() });
    const { json: answered } = await execute('staging', await token('staging'), { inputs: 'x', key: 'customer-7' });
    const [record] = await records();
    expect(record).toMatchObject({
      ...{
        runId: answered.runId,
        outcome: 'succeeded',
        cost: 0.02,
        inputTokens: 7,
        outputTokens: 3,
        key: 'customer-7',
        traceUrl: 'https://traces.example.com/1',
      },
      ...{ environment: { name: 'staging' }, version: { number: 2 } },
    });
  });

  it('gives the runner its secret, and nobody else', async () => {
    const secrets = { RUNNER_TOKEN: { env: 'STAGING_OPENAI_KEY' } };
    await give('staging', { runner: runner({ secret: 'RUNNER_TOKEN' }), secrets });
    answer = json({ output: 'I was given "a key of staging".', trace: ['a key of staging'] });
    const { text: answered } = await execute('staging', await token('staging'));
    expect(service.requests.at(-1)?.headers['authorization']).toBe('Bearer a key of staging');
    expect(answered).not.toContain('a key of staging');
    expect(JSON.stringify(await records())).not.toContain('a key of staging');
    const { items } = await server.useCases.listAudit({ workspaceId: WORKSPACE, action: 'secret.read', limit: 50 });
    const [record] = await records();
    const source = { env: 'STAGING_OPENAI_KEY' };
    expect(items).toMatchObject([
      { actor: `token:token-${names}`, subject: 'secret:RUNNER_TOKEN', after: { source, runId: record?.runId } },
    ]);
    expect(JSON.stringify(items)).not.toContain('a key of staging');
  });

  it.each<[string, Answer, number, string, RegExp]>([
    ['hangs', hang, 504, 'runner_timeout', /longer than 1 s/],
    ['dies in the middle', die, 502, 'runner_died', /./],
    ['answers 50 MB', flood, 502, 'runner_too_large', /10 MB/],
    ['answers no JSON', text('oops'), 502, 'runner_malformed', /no JSON/],
    ['says no', json({ error: 'bad' }, 400), 502, 'runner_refused', /400/],
    ['asks to come later', json({}, 429), 503, 'runner_rate_limited', /./],
  ])('tells of a runner that %s, and records it as failed', async (_what, how, status, code, words) => {
    await give('staging', { runner: runner(), limits: { timeout: 1_000 } });
    answer = how;
    const { status: answered, json: problem } = await execute('staging', await token('staging'));
    expect([answered, problem.code]).toEqual([status, code]);
    expect(problem.detail).toMatch(words);
    const [record] = await records();
    expect(record).toMatchObject({ outcome: 'failed', error: expect.stringMatching(words) });
    expect(problem.detail).toContain(record?.runId);
  });

  it('ends the run of whoever hangs up, and records that', async () => {
    await give('staging', { runner: runner() });
    const hung = service.requests.length;
    answer = hang;
    const leave = new AbortController();
    const asked = fetch(`${server.url}/api/v1/workflows/${flow}/execute?environment=staging`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await token('staging')}`, 'content-type': 'application/json' },
      body: JSON.stringify({ inputs: 'x' }),
      signal: leave.signal,
    });
    await waitUntil('the runner to be called', () => service.requests.length > hung);
    leave.abort();
    await expect(asked).rejects.toThrow();
    await service.leaving;
    const [record] = await waitUntil('the record', async () => {
      const all = await records();
      return all.length > 0 ? all : null;
    });
    expect(record).toMatchObject({ outcome: 'cancelled' });
  });

  it('says what to set where nothing can run it', async () => {
    const none = await execute('staging', await token('staging'));
    expect([none.status, none.json.code]).toEqual([409, 'no_runner']);
    await give('staging', { runner: 'our-cluster' });
    const named = await execute('staging', await token('staging'));
    expect([named.status, named.json.detail]).toEqual([409, expect.stringContaining('our-cluster')]);
  });

  it('stops at what its runs may cost a day', async () => {
    await give('staging', { runner: runner(), limits: { costPerDay: 0.04 } });
    const bearer = await token('staging');
    expect((await execute('staging', bearer)).status).toBe(200);
    expect((await execute('staging', bearer)).status).toBe(200);
    const third = await execute('staging', bearer);
    expect([third.status, third.json.code, third.json.detail]).toEqual([
      409,
      'cost_reached',
      expect.stringContaining('$0.04'),
    ]);
  });

  it('stops at what reported runs cost beside it, until the day ends', async () => {
    await give('staging', { runner: runner(), limits: { costPerDay: 0.5 } });
    const bearer = await token('staging');
    const reported = {
      ...{ runId: 'theirs', workflow: flow, version: 2, environment: 'staging', started: new Date() },
      ...{ durationMs: 5, outcome: 'succeeded' as const, cost: 0.5 },
    };
    await server.useCases.recordRuns({ workspaceId: WORKSPACE, within: null, reports: [reported] });
    expect((await execute('staging', bearer)).json.code).toBe('cost_reached');
    await server.database.sql('UPDATE spending SET day = day - 1 WHERE workflow = $1', [flow]);
    expect((await execute('staging', bearer)).status).toBe(200);
  });

  it('is refused alike, and leaves no record, where the money went while it waited for its place', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const answers = answer;
    answer = (response, request) => void promise.then(() => answers(response, request));
    await give('staging', { runner: runner(), limits: { concurrency: 1, costPerDay: 0.01 } });
    const bearer = await token('staging');
    const first = execute('staging', bearer);
    await waitUntil('the first to be asked', () => service.requests.length > 0 && lastMessage().workflow === flow);
    const second = execute('staging', bearer);
    const waiting = "SELECT 1 FROM execution WHERE workflow = $1 AND state = 'waiting'";
    await waitUntil('the second to wait', async () => (await server.database.sql(waiting, [flow])).length === 1);
    resolve();
    expect((await first).status).toBe(200);
    const refused = await second;
    expect([refused.status, refused.json.code]).toEqual([409, 'cost_reached']);
    expect(await records()).toHaveLength(1);
  });

  it('refuses inputs that nothing here may hold', async () => {
    await give('staging', { runner: runner() });
    const odd = await execute('staging', await token('staging'), { inputs: { a: 'b\u0000' } });
    expect([odd.status, odd.json.code]).toEqual([422, 'invalid_input']);
    const deep = `{"inputs":${'['.repeat(5_000)}${']'.repeat(5_000)}}`;
    const answered = await fetch(`${server.url}/api/v1/workflows/${flow}/execute?environment=staging`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await token('staging')}`, 'content-type': 'application/json' },
      body: deep,
    });
    expect(answered.status).toBe(422);
  });
});

describe('who may run a workflow', () => {
  it('is a token with the scope, in its environment alone', async () => {
    await give('staging', { runner: runner() });
    const without = await execute('staging', await token('staging', ['resolve']));
    expect([without.status, without.json.code]).toEqual([403, 'insufficient_scope']);
    const elsewhere = await execute('staging', await token('production'));
    expect([elsewhere.status, elsewhere.json.code]).toEqual([404, 'unknown_environment']);
  });

  it('is whoever may push it, which the audit trail tells of', async () => {
    await give('staging', { runner: runner() });
    const dev = await execute('staging', await server.logIn('U0DEV'));
    expect(dev.status).toBe(200);
    const { items } = await server.useCases.listAudit({ workspaceId: WORKSPACE, workflow: flow, limit: 1 });
    expect(items[0]).toMatchObject({ action: 'workflow.run', actor: 'U0DEV', after: { runId: dev.json.runId } });
  });

  it('has to say where', async () => {
    const answered = await server.call('POST', `/api/v1/workflows/${flow}/execute`, { body: { inputs: 1 } });
    expect([answered.status, answered.json.code]).toEqual([400, 'validation']);
  });
});
