import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExecutionLimits } from '../../../src/domain/settings/settings.ts';
import { type FlowServer, flowSource, inSlack, startFlowServer } from '../../support/http/start-flow-server.ts';
import {
  type Answer,
  hang,
  json,
  type LocalServer,
  startLocalServer,
} from '../../support/runners/start-local-server.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';

let server: FlowServer;
let service: LocalServer;
/** Says back what it was given, in capitals. */
const echo: Answer = (response, { body }) =>
  json({ output: String(JSON.parse(body).input).toUpperCase(), cost: 0.01 })(response, { path: '', headers: {}, body });
let answer = echo;

beforeAll(async () => {
  service = await startLocalServer((response, request) => answer(response, request));
  server = await startFlowServer([service.url]);
  await give({});
});
afterAll(async () => {
  await server?.stop();
  await service?.stop();
});

/** What every workflow is given in the first environment. */
async function give(limits: ExecutionLimits): Promise<void> {
  const pipeline = await server.database.ports.glance('T0CANAL', (tx) => tx.environments.pipeline());
  const given = { workflowId: null, changedBy: 'U0ADA', via: 'file', reason: null } as const;
  const settings = { runner: { kind: 'http' as const, url: service.url, shadowSafe: false }, limits };
  await server.database.ports.inTransaction('T0CANAL', (tx) =>
    tx.settings.save({ environmentId: pipeline[0]?.id as string, settings, ...given }),
  );
}

const SUITE = `cases:
  - { name: loud, input: hello, assert: [{ type: contains, value: HELLO }] }
  - { name: quiet, input: hello, assert: [{ type: contains, value: hello, ignoreCase: false }] }
`;
const body = { source: flowSource('never-pushed', 'claude-haiku'), fileName: 'flow.yaml', suite: SUITE };
const linesOf = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const test = async (sent: object, bearer?: string) =>
  server.call('POST', '/api/v1/tests', { body: sent, ...(bearer === undefined ? {} : { token: bearer }) });

describe('testing a file', () => {
  it('runs its suite with what the first environment gives, telling how far it is, and keeps nothing', async () => {
    const answered = await test(body, await server.logIn('U0DEV'));
    expect(answered.headers.get('content-type')).toContain('application/x-ndjson');
    const lines = linesOf(answered.text);
    expect(lines[0]).toMatchObject({ kind: 'progress', total: 2, done: 0 });
    expect(lines.at(-2)).toMatchObject({ kind: 'progress', total: 2, done: 2, passed: 1, failed: 1 });
    expect(lines.at(-1)).toMatchObject({
      ...{ kind: 'outcome', workflow: 'never-pushed', environment: 'development' },
      outcome: {
        ...{ end: 'completed', passed: 1, failed: 1, costPerRun: 0.01 },
        cases: [
          { name: 'loud', state: 'passed', output: 'HELLO' },
          { name: 'quiet', state: 'failed' },
        ],
      },
    });
    expect(JSON.parse(service.requests.at(-1)?.body as string)).toMatchObject({
      ...{ workflow: 'never-pushed', version: null, environment: 'development' },
    });
    expect(await server.database.sql("SELECT 1 FROM workflow WHERE slug = 'never-pushed'")).toEqual([]);
  });

  it('is for those who may push', async () => {
    const reads = await server.useCases.createToken({
      ...{ actor: inSlack('U0ADA'), name: 'reads', scopes: ['read'] },
    });
    expect((await test(body, reads.text)).json.code).toBe('insufficient_scope');
    const pushes = await server.useCases.createToken({
      ...{ actor: inSlack('U0ADA'), name: 'pushes', scopes: ['push'] },
    });
    expect((await test(body, pushes.text)).status).toBe(200);
  });

  it('costs no more than the policy lets this very workflow', async () => {
    const only = { workflows: ['never-pushed'], suites: { onOpen: false, budget: 0.005 } };
    const keep = (stricter: object[]) =>
      server.database.sql("UPDATE environment SET policy = policy || $1::jsonb WHERE name = 'development'", [
        JSON.stringify({ stricter }),
      ]);
    await keep([only]);
    const answered = await test({ ...body, suite: `concurrency: 1\n${SUITE}` }, await server.logIn('U0DEV'));
    await keep([]);
    expect(linesOf(answered.text).at(-1)).toMatchObject({
      outcome: { end: 'budget', cases: [{ state: 'passed' }, { state: 'notRun' }] },
    });
  });

  it('counts in what the runs of its workflow may cost a day, and ends there', async () => {
    const source = flowSource('dear-file', 'claude-haiku');
    await give({ costPerDay: 0.01 });
    const suite = `concurrency: 1\n${SUITE}`;
    const answered = await test({ ...body, source, suite }, await server.logIn('U0DEV'));
    await give({});
    expect(linesOf(answered.text).at(-1)).toMatchObject({
      outcome: {
        ...{ end: 'completed', passed: 1 },
        cases: [
          { state: 'passed' },
          { state: 'errored', error: { message: expect.stringContaining('$0.01 of today') } },
        ],
      },
    });
    const spent = "SELECT dollars FROM spending WHERE workflow = 'dear-file'";
    expect(await server.database.sql(spent)).toEqual([{ dollars: 0.01 }]);
  });

  it('says what is wrong with the file or the suite before anything runs', async () => {
    const before = service.requests.length;
    const odd = await test({ ...body, suite: 'cases: [{ name: a, assert: [{ type: contians, value: x }] }]' });
    expect([odd.status, odd.json.code]).toEqual([422, 'invalid_definition']);
    const broken = await test({ ...body, source: 'apiVersion: towpath/v1\nsteps: 7\n' });
    expect([broken.status, broken.json.code]).toEqual([422, 'invalid_definition']);
    const { suite: _, ...without } = body;
    expect((await test(without)).json.code).toBe('no_suite');
    expect(service.requests.length).toBe(before);
  });

  it('is of two files of a person at a time, whatever others test', async () => {
    answer = hang;
    const before = service.requests.length;
    const leave = new AbortController();
    const bearer = await server.logIn('U0DEV');
    const begin = () =>
      fetch(`${server.url}/api/v1/tests`, {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: leave.signal,
      });
    await Promise.all([begin(), begin()]);
    await waitUntil('both to run', () => service.requests.length >= before + 2);
    expect((await test(body, bearer)).json.code).toBe('too_many');
    answer = echo;
    const another = { ...body, source: flowSource('of-another', 'claude-haiku') };
    expect((await test(another, await server.logIn('U0LEE'))).status).toBe(200);
    leave.abort();
    await service.leaving;
    await waitUntil('there to be room again', async () => (await test(body, bearer)).status === 200);
  });

  it('stops when whoever asked hangs up', async () => {
    answer = hang;
    const before = service.requests.length;
    const leave = new AbortController();
    const answered = await fetch(`${server.url}/api/v1/tests`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await server.logIn('U0DEV')}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: leave.signal,
    });
    const reader = answered.body?.getReader();
    await reader?.read();
    await waitUntil('the runner to be called', () => service.requests.length > before);
    leave.abort();
    await service.leaving;
    answer = echo;
  });
});
