import type { ApiUseCases } from '../../../src/adapters/http/api/api-context.ts';
import type { SuiteRunSummary, SuiteRunView, SuiteView } from '../../../src/use-cases/suite/suite-views.ts';
import { exampleChecks } from './example-checks.ts';

/** The run that is shown. */
export const SUITE_RUN = '00000000-0000-4000-8000-00000000000a';
const NOW = new Date('2026-03-01T10:00:00.000Z');
const workflow = { id: 'w1', slug: 'summarize-flow', department: 'support' };
const version = { id: 'v2', number: 2, label: 'add-urgency-classifier', author: 'U0DEV' };
const environment = { id: 'e2', name: 'staging', badge: '' };
const SUITE = { workflow, number: 3, name: 'tests', cases: 1 };

const suite: SuiteView = {
  ...{ ...SUITE, source: 'cases: []', fileName: 'flow.suite.yaml', savedBy: 'U0DEV', savedAt: NOW },
};
const summary: SuiteRunSummary = {
  ...{ id: SUITE_RUN, kind: 'suite', workflow, version, environment, suite: 3, promotionId: 'p1', askedBy: 'U0DEV' },
  ...{ state: 'completed', budget: 5, askedAt: NOW, startedAt: NOW, endedAt: NOW, detail: 'It ended.' },
  ...{ total: 2, done: 2, passed: 1, failed: 1, notJudged: 0, errored: 0, cost: 0.02 },
};
const asked = { workspaceId: 'T0CANAL', workflow: 'summarize-flow', version: '2' };

async function run(): Promise<SuiteRunView> {
  const [{ results, live }] = (await exampleChecks.listChecks(asked)).environments as [SuiteRunView];
  const { cases } = await exampleChecks.showCheck({ workspaceId: 'T0CANAL', id: 'c1' });
  return { ...summary, results, live, cases };
}

/** Suites and their runs, every field filled in. */
export const exampleSuites: Pick<
  ApiUseCases,
  'saveSuite' | 'showSuite' | 'testVersion' | 'showSuiteRun' | 'listSuiteRuns' | 'stopSuiteRun'
> = {
  saveSuite: async () => ({
    ...{ ...SUITE, created: true },
    masked: { secrets: [{ kind: 'api-key', path: 'cases[0].input', line: 7 }], more: 0 },
  }),
  showSuite: async () => suite,
  testVersion: async () => ({ ...(await run()), already: false }),
  showSuiteRun: run,
  listSuiteRuns: async () => ({ items: [summary], cursor: 'next' }),
  stopSuiteRun: async () => ({ ...(await run()), changed: true }),
};
