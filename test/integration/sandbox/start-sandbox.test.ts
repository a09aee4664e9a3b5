import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sandboxFile } from '../../../src/adapters/sandbox/sandbox-file.ts';
import { SANDBOX_CONFIGURATION, SANDBOX_TEAM } from '../../../src/adapters/sandbox/sandbox-workspace.ts';
import { type Sandbox, startSandbox } from '../../../src/adapters/sandbox/start-sandbox.ts';
import { untilSilent } from '../../../src/adapters/sandbox/until-silent.ts';
import { parseTowpathYaml } from '../../../src/domain/configuration/parse-towpath-yaml.ts';
import { makeApplyConfiguration } from '../../../src/use-cases/apply-configuration.ts';
import { makeUseCases } from '../../../src/use-cases/make-use-cases.ts';
import type { UseCases } from '../../../src/use-cases/use-cases.ts';
import { openTestPersistence, type TestPersistence } from '../../support/database/open-test-persistence.ts';
import { withTestDocuments } from '../../support/documents/with-test-documents.ts';
import { testSecrets } from '../../support/secrets/test-secrets.ts';

const channel = 'C0GENERAL';

let folder: string;
let stateFile: string;
let persistence: TestPersistence;
let useCases: UseCases;
const running: Sandbox[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towpath-test-sandbox-'));
  stateFile = sandboxFile(folder, null);
  persistence = await openTestPersistence();
  useCases = makeUseCases(withTestDocuments(persistence.ports), testSecrets);
});
afterEach(async () => {
  for (const sandbox of running.splice(0)) await sandbox.stop();
  await persistence.end();
  await rm(folder, { recursive: true });
});

/** The sandbox as a start of Towpath meets it, up to the point where the bot listens. */
async function start(yaml = SANDBOX_CONFIGURATION): Promise<{ sandbox: Sandbox; client: WebClient }> {
  const sandbox = await startSandbox({
    eventsUrl: () => 'http://127.0.0.1:9/slack/events',
    useCases,
    stateFile,
    port: 0,
  });
  running.push(sandbox);
  await makeApplyConfiguration(persistence.ports)({
    workspace: { id: SANDBOX_TEAM.id, name: SANDBOX_TEAM.name, botUserId: 'U0TOWPATH' },
    configuration: parseTowpathYaml(yaml, { fileName: 'sandbox' }),
    admins: [],
  });
  const client = new WebClient(sandbox.botToken, {
    slackApiUrl: sandbox.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  });
  return { sandbox, client };
}

/** How many of twenty posts at once the workspace takes. */
async function postTwenty(client: WebClient): Promise<number> {
  const posts = Array.from({ length: 20 }, () => client.chat.postMessage({ channel, text: 'x' }));
  return (await Promise.allSettled(posts)).filter(({ status }) => status === 'fulfilled').length;
}

test('the samples’ cards are posted before Slack’s limits hold; a later start has them from the first call', async () => {
  const first = await start();
  expect(await postTwenty(first.client)).toBe(20);
  await first.sandbox.seed();
  expect(await postTwenty(first.client)).toBeLessThan(20);
  await first.sandbox.stop();
  const second = await start();
  expect(await postTwenty(second.client)).toBeLessThan(20);
  const { items } = await useCases.showStatus({
    actor: { workspaceId: SANDBOX_TEAM.id, userId: 'U0DANA', via: 'slack' },
  });
  await second.sandbox.seed();
  expect(items.map(({ workflow }) => workflow.slug).toSorted()).toEqual([
    'meeting-notes',
    'refund-agent',
    'summarize-flow',
  ]);
});

test('messages are kept for the database they belong to, and thrown away when it is a new one', async () => {
  const first = await start();
  await first.sandbox.seed();
  await first.client.chat.postMessage({ channel, text: 'about these workflows' });
  await first.sandbox.stop();
  const second = await start();
  const { messages } = await second.client.conversations.history({ channel });
  expect(messages?.map(({ text }) => text)).toEqual(['about these workflows']);
  await second.sandbox.stop();
  const kept = await readFile(stateFile, 'utf8');

  await persistence.end();
  persistence = await openTestPersistence();
  useCases = makeUseCases(withTestDocuments(persistence.ports), testSecrets);
  await writeFile(stateFile, kept);
  const third = await start();
  expect((await third.client.conversations.history({ channel })).messages).toEqual([]);
  await expect(readFile(stateFile)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('what development receives is told in a channel, not to one person', async () => {
  const { sandbox } = await start();
  await sandbox.seed();
  const targets = await persistence.sql<{ target: string }>(
    "SELECT DISTINCT target FROM announcement WHERE kind = 'deployment-receipt'",
  );
  expect(targets).toEqual([{ target: channel }]);
});

test('each database has a state file of its own, whoever logs in to it', () => {
  expect(sandboxFile('data', null)).toBe(join('data', 'sandbox.json'));
  const names = [
    'postgresql://a:b@db:5432/one',
    'postgres://c:d@db:5432/one?ssl=1',
    'postgresql://a:b@db:5432/two',
  ].map((url) => sandboxFile('data', url));
  expect(names[0]).toBe(names[1]);
  expect(new Set([...names, sandboxFile('data', null)]).size).toBe(3);
});

test('silence is waited for while calls go on, but not for ever', async () => {
  const calls: { method: string; at: number; args: Record<string, unknown>; answer: string }[] = [];
  let told = 0;
  const telling = setInterval(() => {
    told += 1;
    calls.push({ method: 'chat.postMessage', at: Date.now(), args: {}, answer: 'ok' });
    if (told === 5) clearInterval(telling);
  }, 5);
  await untilSilent({ calls }, { silenceMs: 1_000, patienceMs: 60_000 });
  expect(told).toBe(5);
  const endless = setInterval(() => calls.push({ method: 'x', at: Date.now(), args: {}, answer: 'ok' }), 5);
  await untilSilent({ calls }, { silenceMs: 60_000, patienceMs: 100 });
  clearInterval(endless);
});

test('with other environments and people of one’s own it starts all the same, with what there is room for', async () => {
  const { sandbox } = await start(
    'environments: [{ name: trial }, { name: live }]\npeople: { U0ADA: admin, U0LEE: lead }\n',
  );
  await sandbox.seed();
  const actor = { workspaceId: SANDBOX_TEAM.id, userId: 'U0DANA', via: 'slack' } as const;
  const { items } = await useCases.showStatus({ actor });
  expect(items.map(({ workflow }) => workflow.slug).sort()).toEqual([
    'meeting-notes',
    'refund-agent',
    'summarize-flow',
  ]);
});

test('with a file without departments its people still have their roles, and take the samples as far as its rules let them', async () => {
  const { sandbox } = await start(`
environments:
  - { name: development }
  - { name: staging, approvals: [{ role: lead }] }
  - { name: production, approvals: [{ role: lead, count: 2 }], requires: { soak: { for: 1h } } }
`);
  await sandbox.seed();
  const { items } = await useCases.showStatus({
    actor: { workspaceId: SANDBOX_TEAM.id, userId: 'U0DANA', via: 'slack' },
  });
  const flow = items.find(({ workflow }) => workflow.slug === 'summarize-flow');
  const live = flow?.environments.map(({ environment, live: now }) => [environment.name, now?.version.number ?? null]);
  expect(live).toEqual([
    ['development', 4],
    ['staging', 3],
    ['production', null],
  ]);
});
