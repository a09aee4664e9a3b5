import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, TowpathClient } from '../../src/client/towpath-client.ts';
import { waitUntil } from '../support/slack/wait-until.ts';
import { push, workflowSource } from '../support/towpath/acts.ts';
import { startWholeTowpath, type WholeTowpath } from '../support/towpath/start-whole-towpath.ts';

const CHANNEL = 'C0GENERAL';

describe('a script that runs workflows', () => {
  let towpath: WholeTowpath;
  let cacheDirectory: string;
  const clients: TowpathClient[] = [];
  beforeAll(async () => {
    cacheDirectory = await mkdtemp(join(tmpdir(), 'towpath-cache-'));
    towpath = await startWholeTowpath();
  });
  afterAll(async () => {
    for (const client of clients) await client.close();
    await towpath?.stop();
    await rm(cacheDirectory, { recursive: true, force: true });
  });

  /** As a process of its own would, but for what it keeps on disk. */
  function connect(environment: string): TowpathClient {
    // No poll within the test: what arrives, arrives by the stream.
    const client = new TowpathClient({
      url: towpath.url,
      token: towpath.apiToken,
      environment,
      cacheDirectory,
      pollInterval: 3_600_000,
    });
    clients.push(client);
    return client;
  }

  /** Whoever reviews reads it first; a few seconds of patience with Towpath's own start. */
  const resolved = (client: TowpathClient) => waitUntil('an answer', () => client.resolve('triage').catch(() => null));

  test('reads each environment’s own, sees changes arrive, and goes on while Towpath is stopped', async () => {
    await push(towpath, 'triage', workflowSource('triage', 'Be kind.'));
    await towpath.slack.type('U0DEV', CHANNEL, '/deploy triage');
    const development = connect('development');
    const first = await resolved(development);
    expect(first).toMatchObject({ environment: 'development', namespace: 'development:triage:', stale: false });
    expect(promptIn(first)).toBe('Be kind.');
    await expect(connect('staging').resolve('triage')).rejects.toMatchObject({ code: 'not_found' });

    const heard: string[] = [];
    development.subscribe('triage', (answer) => heard.push(promptIn(answer)));
    await waitUntil('the first to be told', () => heard.length === 1);
    await push(towpath, 'triage', workflowSource('triage', 'Be brief.'));
    await towpath.slack.type('U0DEV', CHANNEL, '/deploy triage');
    await waitUntil('the deployment to arrive', () => heard.at(-1) === 'Be brief.');
    await towpath.slack.type('U0DEV', CHANNEL, '/rollback triage development too brief');
    await waitUntil('the rollback to arrive', () => heard.at(-1) === 'Be kind.');
    expect(heard).toEqual(['Be kind.', 'Be brief.', 'Be kind.']);

    await towpath.kill();
    const fromDisk = await connect('development').resolve('triage');
    expect([promptIn(fromDisk), fromDisk.stale]).toEqual(['Be kind.', true]);
    expect(promptIn(await development.resolve('triage'))).toBe('Be kind.');
    await expect(connect('staging').resolve('triage')).rejects.toMatchObject({ code: 'unavailable' });

    await towpath.start();
    await waitUntil('an answer confirmed again', async () => !(await development.resolve('triage')).stale);
    await towpath.slack.type('U0DEV', CHANNEL, '/deploy triage v2');
    await waitUntil('a change after the start to arrive', () => heard.at(-1) === 'Be brief.');
  });
});

function promptIn({ definition }: Answer): string {
  return (definition as unknown as { steps: { systemPrompt: string }[] }).steps[0]?.systemPrompt ?? '';
}
