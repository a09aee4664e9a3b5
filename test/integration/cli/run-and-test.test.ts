import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FlowServer, flowSource, inSlack, startFlowServer } from '../../support/http/start-flow-server.ts';
import {
  type Answer,
  die,
  json,
  type LocalServer,
  startLocalServer,
} from '../../support/runners/start-local-server.ts';
import { type CliHome, type CliMore, openCliHome } from '../../support/towpath/run-cli-at.ts';

let server: FlowServer;
let service: LocalServer;
let home: CliHome;
let folder: string;
let flow: string;
const echo: Answer = (response, request) => {
  const { input } = JSON.parse(request.body);
  json({ output: typeof input === 'string' ? input.toUpperCase() : { said: input }, cost: 0.01 })(response, request);
};
let answer = echo;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towpath-run-'));
  service = await startLocalServer((response, request) => answer(response, request));
  server = await startFlowServer([service.url]);
  home = await openCliHome(server.url);
  const pipeline = await server.database.ports.glance('T0CANAL', (tx) => tx.environments.pipeline());
  const given = { workflowId: null, changedBy: 'U0ADA', via: 'file', reason: null } as const;
  const settings = { runner: { kind: 'http' as const, url: service.url, shadowSafe: false } };
  await server.database.ports.inTransaction('T0CANAL', async (tx) => {
    for (const { id, name } of pipeline)
      if (name !== 'production') await tx.settings.save({ environmentId: id, settings, ...given });
  });
});
afterAll(async () => {
  await server?.stop();
  await service?.stop();
  await home?.end();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  answer = echo;
  flow = await server.nextFlow();
});

const file = async (name: string, text: string) => {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
};
const as = async (userId: string, args: string[], more: CliMore = {}) =>
  home.run(args, { ...more, env: { TOWPATH_API_TOKEN: await server.logIn(userId) } });

describe('towpath run', () => {
  it('prints what comes out and nothing else, a text as it is', async () => {
    const input = await file('input.json', '"hello\\nthere"');
    const { code, out, err } = await as('U0DEV', ['run', flow, '--env', 'stg', '--input', input]);
    expect([code, out]).toEqual([0, 'HELLO\nTHERE\n']);
    expect(err).toMatch(/^v2 in staging: .*, \$0\.0100, run [0-9a-f-]{36}$/m);
  });

  it('takes its input from standard input, and prints all with --json', async () => {
    const args = ['run', flow, '--env', 'dev', '--input', '-', '--json', '--key', 'customer-7'];
    const { code, out, err } = await as('U0DEV', args, { stdin: '{"ticket":1}' });
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toMatchObject({ output: { said: { ticket: 1 } }, version: { number: 3 }, recorded: true });
  });

  it('ends with 1 where the run came to nothing, and with 2 for what is no JSON', async () => {
    answer = die;
    const input = await file('input.json', '{}');
    const { code, out, err } = await as('U0DEV', ['run', flow, '--env', 'stg', '--input', input]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/It is the run /);
    const odd = await as('U0DEV', ['run', flow, '--env', 'stg', '--input', '-'], { stdin: 'hello' });
    expect([odd.code, odd.err]).toEqual([2, expect.stringContaining('is no JSON')]);
    const none = await as('U0DEV', ['run', flow, '--env', 'stg', '--input', '-']);
    expect([none.code, none.err]).toEqual([2, expect.stringContaining('no standard input')]);
  });
});

const SUITE = `cases:
  - { name: loud, input: hello, assert: [{ type: contains, value: HELLO }] }
  - { name: quiet, input: hello, assert: [{ type: exact, value: hello }] }
`;
const GOOD = SUITE.replace('exact, value: hello', 'exact, value: HELLO');

describe('towpath test', () => {
  it('runs the suite beside a file, shows what did not pass first, and ends with 1 unless all passed', async () => {
    const path = await file('summarise.yaml', flowSource('never-pushed', 'claude-haiku'));
    await file('summarise.suite.yaml', SUITE);
    const bad = await as('U0DEV', ['test', path]);
    expect(bad.code).toBe(1);
    expect(bad.out).toMatch(
      /^failed +quiet .*\npassed +loud .*\n.*1 of 2 passed \(50%\), 1 failed, p95 .*, \$0\.0100 a run\n$/,
    );
    const better = await file('other.suite.yaml', GOOD);
    const good = await as('U0DEV', ['test', path, '--suite', better, '--json']);
    expect([good.code, JSON.parse(good.out).outcome.passed]).toEqual([0, 2]);
  });

  it('tells what is wrong with the suite, by its lines', async () => {
    const path = await file('lonely.yaml', flowSource('never-pushed', 'claude-haiku'));
    const without = await as('U0DEV', ['test', path]);
    expect([without.code, without.err]).toEqual([1, expect.stringContaining('--suite FILE')]);
    const odd = await file('odd.yaml', 'cases:\n  - { name: a, assert: [] }\n');
    expect((await as('U0DEV', ['test', path, '--suite', odd])).err).toMatch(/odd\.yaml/);
  });
});

describe('towpath suite', () => {
  it('saves a suite and prints it as it was saved, and tells of one beside what is pushed', async () => {
    const path = await file('kept.yaml', flowSource(flow, 'claude-opus'));
    const suite = await file('kept.suite.yaml', GOOD);
    const pushed = await as('U0DEV', ['push', path, '--workflow', flow]);
    expect([pushed.code, pushed.err]).toEqual([
      0,
      expect.stringMatching(`towpath suite set ${flow} .*kept.suite.yaml`),
    ]);
    const saved = await as('U0DEV', ['suite', 'set', flow, suite]);
    expect([saved.code, saved.out]).toEqual([0, `Saved as suite 1 of ${flow}: 2 cases.\n`]);
    expect((await as('U0DEV', ['suite', 'set', flow, suite])).out).toContain('nothing new');
    expect((await as('U0DEV', ['suite', 'show', flow])).out).toBe(GOOD);
  });

  it('has a version tested, and tells how far it is until it has ended', async () => {
    await server.useCases.saveSuite({ actor: inSlack('U0DEV'), workflow: flow, source: GOOD });
    let looks = 0;
    const { code, out, err } = await as('U0DEV', ['suite', 'run', flow, '--env', 'dev'], {
      paused: async () => {
        looks += 1;
        // Nothing works on the queue here; somebody stops it.
        const [run] = (
          await server.useCases.listSuiteRuns({ workspaceId: 'T0CANAL', workflow: flow, page: { limit: 1 } })
        ).items;
        if (looks === 2) await server.useCases.stopSuiteRun({ actor: inSlack('U0DEV'), id: run?.id as string });
      },
    });
    expect([code, looks]).toEqual([1, 2]);
    expect(err).toBe('v3 in development: waits for its turn\n');
    expect(out).toMatch(/v3 of flow-\d+ in development: 0 of 2 passed/);
  });
});
