import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientWarning, TowpathClient, type Work } from '../../src/client/towpath-client.ts';
import type { Scope } from '../../src/domain/token.ts';
import { openPersistence, type TestPersistence } from '../support/database/open-test-persistence.ts';
import { json, type LocalServer, startLocalServer } from '../support/runners/start-local-server.ts';
import { waitUntil } from '../support/slack/wait-until.ts';
import { runCommandLine } from '../support/towpath/command-line.ts';
import { startWholeTowpath, type WholeTowpath } from '../support/towpath/start-whole-towpath.ts';
import { type Canal, canalOf, FLOW } from '../support/use-cases/open-canal.ts';

let folder: string;
let service: LocalServer;
let towpath: WholeTowpath;
let db: TestPersistence;
let canal: Canal;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towpath-executions-'));
  service = await startLocalServer(json({ output: 'by the runner' }));
  const file = join(folder, 'towpath.yaml');
  await writeFile(
    file,
    `
runners: { privateOrigins: ['${service.url}'] }
environments:
  - { name: development, settings: { runner: { kind: http, url: '${service.url}' } } }
  - { name: staging, approvals: [{ role: lead, count: 1 }], settings: { runner: { kind: http, url: '${service.url}' } } }
  - { name: production, approvals: [{ role: admin, count: 1 }] }
people: { U0ADA: admin, U0LEE: lead }
`,
  );
  towpath = await startWholeTowpath({ env: { TOWPATH_CONFIG: file } });
  db = await openPersistence(towpath.database.url);
  canal = canalOf(db.ports, 'T0CANAL');
  await canal.reach('production', 'first');
});
afterAll(async () => {
  await db?.end();
  await towpath?.stop();
  await service?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function token(environment: string, ...scopes: Scope[]): Promise<string> {
  const name = `t-${randomBytes(4).toString('hex')}`;
  return (await canal.useCases.createToken({ actor: canal.as('U0ADA'), name, environment, scopes })).text;
}
const execute = async (environment: string, inputs: unknown) => {
  const answered = await fetch(`${towpath.url}/api/v1/workflows/${FLOW}/execute?environment=${environment}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await token(environment, 'execute')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ inputs }),
  });
  return { status: answered.status, body: await answered.json() };
};
async function agentOf(environment: string, handler: (work: Work, signal: AbortSignal) => Promise<{ output: string }>) {
  const warnings: ClientWarning[] = [];
  const client = new TowpathClient({
    ...{ url: towpath.url, token: await token(environment, 'agents'), environment },
    onWarning: (warning) => warnings.push(warning),
  });
  const agent = client.work({ agent: `agent-of-${environment}`, handler, atOnce: 2 });
  await waitUntil('the agent to be seen', async () => {
    const { items } = await canal.useCases.listAgents({
      workspaceId: canal.workspaceId,
      environment,
      page: { limit: 9 },
    });
    return items.length > 0;
  });
  return { agent, client, warnings };
}

describe('a whole Towpath', () => {
  it('runs what is live by the runner of its environment, from the command line too', async () => {
    expect(await execute('staging', 'x')).toMatchObject({
      status: 200,
      body: { output: 'by the runner', recorded: true },
    });
    const input = join(folder, 'input.json');
    await writeFile(input, '{"ticket":"It is down"}');
    const { code, out } = await runCommandLine(['run', FLOW, '--env', 'staging', '--input', input], {
      TOWPATH_SERVER: towpath.url,
      TOWPATH_API_TOKEN: await token('staging', 'execute'),
    });
    expect([code, out]).toEqual([0, 'by the runner\n']);
  });

  it('gives the runs of an environment with agents to these, its suites’ as well, and no other environment’s', async () => {
    const seen: string[] = [];
    const { agent, client, warnings } = await agentOf('production', async ({ environment, input }) => {
      seen.push(environment);
      return { output: `said ${JSON.stringify(input)}` };
    });
    const before = service.requests.length;
    expect(await execute('production', { n: 1 })).toMatchObject({ status: 200, body: { output: 'said {"n":1}' } });
    const source = 'cases: [{ name: a, input: 7, assert: [{ type: exact, value: said 7 }] }]';
    await canal.useCases.saveSuite({ actor: canal.as('U0DEV'), workflow: FLOW, source });
    const asked = await canal.useCases.testVersion({
      ...{ actor: canal.as('U0DEV'), workflow: FLOW, version: '1', environment: 'production' },
    });
    const run = await waitUntil('the suite to end', async () => {
      const now = await canal.useCases.showSuiteRun({ workspaceId: canal.workspaceId, id: asked.id });
      return now.endedAt === null ? null : now;
    });
    expect([run.state, run.passed, run.total]).toEqual(['completed', 1, 1]);
    expect(service.requests.length).toBe(before);
    expect((await execute('staging', 'x')).body.output).toBe('by the runner');
    expect(seen).toEqual(['production', 'production']);
    await agent.stop();
    await client.close();
    expect(warnings).toEqual([]);
  });

  it('tells of an agent whose handler throws, and lets one that stops finish what it has', async () => {
    const { promise: allowed, resolve: go } = Promise.withResolvers<void>();
    const { agent, client } = await agentOf('production', async ({ input }) => {
      if (input === 'bad') throw new Error('no model answered');
      await allowed;
      return { output: 'finished' };
    });
    const bad = await execute('production', 'bad');
    expect([bad.status, bad.body.code, bad.body.detail]).toEqual([
      502,
      'runner_died',
      expect.stringContaining('no model answered'),
    ]);
    const held = execute('production', 'good');
    await waitUntil('the agent to have it', async () => {
      const rows = await db.sql("SELECT 1 FROM execution WHERE state = 'leased' AND agent IS NOT NULL");
      return rows.length > 0;
    });
    const stopped = agent.stop();
    go();
    expect((await held).body.output).toBe('finished');
    await stopped;
    await client.close();
  });

  it('frees the place of whoever hangs up', async () => {
    const { agent, client } = await agentOf('production', (_work, signal) => {
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    });
    const leave = new AbortController();
    const asked = fetch(`${towpath.url}/api/v1/workflows/${FLOW}/execute?environment=production`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await token('production', 'execute')}`, 'content-type': 'application/json' },
      body: '{"inputs":1}',
      signal: leave.signal,
    });
    await waitUntil('the agent to have it', async () => {
      const rows = await db.sql("SELECT 1 FROM execution WHERE state = 'leased' AND agent IS NOT NULL");
      return rows.length > 0;
    });
    leave.abort();
    await expect(asked).rejects.toThrow();
    await waitUntil('its place to be free', async () => {
      const rows = await db.sql("SELECT 1 FROM execution WHERE state IN ('leased', 'waiting')");
      return rows.length === 0;
    });
    expect(towpath.output()).not.toContain('"level":"error"');
    await client.close();
    await agent.stop();
  });

  it('gives a run of one environment to no token of another, whatever the agent is called, nor takes its answer', async () => {
    const [own, foreign] = [await token('production', 'agents'), await token('staging', 'agents')];
    const post = (path: string, bearer: string, body: object) =>
      fetch(`${towpath.url}/api/v1${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await post('/agents', own, { name: 'same-name' })).status).toBe(200);
    const running = execute('production', 'of production');
    await waitUntil('the run to wait', async () => {
      const rows = await db.sql("SELECT 1 FROM execution WHERE state = 'waiting' AND message IS NOT NULL");
      return rows.length > 0;
    });
    expect((await post('/agents/same-name/work', foreign, { wait: 1 })).status).toBe(204);
    const taken = await post('/agents/same-name/work', own, { wait: 5 });
    const { id, environment, input } = (await taken.json()) as { id: string; environment: string; input: string };
    expect([taken.status, environment, input]).toEqual([200, 'production', 'of production']);
    expect((await post(`/work/${id}/result`, foreign, { output: 'forged' })).status).toBe(404);
    expect((await post(`/work/${id}/result`, own, { output: 'its own' })).status).toBe(204);
    expect((await running).body.output).toBe('its own');
  });

  it('does not wait for agents that wait when it ends', async () => {
    const asked = fetch(`${towpath.url}/api/v1/agents/late/work`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await token('staging', 'agents')}`, 'content-type': 'application/json' },
      body: '{}',
    });
    await waitUntil(
      'the agent to be seen',
      async () => (await db.sql("SELECT 1 FROM agent WHERE name = 'late'")).length > 0,
    );
    // It would be cut off otherwise, once the process has waited long enough.
    expect(await towpath.terminate()).toBe(0);
    expect((await asked).status).toBe(204);
  });
});
