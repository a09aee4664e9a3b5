import { getEnvironment } from '../domain/environment.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Workflow } from '../domain/version.ts';
import { getVersion, getWorkflow, quoted, tagEnvironment, tagVersion, tagWorkflow } from './find-things.ts';
import type { Ports, Reading, RunFigures, RunFilter, RunRecord } from './ports.ts';
import type { UseCases } from './use-cases.ts';
import type { RunFiguresView, RunView } from './views.ts';

const DAY = 24 * 60 * 60_000;
/** What a summary is of unless told otherwise, and at most. */
const USUAL_WINDOW = 7 * DAY;
const LONGEST_WINDOW = 30 * DAY;
/** Runs a page where inputs and outputs are shown: 128 KB each. */
const MOST_WITH_PAYLOADS = 10;

/** Runs, newest first. */
export function makeListRuns({ reading }: Ports): UseCases['listRuns'] {
  return ({ workspaceId, page, payloads = false, ...asked }) =>
    reading(workspaceId, async (tx) => {
      const limit = payloads ? Math.min(page.limit, MOST_WITH_PAYLOADS) : page.limit;
      const { items, cursor } = await tx.runs.list(await filterOf(tx, asked), { ...page, limit, payloads });
      return { items: await named(tx, items, runView), cursor };
    });
}

/** How a workflow's runs went, by version and environment, the one that ran last first. */
export function makeSummarizeRuns({ reading }: Ports): UseCases['summarizeRuns'] {
  return ({ workspaceId, ...asked }) =>
    reading(workspaceId, async (tx) => {
      const since = asked.since ?? new Date(tx.now.getTime() - USUAL_WINDOW);
      if (tx.now.getTime() - since.getTime() > LONGEST_WINDOW)
        throw new Refusal('invalid_input', 'A summary is of 30 days at most. Say a later `since`.');
      const workflow = await getSeen(tx, asked.workflow, asked.within);
      const filter = { ...(await filterOf(tx, asked)), workflowId: workflow.id, since };
      const figures = await named(tx, await tx.runs.figures(filter), figuresView);
      return { workflow: tagWorkflow(workflow), since, figures };
    });
}

interface Asked extends Pick<RunFilter, 'outcome' | 'since' | 'runId'> {
  /** Id of the one environment that whoever asks sees; null: all of them. */
  within: string | null;
  workflow?: string;
  environment?: string;
  version?: string;
}

async function filterOf(tx: Reading, asked: Asked): Promise<RunFilter> {
  const { within, workflow: slug, environment, version, ...rest } = asked;
  const pipeline = (await tx.environments.pipeline()).filter(({ id }) => within === null || id === within);
  const environments = environment === undefined ? pipeline : [getEnvironment(pipeline, environment)];
  if (slug === undefined && version !== undefined)
    throw new Refusal('invalid_input', 'Say of which `workflow` that version is.');
  const workflow = slug === undefined ? null : await getSeen(tx, slug, within);
  return {
    ...rest,
    environmentIds: environments.map(({ id }) => id),
    ...(workflow === null ? {} : { workflowId: workflow.id }),
    ...(workflow === null || version === undefined
      ? {}
      : { versionId: await versionIdOf(tx, workflow, version, within) }),
  };
}

/** Who sees one environment alone is not told what there is elsewhere: what was never live there is not known. */
async function getSeen(tx: Reading, slug: string, within: string | null): Promise<Workflow> {
  const workflow = await getWorkflow(tx, slug);
  if (within === null || (await tx.deployments.list(workflow.id, within, { limit: 1 })).items.length > 0)
    return workflow;
  throw new Refusal('unknown_workflow', `There is no workflow ${quoted(slug)}.`);
}

/** For who sees one environment alone, a version that there is not has no runs, as one that only ran elsewhere. */
async function versionIdOf(tx: Reading, workflow: Workflow, word: string, within: string | null): Promise<string> {
  try {
    return (await getVersion(tx, workflow, word)).id;
  } catch (error) {
    if (within === null || !(error instanceof Refusal)) throw error;
    return '';
  }
}

type Names = Pick<RunView, 'workflow' | 'environment' | 'version'>;

/** Each with what its ids are called. */
async function named<T extends { environmentId: string; versionId: string }, View>(
  tx: Reading,
  items: readonly T[],
  view: (item: T, names: Names) => View,
): Promise<View[]> {
  const versions = await tx.versions.getMany(items.map(({ versionId }) => versionId));
  const workflows = await tx.workflows.getMany([...versions.values()].map(({ workflowId }) => workflowId));
  const environments = await tx.environments.getMany(items.map(({ environmentId }) => environmentId));
  return items.flatMap((item) => {
    const [version, environment] = [versions.get(item.versionId), environments.get(item.environmentId)];
    const workflow = workflows.get(version?.workflowId ?? '');
    if (version === undefined || environment === undefined || workflow === undefined) return [];
    return [
      view(item, {
        workflow: tagWorkflow(workflow),
        version: tagVersion(version),
        environment: tagEnvironment(environment),
      }),
    ];
  });
}

function runView({ environmentId: _e, workflowId: _w, versionId: _v, ...run }: RunRecord, names: Names): RunView {
  return { ...run, ...names };
}

/** Who cancels a run says nothing of whether it would have worked. */
function figuresView(figures: RunFigures, { environment, version }: Names): RunFiguresView {
  const { environmentId: _e, versionId: _v, ...counts } = figures;
  const ended = figures.runs - figures.cancelled;
  return { ...counts, errorRate: ended === 0 ? null : figures.failed / ended, environment, version };
}
