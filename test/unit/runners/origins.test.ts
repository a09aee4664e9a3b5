import { afterEach, describe, expect, it } from 'vitest';
import { makeRunner, type RunnerOptions } from '../../../src/adapters/runners/make-runner.ts';
import { parseTowpathYaml } from '../../../src/domain/configuration/parse-towpath-yaml.ts';
import type { Lookup } from '../../../src/outbound/guarded-agent.ts';
import { failureOf, runRequest, SECRET } from '../../support/runners/run-request.ts';
import { json, type LocalServer, startLocalServer } from '../../support/runners/start-local-server.ts';

let server: LocalServer | undefined;
afterEach(() => server?.stop());

const run = (url: string, options: RunnerOptions) =>
  makeRunner(options).run(runRequest({ runner: { kind: 'http', url, secret: 'RUNNER_TOKEN' } }));
const yaml = (runners: string) => parseTowpathYaml(`runners: ${runners}\n`, { fileName: 'towpath.yaml' }).runners;

describe('the origins that the operator names', () => {
  it('are the only ones that are called, besides private ones', async () => {
    server = await startLocalServer(json({ output: 'x' }));
    const elsewhere = await failureOf(run('https://elsewhere.example/run', { origins: ['https://runner.example'] }));
    expect(elsewhere).toMatchObject({ kind: 'refused', userMessage: expect.stringContaining('runners.origins') });
    const none = await failureOf(run('https://runner.example/run', { origins: [] }));
    expect(none.userMessage).toContain('runners.origins');
    const known = { origins: ['https://runner.example/a/path'], privateOrigins: [server.url] };
    expect(await run(`${server.url}/run`, known)).toMatchObject({ output: 'x' });
    // It is let through to where names are looked up, and leads nowhere that may be called.
    const lookup: Lookup = (_name, _options, done) => done(null, [{ address: '10.0.0.1', family: 4 }]);
    const asked = await failureOf(run('https://runner.example/run', { ...known, lookup }));
    expect(asked.kind).toBe('refused');
    expect(asked.userMessage).not.toContain('runners.origins');
  });

  it('are the only ones that are sent a secret that a workflow’s leads decide about', async () => {
    server = await startLocalServer(json({ output: 'x' }));
    const url = `${server.url}/run`;
    const read: string[] = [];
    const secrets = {
      isGivenByLeads: (name: string) => name === 'RUNNER_TOKEN',
      read: async (name: string) => {
        read.push(name);
        return SECRET;
      },
    };
    const elsewhere = 'https://runner.example/run';
    const ask = (runner: object, options: RunnerOptions) => makeRunner(options).run(runRequest({ runner, secrets }));
    const endpoint = { protocol: 'openai', url: elsewhere, secret: 'RUNNER_TOKEN' };
    for (const runner of [
      { kind: 'http', url: elsewhere, secret: 'RUNNER_TOKEN' },
      { kind: 'n8n', url: elsewhere, secret: 'RUNNER_TOKEN' },
      { kind: 'dify', url: elsewhere, secret: 'RUNNER_TOKEN' },
      { kind: 'ai', providers: { one: endpoint } },
    ])
      expect(await failureOf(ask(runner, {}))).toMatchObject({
        kind: 'refused',
        userMessage: expect.stringContaining('RUNNER_TOKEN is not sent to runner.example'),
      });
    expect(read).toEqual([]);
    expect(await ask({ kind: 'http', url, secret: 'RUNNER_TOKEN' }, { privateOrigins: [server.url] })).toMatchObject({
      output: 'x',
    });
    const lookup: Lookup = (_name, _options, done) => done(null, [{ address: '10.0.0.1', family: 4 }]);
    await failureOf(
      ask({ kind: 'http', url: elsewhere, secret: 'RUNNER_TOKEN' }, { origins: ['https://runner.example'], lookup }),
    );
    await failureOf(ask({ kind: 'http', url: elsewhere, secret: 'OTHER' }, { lookup }));
    expect(read).toEqual(['RUNNER_TOKEN', 'RUNNER_TOKEN', 'OTHER']);
  });

  it('stand in towpath.yaml, and are all public ones where they do not', () => {
    expect(yaml('{ origins: ["https://runner.example"] }')?.origins).toEqual(['https://runner.example']);
    expect(yaml('{}')?.origins).toBeUndefined();
    for (const bad of ['http://runner.example', 'runner.example'])
      expect(() => yaml(`{ origins: ["${bad}"] }`)).toThrow('https origin');
  });
});
