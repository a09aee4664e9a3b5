import canonicalize from 'canonicalize';
import type { GivenSettings } from '../../domain/configuration/configuration.ts';
import type { Environment, Pipeline } from '../../domain/environment.ts';
import type { Settings, SettingsRevision } from '../../domain/settings/settings.ts';
import type { Workflow } from '../../domain/version.ts';
import type { Reading } from '../ports.ts';

/** One layer that the file changes. */
export interface LayerChange {
  environment: Environment;
  /** Null: the environment's own layer. */
  workflow: Workflow | null;
  /** Null: it had none. */
  before: SettingsRevision | null;
  after: Settings;
  /** Fields that the file gives from now on. */
  managed: SettingsRevision['managed'];
}

/**
 * Layers that are other than the file says. It manages the fields that it names: of those that it named before and no longer
 * does, nothing stays; what was set elsewhere is left alone. A workflow that is not there yet gets its layer when it is pushed.
 */
export async function settingsDifferences(
  tx: Reading,
  pipeline: Pipeline,
  given: ReadonlyMap<string, GivenSettings>,
): Promise<LayerChange[]> {
  const workflows = new Map<string, Workflow | null>();
  const find = async (slug: string): Promise<Workflow | null> => {
    const known = workflows.get(slug);
    if (known !== undefined) return known;
    const found = await tx.workflows.find(slug);
    workflows.set(slug, found);
    return found;
  };
  const changes: LayerChange[] = [];
  for (const environment of pipeline) {
    const { own, workflows: bySlug } = given.get(environment.name) ?? { own: {}, workflows: new Map() };
    const wanted = new Map<string | null, { workflow: Workflow | null; fields: Settings }>();
    wanted.set(null, { workflow: null, fields: own });
    for (const [slug, fields] of bySlug) {
      const workflow = await find(slug);
      if (workflow !== null) wanted.set(workflow.id, { workflow, fields });
    }
    changes.push(...(await layersOf(tx, environment, wanted)));
  }
  return changes;
}

/** Slugs that settings are given to and no workflow has: misspelt, or not pushed yet. */
export async function missingWorkflows(tx: Reading, given: ReadonlyMap<string, GivenSettings>): Promise<string[]> {
  const named = new Set([...given.values()].flatMap(({ workflows }) => [...workflows.keys()]));
  const missing: string[] = [];
  for (const slug of named) if ((await tx.workflows.find(slug)) === null) missing.push(slug);
  return missing;
}

async function layersOf(
  tx: Reading,
  environment: Environment,
  wanted: Map<string | null, { workflow: Workflow | null; fields: Settings }>,
): Promise<LayerChange[]> {
  const managed = new Map((await tx.settings.managed(environment.id)).map((layer) => [layer.workflowId, layer]));
  for (const id of managed.keys()) {
    if (id !== null && !wanted.has(id)) wanted.set(id, { workflow: await tx.workflows.getById(id), fields: {} });
  }
  const changes: LayerChange[] = [];
  for (const [id, { workflow, fields }] of wanted) {
    const now = managed.get(id) ?? (isNothing(fields) ? null : await tx.settings.layer(environment.id, id));
    const change = { environment, workflow, before: now, ...given(now, fields) };
    if (now === null ? !isNothing(fields) : !same(now, change)) changes.push(change);
  }
  return changes;
}

/** The layer as it is once the file has been applied to it. */
export function given(
  now: Pick<SettingsRevision, 'settings' | 'managed'> | null,
  fields: Settings,
): Pick<LayerChange, 'after' | 'managed'> {
  const managed = (Object.keys(fields) as (keyof Settings)[]).sort();
  const others = Object.entries(now?.settings ?? {}).filter(
    ([field]) => !now?.managed.includes(field as keyof Settings),
  );
  return { after: { ...Object.fromEntries(others), ...fields }, managed };
}

function isNothing(fields: Settings): boolean {
  return Object.keys(fields).length === 0;
}

/** The database may give keys in another order than they were written. */
function same(now: Pick<SettingsRevision, 'settings' | 'managed'>, { after, managed }: LayerChange): boolean {
  const { settings, managed: before } = now;
  return canonicalize([settings, [...before].sort()]) === canonicalize([after, managed]);
}
