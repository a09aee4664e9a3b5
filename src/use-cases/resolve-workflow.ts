import { Refusal } from '../domain/refusal.ts';
import type { Side } from '../domain/rollout.ts';
import { DoesNotFillError } from '../domain/settings/does-not-fill-error.ts';
import { describeFillProblems, type FillProblem } from '../domain/settings/fill-problem.ts';
import { effectiveSettings } from '../domain/settings/merge-settings.ts';
import type { Resolved } from '../domain/settings/resolve-definition.ts';
import type { Settings } from '../domain/settings/settings.ts';
import { versionName } from '../domain/version.ts';
import { isSlug } from '../domain/workflow/slug.ts';
import { quoted } from './find-things.ts';
import type { AllPorts, LivePart, LiveParts } from './ports.ts';
import type { ResolvedView } from './resolved-view.ts';

export interface ResolveRequest {
  workspaceId: string;
  environment: { id: string; name: string };
  workflow: string;
}
/** All that it answers as of one moment, and the id of the workflow that changes name it by. */
export interface ResolvedAnswers {
  workflowId: string;
  active: ResolvedView;
  /** What a share of all keys is given instead (hundredths of a percent). Null: nothing else is handed out. */
  candidate: { view: ResolvedView; share: number } | null;
}
export type ResolveWorkflow = (request: ResolveRequest) => Promise<ResolvedAnswers>;

type Filled = Extract<Resolved, { ok: true }>;
/** The document filled, the settings that filled it, and (null: the present ones) what they were taken instead of. */
interface InForce {
  filled: Filled;
  effective: Settings;
  revision: number;
  held: ResolvedView['heldSettings'];
}

/**
 * What runs in an environment: the version that is live, and the one that is rolled out beside it, filled with the environment's
 * settings. All parts are of one moment, as they come from one statement; what is read afterwards never changes.
 *
 * @throws Refusal unknown_workflow, nothing_active; DoesNotFillError
 */
export function makeResolveWorkflow(ports: Pick<AllPorts, 'glance' | 'documents'>): ResolveWorkflow {
  return async ({ workspaceId, environment, workflow: word }) => {
    const slug = word.toLowerCase();
    const parts = isSlug(slug) ? await ports.glance(workspaceId, (tx) => tx.live.find(environment.id, slug)) : null;
    if (parts === null) throw new Refusal('unknown_workflow', `There is no workflow ${quoted(word)}.`);
    const { workflow, live, candidate } = parts;
    if (live === null)
      throw new Refusal('nothing_active', `Nothing of ${workflow.slug} is live in ${environment.name}.`);
    const resolve = async (part: LivePart, side: Side) => {
      const inForce = await settingsInForce(ports, { workspaceId, environment, parts, live: part });
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

interface Asked {
  workspaceId: string;
  environment: { id: string; name: string };
  parts: LiveParts;
  live: LivePart;
}

/**
 * The present settings where they fill it. A version that a rollback brought back may be older than what they expect: it runs
 * with the newest of those that it ran with before, which fill it.
 */
async function settingsInForce(ports: Pick<AllPorts, 'glance' | 'documents'>, asked: Asked): Promise<InForce> {
  const { workspaceId, environment, parts, live } = asked;
  const fill = async (layers: LiveParts['layers']) => {
    const effective = effectiveSettings(layers.environment?.settings ?? {}, layers.workflow?.settings ?? {});
    const revision = Math.max(layers.environment?.number ?? 0, layers.workflow?.number ?? 0);
    return { effective, revision, resolved: await ports.documents.resolve(live.stored, effective) };
  };
  const present = await fill(parts.layers);
  if (present.resolved.ok) return { ...present, filled: present.resolved, held: null };
  const tried = new Set([present.revision]);
  for (const end of live.endedAt) {
    const layers = await ports.glance(workspaceId, (tx) => tx.settings.asOf(environment.id, parts.workflow.id, end));
    const revision = Math.max(layers.environment?.number ?? 0, layers.workflow?.number ?? 0);
    if (tried.has(revision)) continue;
    tried.add(revision);
    const before = await fill(layers);
    if (before.resolved.ok)
      return { ...before, filled: before.resolved, held: heldFrom(present.revision, present.resolved.problems) };
  }
  const what = `${parts.workflow.slug} ${versionName(live.version)} in ${environment.name}`;
  throw new DoesNotFillError(what, present.resolved.problems);
}

const MOST_REASONS = 5;

function heldFrom(present: number, problems: readonly FillProblem[]): ResolvedView['heldSettings'] {
  return {
    present,
    reason:
      'A rollback brought this version back, and the present settings do not fill it: it runs with those it last ran with.',
    problems: describeFillProblems(problems).slice(0, MOST_REASONS),
  };
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
