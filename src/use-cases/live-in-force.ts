import { Refusal } from '../domain/refusal.ts';
import { DoesNotFillError } from '../domain/settings/does-not-fill-error.ts';
import { describeFillProblems, type FillProblem } from '../domain/settings/fill-problem.ts';
import type { OwnLayer } from '../domain/settings/given-by-leads.ts';
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

type Filled = Extract<Resolved, { ok: true }>;

/** The document filled, the settings that filled it, and (null: the present ones) what they were taken instead of. */
export interface InForce {
  filled: Filled;
  effective: Settings;
  /** What the workflow has of its own of them. */
  own: OwnLayer;
  revision: number;
  held: ResolvedView['heldSettings'];
}

/** What is live of a workflow in an environment. @throws Refusal unknown_workflow, nothing_active */
export async function getLive(
  ports: Pick<AllPorts, 'glance'>,
  { workspaceId, environment, workflow: word }: ResolveRequest,
): Promise<LiveParts & { live: LivePart }> {
  const slug = word.toLowerCase();
  const parts = isSlug(slug) ? await ports.glance(workspaceId, (tx) => tx.live.find(environment.id, slug)) : null;
  if (parts === null) throw new Refusal('unknown_workflow', `There is no workflow ${quoted(word)}.`);
  const { workflow, live } = parts;
  if (live === null) throw new Refusal('nothing_active', `Nothing of ${workflow.slug} is live in ${environment.name}.`);
  return { ...parts, live };
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
 * @throws DoesNotFillError
 */
export async function fillLive(ports: Pick<AllPorts, 'glance' | 'documents'>, asked: Asked): Promise<InForce> {
  const { workspaceId, environment, parts, live } = asked;
  const fill = async (layers: LiveParts['layers']) => {
    const effective = effectiveSettings(layers.environment?.settings ?? {}, layers.workflow?.settings ?? {});
    const revision = Math.max(layers.environment?.number ?? 0, layers.workflow?.number ?? 0);
    return {
      effective,
      own: layers.workflow,
      revision,
      resolved: await ports.documents.resolve(live.stored, effective),
    };
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
