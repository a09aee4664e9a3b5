import type { Pipeline } from '../domain/environment.ts';
import type { Promotion } from '../domain/promotion.ts';
import { type Version, versionStage, type Workflow } from '../domain/version.ts';
import { getWorkflow, tagEnvironment, tagVersion, tagWorkflow } from './find-things.ts';
import type { ActiveDeployment, Candidate, Page, Ports, Quarantine, Reading } from './ports.ts';
import type { UseCases } from './use-cases.ts';
import type { StatusView } from './views.ts';

/** Workflows a page of the status. */
const PAGE = 20;

/** What is live where, what is open, what is quarantined: of one workflow, or of all, page by page. */
export function makeShowStatus({ reading }: Ports): UseCases['showStatus'] {
  return ({ actor, workflow: slug, cursor }) =>
    reading(actor.workspaceId, async (tx) => {
      const page: Page<Workflow> =
        slug === undefined
          ? await tx.workflows.list({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) })
          : { items: [await getWorkflow(tx, slug)], cursor: null };
      return { items: await describeStatus(tx, page.items), cursor: page.cursor };
    });
}

/** The status of several workflows by a fixed number of queries. A workflow without a version is left out. */
export async function describeStatus(tx: Reading, workflows: readonly Workflow[]): Promise<StatusView[]> {
  const ids = workflows.map((workflow) => workflow.id);
  const pipeline = await tx.environments.pipeline();
  const active = await tx.deployments.listActive(ids);
  const candidates = await tx.deployments.listCandidates(ids);
  const open = await tx.promotions.listOpen(ids);
  const newest = await tx.versions.newestOf(ids);
  const quarantined = await tx.versions.quarantined(ids);
  const versionIds = [...active, ...candidates, ...open, ...quarantined.values()].map((row) => row.versionId);
  const versions = await tx.versions.getMany([...new Set(versionIds)]);
  const everDeployed = await tx.versions.everDeployed([...newest.values()].map((version) => version.id));
  return workflows.flatMap((workflow) => {
    const latest = newest.get(workflow.id);
    return latest === undefined
      ? []
      : [assemble({ workflow, latest, pipeline, active, candidates, open, versions, quarantined, everDeployed })];
  });
}

interface Parts {
  workflow: Workflow;
  latest: Version;
  pipeline: Pipeline;
  active: readonly ActiveDeployment[];
  candidates: readonly Candidate[];
  open: readonly Promotion[];
  versions: ReadonlyMap<string, Version>;
  quarantined: ReadonlyMap<string, Quarantine>;
  everDeployed: ReadonlySet<string>;
}

function assemble({
  workflow,
  latest,
  pipeline,
  active,
  candidates,
  open,
  versions,
  quarantined,
  everDeployed,
}: Parts): StatusView {
  const mine = active.filter((deployment) => deployment.workflowId === workflow.id);
  const liveIn = mine
    .filter((d) => d.versionId === latest.id)
    .map((d) => pipeline.find((e) => e.id === d.environmentId)?.rank ?? 0);
  const stage = versionStage({
    everDeployed: everDeployed.has(latest.id),
    quarantined: quarantined.has(latest.id),
    liveIn,
    lastRank: pipeline.at(-1)?.rank ?? 0,
  });
  return {
    workflow: { ...tagWorkflow(workflow), ownerId: workflow.ownerId },
    newest: { ...tagVersion(latest), stage },
    environments: pipeline.map((environment) => {
      const live = mine.find((deployment) => deployment.environmentId === environment.id);
      const asked = open.find((p) => p.workflowId === workflow.id && p.targetEnvironmentId === environment.id);
      const [liveVersion, askedVersion] = [versions.get(live?.versionId ?? ''), versions.get(asked?.versionId ?? '')];
      return {
        environment: tagEnvironment(environment),
        live:
          live === undefined || liveVersion === undefined
            ? null
            : { version: tagVersion(liveVersion), deployedBy: live.deployedBy, since: live.since },
        candidate: candidateOf(candidates, workflow.id, environment.id, versions),
        open:
          asked === undefined || askedVersion === undefined
            ? null
            : { promotionId: asked.id, version: tagVersion(askedVersion), requestedBy: asked.requestedBy },
      };
    }),
    quarantined: [...quarantined.values()]
      .filter((quarantine) => quarantine.workflowId === workflow.id)
      .flatMap((quarantine) => versions.get(quarantine.versionId) ?? [])
      .map(tagVersion),
  };
}

function candidateOf(
  candidates: readonly Candidate[],
  workflowId: string,
  environmentId: string,
  versions: ReadonlyMap<string, Version>,
): StatusView['environments'][number]['candidate'] {
  const found = candidates.find((one) => one.workflowId === workflowId && one.environmentId === environmentId);
  const version = versions.get(found?.versionId ?? '');
  if (found === undefined || version === undefined) return null;
  return { version: tagVersion(version), share: found.share, since: found.deployedAt };
}
