import type { Side } from '../domain/rollout.ts';
import { DoesNotFillError } from '../domain/settings/does-not-fill-error.ts';
import { fillLive, getLive, type InForce, type ResolveRequest } from './live-in-force.ts';
import type { AllPorts, LivePart, LiveParts } from './ports.ts';
import type { ResolvedView } from './resolved-view.ts';

/** All that it answers as of one moment, and the id of the workflow that changes name it by. */
export interface ResolvedAnswers {
  workflowId: string;
  active: ResolvedView;
  /** What a share of all keys is given instead (hundredths of a percent). Null: nothing else is handed out. */
  candidate: { view: ResolvedView; share: number } | null;
}
export type ResolveWorkflow = (request: ResolveRequest) => Promise<ResolvedAnswers>;

/**
 * What runs in an environment: the version that is live, and the one that is rolled out beside it, filled with the environment's
 * settings. All parts are of one moment, as they come from one statement; what is read afterwards never changes.
 *
 * @throws Refusal unknown_workflow, nothing_active; DoesNotFillError
 */
export function makeResolveWorkflow(ports: Pick<AllPorts, 'glance' | 'documents'>): ResolveWorkflow {
  return async (asked) => {
    const { workspaceId, environment } = asked;
    const parts = await getLive(ports, asked);
    const { workflow, live, candidate } = parts;
    const resolve = async (part: LivePart, side: Side) => {
      const inForce = await fillLive(ports, { workspaceId, environment, parts, live: part });
      return viewOf(environment.name, workflow.slug, part, inForce, candidate === null ? null : { side });
    };
    return {
      workflowId: workflow.id,
      active: await resolve(live, 'active'),
      candidate: candidate && (await candidateOf(candidate, resolve)),
    };
  };
}

/** Settings that a candidate lacks are refused. Should they be missing all the same, it is handed out to nobody: there is what ran before. */
async function candidateOf(
  candidate: NonNullable<LiveParts['candidate']>,
  resolve: (part: LivePart, side: Side) => Promise<ResolvedView>,
): Promise<ResolvedAnswers['candidate']> {
  try {
    return { view: await resolve(candidate, 'candidate'), share: candidate.share };
  } catch (error) {
    if (error instanceof DoesNotFillError) return null;
    throw error;
  }
}

function viewOf(
  environment: string,
  workflow: string,
  { deployment, version, stored }: LivePart,
  { filled, effective, revision, held }: InForce,
  rollout: ResolvedView['rollout'],
): ResolvedView {
  const { limits = {}, mcpServers = {}, dataSources = {}, runner = null } = effective;
  return {
    workflow,
    environment,
    version: { number: version.number, label: version.label, contentHash: version.contentHash },
    deployment: { id: deployment.id, deployedAt: deployment.deployedAt.toISOString() },
    rollout,
    settingsRevision: revision,
    heldSettings: held,
    format: stored.format,
    definition: filled.document,
    overrides: filled.overrides,
    secrets: filled.secrets,
    ...{ limits, mcpServers, dataSources, runner },
    namespace: `${environment}:${workflow}:`,
    trace: {
      'deployment.environment.name': environment,
      'towpath.workflow.name': workflow,
      'towpath.workflow.version': version.number,
      'towpath.deployment.id': deployment.id,
    },
  };
}
