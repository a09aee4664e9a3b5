import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TowpathClient } from '../../src/client/towpath-client.ts';
import { waitUntil } from '../support/slack/wait-until.ts';
import { push } from '../support/towpath/acts.ts';
import { startWholeTowpath, type WholeTowpath } from '../support/towpath/start-whole-towpath.ts';

const FLOW = 'summarize-flow';
const FILE = `environments:
  - { name: staging, settings: { variables: { MODEL: small } } }
  - { name: production, approvals: [], settings: { variables: { MODEL: large } } }
`;
const flow = (model: string) => `apiVersion: towpath/v1
name: ${FLOW}
steps:
  - { id: summarize, type: llm, label: Summarise, provider: anthropic, model: "${model}", task: Summarise it }
`;
const hasPython = spawnSync('python3', ['--version']).status === 0;

describe('whoever follows the README', () => {
  let towpath: WholeTowpath;
  let folder: string;
  const scripts: ChildProcess[] = [];
  const clients: TowpathClient[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'towpath-newcomer-'));
    await writeFile(join(folder, 'towpath.yaml'), FILE);
    towpath = await startWholeTowpath({ env: { TOWPATH_CONFIG: join(folder, 'towpath.yaml') } });
    await push(towpath, FLOW, flow('${MODEL}'));
    await act(`/workflows/${FLOW}/deployments`);
    await act('/promotions', { workflow: FLOW, environment: 'production' });
  });
  afterAll(async () => {
    for (const script of scripts.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
      const ended = once(script, 'exit');
      script.kill();
      await ended;
    }
    for (const client of clients) await client.close();
    await towpath?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function act(path: string, body: object = {}): Promise<void> {
    const answer = await fetch(`${towpath.url}/api/v1${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${towpath.apiToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ onBehalfOf: 'U0DEV', ...body }),
    });
    if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`);
  }

  /** Models that the README's script prints for an environment, one with each change. */
  async function byPython(environment: string): Promise<string[]> {
    const readme = await readFile(resolve(import.meta.dirname, '../../README.md'), 'utf8');
    const [, code = ''] = /```python\n(.*?)```/s.exec(readme) ?? [];
    expect(code).toContain('"staging"');
    const path = join(folder, `${environment}.py`);
    await writeFile(path, code.replaceAll('staging', environment));
    const script = spawn('python3', [path], {
      env: { PATH: process.env['PATH'] ?? '', TOWPATH_URL: towpath.url, TOWPATH_TOKEN: towpath.apiToken },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    scripts.push(script);
    const printed: string[] = [];
    script.stdout.on('data', (chunk: Buffer) => printed.push(...chunk.toString().trim().split('\n')));
    return printed;
  }

  /** What a script in TypeScript is told. */
  function byClient(environment: string): string[] {
    const client = new TowpathClient({ url: towpath.url, token: towpath.apiToken, environment });
    clients.push(client);
    const told: string[] = [];
    client.subscribe(FLOW, ({ definition }) => {
      told.push((definition as unknown as { steps: { model: string }[] }).steps[0]?.model ?? '');
    });
    return told;
  }

  const seesChanges = async (staging: string[], production: string[]) => {
    await waitUntil('both to be read', () => staging.length > 0 && production.length > 0);
    expect([staging.at(-1), production.at(-1)]).toEqual(['small', 'large']);
    await act(`/workflows/${FLOW}/deployments`, { version: '2' });
    await waitUntil('the deployment to arrive', () => staging.at(-1) === 'small-two');
    await act(`/workflows/${FLOW}/environments/staging/rollback`);
    await waitUntil('the rollback to arrive', () => staging.at(-1) === 'small');
    expect(new Set(production)).toEqual(new Set(['large']));
  };

  test.skipIf(!hasPython)(
    'reads both environments by its Python, other models, and sees a rollback arrive',
    async () => {
      await push(towpath, FLOW, flow('${MODEL}-two'));
      await seesChanges(await byPython('staging'), await byPython('production'));
    },
  );

  test('reads both environments by the client, other models, and sees a rollback arrive', async () => {
    await push(towpath, FLOW, flow('${MODEL}-two'));
    await seesChanges(byClient('staging'), byClient('production'));
  });
});
