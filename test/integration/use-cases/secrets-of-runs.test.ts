import { afterEach, beforeEach, expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { json, type LocalServer, startLocalServer } from '../../support/runners/start-local-server.ts';
import type { Canal } from '../../support/use-cases/open-canal.ts';
import { settingsActs } from '../../support/use-cases/settings-acts.ts';
import { type SuiteActs, suiteActs, suiteOf } from '../../support/use-cases/suite-acts.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

const FLOW = 'summarize-flow';
let db: TestPersistence;
let canal: Canal;
let acts: SuiteActs;
let server: LocalServer;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});
const { byFile, propose } = settingsActs(() => canal);

beforeEach(async () => {
  server = await startLocalServer(json({ output: 'fine' }));
  acts = suiteActs({ db, canal }, { origins: [server.url] });
  await canal.push('one');
  await acts.save(suiteOf(1));
});
afterEach(async () => {
  await acts.work.stop();
  await server.stop();
});

const run = async () => {
  const { id } = await canal.useCases.testVersion({ actor: canal.as('U0LEE'), workflow: FLOW });
  await acts.workAll();
  return canal.useCases.showSuiteRun({ workspaceId: canal.workspaceId, id });
};
const secrets = { KEY: { env: 'PRODUCTION_OPENAI_KEY' } };
const elsewhere = { kind: 'http' as const, url: 'https://elsewhere.example/run', secret: 'KEY', shadowSafe: false };

it('a lead alone has no secret sent to an address of their own', async () => {
  await propose('development', { runner: elsewhere, secrets }, { by: 'U0LEE', workflow: FLOW });
  expect((await run()).cases).toMatchObject([
    { state: 'errored', message: expect.stringContaining('KEY is not sent to elsewhere.example') },
  ]);
});

it('a lead sends nothing else to the runner of the environment, unless the operator names its address', async () => {
  await byFile('development', { runner: elsewhere, secrets: { KEY: { env: 'STAGING_OPENAI_KEY' } } });
  await propose('development', { secrets }, { by: 'U0LEE', workflow: FLOW });
  expect((await run()).cases).toMatchObject([{ message: expect.stringContaining('runners.origins') }]);
  await byFile('development', { runner: { ...elsewhere, url: server.url }, secrets });
  expect(await run()).toMatchObject({ state: 'completed', passed: 1 });
  expect(server.requests[0]?.headers['authorization']).toBe('Bearer a key of production');
});

it('each reading of a secret is in the audit trail by its name, once a run and in the name of whoever asked for it', async () => {
  await acts.save(suiteOf(2));
  await byFile('development', { runner: { ...elsewhere, url: server.url }, secrets });
  expect(await run()).toMatchObject({ state: 'completed', passed: 2 });
  const { items } = await canal.useCases.listAudit({
    ...{ workspaceId: canal.workspaceId, action: 'secret.read', limit: 50 },
  });
  const source = { env: 'PRODUCTION_OPENAI_KEY' };
  expect(items.map(({ actor, via, subject, after }) => [actor, via, subject, after])).toEqual(
    Array(2).fill(['U0LEE', 'slack', 'secret:KEY', { source, runId: expect.any(String) }]),
  );
  expect(JSON.stringify(items)).not.toContain('a key of production');
});

it('one that is refused is not read, and nothing is in the audit trail', async () => {
  await propose('development', { runner: elsewhere, secrets }, { by: 'U0LEE', workflow: FLOW });
  expect((await run()).cases).toMatchObject([{ state: 'errored' }]);
  const { items } = await canal.useCases.listAudit({
    ...{ workspaceId: canal.workspaceId, action: 'secret.read', limit: 50 },
  });
  expect(items).toEqual([]);
});
