import { getEnvironment } from '../../domain/environment.ts';
import { Refusal } from '../../domain/refusal.ts';
import { isUnderWay } from '../../domain/suite/suite-run.ts';
import { readCases } from '../checks/read-cases.ts';
import { getWorkflow, tagEnvironment, tagVersion, tagWorkflow } from '../find-things.ts';
import type { KeptCheck, Ports, Reading, SuiteRunRecord } from '../ports.ts';
import type { SuiteUseCases } from './suite-use-cases.ts';
import type { SuiteRunSummary, SuiteRunView } from './suite-views.ts';

export function makeShowSuiteRun({ reading }: Ports): SuiteUseCases['showSuiteRun'] {
  return ({ workspaceId, id }) => reading(workspaceId, async (tx) => viewRun(tx, await getRun(tx, id)));
}

export function makeListSuiteRuns({ reading }: Ports): SuiteUseCases['listSuiteRuns'] {
  return ({ workspaceId, workflow: word, environment, page }) =>
    reading(workspaceId, async (tx) => {
      const workflow = await getWorkflow(tx, word);
      const within = environment === undefined ? null : getEnvironment(await tx.environments.pipeline(), environment);
      const filter = { workflowId: workflow.id, ...(within !== null && { environmentId: within.id }) };
      const { items, cursor } = await tx.suites.listRuns(filter, page);
      const summaries: SuiteRunSummary[] = [];
      for (const run of items) summaries.push(await summarizeRun(tx, run));
      return { items: summaries, cursor };
    });
}

/** @throws Refusal unknown_suite_run */
export async function getRun(tx: Reading, id: string): Promise<SuiteRunRecord> {
  const run = await tx.suites.findRun(id);
  if (run !== null) return run;
  throw new Refusal(
    'unknown_suite_run',
    'That run is not known here, or not kept any more. `/towpath test` runs the suite again.',
  );
}

async function summarizeRun(tx: Reading, run: SuiteRunRecord): Promise<SuiteRunSummary> {
  const { workflowId, versionId, environmentId, liveVersionId: _live, checkIds: _checks, via: _via, ...told } = run;
  return {
    ...told,
    workflow: tagWorkflow(await tx.workflows.getById(workflowId)),
    version: tagVersion(await tx.versions.getById(versionId)),
    environment: tagEnvironment(await tx.environments.get(environmentId)),
  };
}

/** A run, what it found out, and what is known of the live version beside. */
export async function viewRun(tx: Reading, run: SuiteRunRecord): Promise<SuiteRunView> {
  const results: KeptCheck[] = [];
  for (const id of run.checkIds) {
    const check = await tx.evidence.findCheck(id);
    if (check !== null) results.push(check);
  }
  const [first] = run.checkIds;
  const cases = isUnderWay(run.state) || first === undefined ? [] : readCases(await tx.evidence.cases(first));
  return { ...(await summarizeRun(tx, run)), results, live: await liveBeside(tx, run), cases };
}

async function liveBeside(
  tx: Reading,
  { workflowId, versionId, environmentId }: SuiteRunRecord,
): Promise<SuiteRunView['live']> {
  const live = await tx.deployments.findActive(workflowId, environmentId);
  if (live === null || live.versionId === versionId) return null;
  const version = tagVersion(await tx.versions.getById(live.versionId));
  return { version, results: await tx.evidence.checks([live.versionId], environmentId) };
}
