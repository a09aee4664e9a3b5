import { type Environment, getEnvironment } from '../../domain/environment.ts';
import { Refusal } from '../../domain/refusal.ts';
import { isUnderWay } from '../../domain/suite/suite-run.ts';
import type { Version, Workflow } from '../../domain/version.ts';
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
      const versions = await tx.versions.getMany([...new Set(items.map(({ versionId }) => versionId))]);
      const environments = await tx.environments.getMany([...new Set(items.map((one) => one.environmentId))]);
      const summaries = items.flatMap((run): SuiteRunSummary[] => {
        const [version, found] = [versions.get(run.versionId), environments.get(run.environmentId)];
        return version === undefined || found === undefined ? [] : [summaryOf(run, workflow, version, found)];
      });
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

function summaryOf(
  run: SuiteRunRecord,
  workflow: Workflow,
  version: Version,
  environment: Environment,
): SuiteRunSummary {
  const { workflowId: _workflow, versionId: _version, environmentId: _environment, ...rest } = run;
  const { liveVersionId: _live, checkIds: _checks, via: _via, ...told } = rest;
  return {
    ...told,
    workflow: tagWorkflow(workflow),
    version: tagVersion(version),
    environment: tagEnvironment(environment),
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
  const workflow = await tx.workflows.getById(run.workflowId);
  const version = await tx.versions.getById(run.versionId);
  const environment = await tx.environments.get(run.environmentId);
  return { ...summaryOf(run, workflow, version, environment), results, live: await liveBeside(tx, run), cases };
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
