import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/adapters/cli/run-cli.ts';
import { exampleDataPlane } from '../../support/http/example-data-plane.ts';
import { exampleUseCases } from '../../support/http/example-views.ts';
import { startTestServer, type TestServer, TOKEN } from '../../support/http/start-test-server.ts';

let server: TestServer;
let isStale = false;
beforeAll(async () => {
  const { answers, stream } = exampleDataPlane;
  const get: typeof answers.get = async (...asked) => ({ ...(await answers.get(...asked)), isStale });
  server = await startTestServer({ useCases: exampleUseCases, dataPlane: { answers: { ...answers, get }, stream } });
});
afterAll(() => server.stop());

async function run(...args: string[]) {
  let [out, err] = ['', ''];
  const code = await runCli({
    arguments: args,
    env: { TOWPATH_API_TOKEN: TOKEN, TOWPATH_SERVER: server.url },
    print: (text) => {
      out += text;
    },
    complain: (text) => {
      err += text;
    },
    pause: async () => {},
    now: () => 0,
  });
  return err === '' ? [code, out] : [code, out, err];
}

describe('what is looked up', () => {
  it('is shown in a few lines: status', async () => {
    const lines = `summarize-flow (support, @U0DEV), newest v2 (add-urgency-classifier): testing
  development  v2 (add-urgency-classifier)  since 2026-03-01 10:00Z by @U0DEV
  staging      nothing                                                         v2 (add-urgency-classifier) under review, asked for by @U0DEV
  barred from promotion: v1
`;
    expect(await run('status', 'summarize-flow')).toEqual([0, lines]);
    expect(await run('status')).toEqual([0, `${lines}There is more: add --cursor next-page\n`]);
  });

  it.each(['staging', undefined])('is shown in a few lines: history in %s', async (environment) => {
    const where = environment === undefined ? [] : [environment];
    expect(await run('history', 'summarize-flow', ...where)).toEqual([
      0,
      `2026-03-01 10:00Z  staging  v2 (add-urgency-classifier)  a canary, aborted at 0.5%, by @U0LEE, approved by @U0LEE
    Model of ‘Summarise’ changed
`,
    ]);
  });

  it('is shown in a few lines: audit', async () => {
    const [code, out] = await run('audit', '--environment', 'staging');
    expect([code, out]).toEqual([
      0,
      `2026-03-01 10:00Z  @U0LEE (api, login-laptop-1)  promotion.approved  promotion:0190a0b0-0000-7000-8000-000000000001
There is more: add --cursor 12
`,
    ]);
  });

  it('is shown in a few lines: env', async () => {
    expect(await run('env', 'staging')).toEqual([
      0,
      `Settings of staging, number 3
For every workflow (number 3, by @U0ADA 2026-03-01 10:00Z):
  Variable MODEL  ‘claude-opus’  (by the file)
Only for summarize-flow (number 2, by @U0ADA 2026-03-01 10:00Z):
  Variable MODEL  ‘claude-opus’  (by the file)
`,
    ]);
    expect(await run('env', 'diff', 'development', 'staging')).toEqual([
      0,
      `                development  staging
Variable MODEL  not given    ‘claude-opus’
`,
    ]);
  });

  it('is shown in a few lines: resolve, with what holds settings back', async () => {
    const lines = `v2 of summarize-flow, a canary in staging since 2026-01-01 00:00Z
settings: revision 3
  held back, since revision 4 does not fill it:
  MODEL has no value.
secrets: API_KEY
limits:
  timeout: 30000
mcpServers:
  slack:
    url: https://mcp.example.com
    transport: http
dataSources:
  tickets:
    table: tickets
overrides:
  model: claude-sonnet
  steps:
    answer:
      provider: anthropic

definition:
  name: summarize-flow
`;
    expect(await run('resolve', 'summarize-flow', 'staging')).toEqual([0, lines]);
    isStale = true;
    const stale = await run('resolve', 'summarize-flow', 'staging');
    isStale = false;
    expect(stale).toEqual([0, lines, expect.stringContaining('this is what it knew last')]);
  });

  it('is shown in a few lines: runs', async () => {
    const [code, out] = await run('runs', 'summarize-flow', 'staging');
    expect([code, out]).toEqual([0, expect.stringContaining('There is more: add --cursor')]);
    expect(out).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\dZ {2}summarize-flow {2}/);
    expect((await run('runs', 'summarize-flow', '--summary'))[1]).toMatch(
      / {2}environment +version +runs +errors +p50/,
    );
  });

  it.each([
    [['status'], '/workflows'],
    [['status', 'summarize-flow'], '/workflows/summarize-flow'],
    [['history', 'summarize-flow'], '/workflows/summarize-flow/deployments?limit=20'],
    [['audit'], '/audit?limit=20'],
    [['env', 'staging'], '/environments/staging/settings'],
    [
      ['resolve', 'summarize-flow', 'staging', '--key', 'a b'],
      '/workflows/summarize-flow/environments/staging/resolved?key=a+b',
    ],
    [['runs', 'summarize-flow'], '/runs?workflow=summarize-flow&limit=20'],
    [['runs', 'summarize-flow', '--summary'], '/runs/summary?workflow=summarize-flow'],
  ])('is the server’s own document with --json: %j', async (args, path) => {
    const [code, out] = await run(...args, '--json');
    expect([code, JSON.parse(String(out))]).toEqual([0, (await server.call('GET', `/api/v1${path}`)).json]);
    expect(String(out).trimEnd().split('\n')).toHaveLength(1);
  });
});
