import { afterEach, beforeEach, expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { json, type LocalServer, startLocalServer } from '../../support/runners/start-local-server.ts';
import { askMore } from '../../support/use-cases/ask-more.ts';
import type { Canal } from '../../support/use-cases/open-canal.ts';
import { settingsActs } from '../../support/use-cases/settings-acts.ts';
import { type SuiteActs, suiteActs, suiteOf } from '../../support/use-cases/suite-acts.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
let acts: SuiteActs;
let server: LocalServer;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});
const { byFile } = settingsActs(() => canal);

beforeEach(async () => {
  server = await startLocalServer(json({ output: 'It is fine.', cost: 0.01 }));
  acts = suiteActs({ db, canal }, { origins: [server.url] });
});
afterEach(async () => {
  await acts.work.stop();
  await server.stop();
});

const limited = (costPerDay: number) => ({
  runner: { kind: 'http' as const, url: `${server.url}/run`, shadowSafe: true },
  limits: { concurrency: 1, costPerDay },
});
const newest = async () => {
  const { items } = await canal.useCases.listSuiteRuns({
    ...{ workspaceId: canal.workspaceId, workflow: 'summarize-flow', page: { limit: 1 } },
  });
  return canal.useCases.showSuiteRun({ workspaceId: canal.workspaceId, id: items[0]?.id ?? '' });
};
const spent = () => db.sql('SELECT workflow, dollars FROM spending WHERE workspace_id = $1', [canal.workspaceId]);

it('cases of suites count in what a day may cost, and say so where it is spent', async () => {
  await byFile('development', limited(0.02));
  await canal.reach('development', 'one');
  await acts.save(suiteOf(4));
  await canal.useCases.testVersion({ actor: canal.as('U0DEV'), workflow: 'summarize-flow' });
  await acts.workAll();
  expect(await newest()).toMatchObject({ state: 'completed', passed: 2, errored: 2 });
  expect(server.requests).toHaveLength(2);
  expect(await spent()).toEqual([{ workflow: 'summarize-flow', dollars: 0.02 }]);
  const why = expect.stringMatching(/summarize-flow in development.*have cost the \$0\.02 of today/);
  expect((await newest()).cases.filter(({ state }) => state === 'errored')).toMatchObject([
    { message: why },
    { message: why },
  ]);
});

it('both sides of replays count in what a day may cost; what it leaves no money for diverges from nothing', async () => {
  await byFile('staging', limited(0.03));
  await canal.reach('staging', 'one');
  await canal.reach('development', 'two');
  await askMore(db, canal, 'staging', { shadow: { sample: 4, minSimilarity: 0.85, maxDivergence: 0.25 } });
  await acts.save(suiteOf(4));
  await canal.open('staging');
  await acts.workAll();
  expect(server.requests).toHaveLength(3);
  expect(await spent()).toEqual([{ workflow: 'summarize-flow', dollars: 0.03 }]);
  expect(await newest()).toMatchObject({ kind: 'shadow', done: 4, passed: 1, failed: 0 });
});
