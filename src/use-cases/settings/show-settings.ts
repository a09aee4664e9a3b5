import { type Environment, getEnvironment } from '../../domain/environment.ts';
import { type ListedSetting, listSettings } from '../../domain/settings/list-settings.ts';
import type { Settings, SettingsRevision } from '../../domain/settings/settings.ts';
import type { Workflow } from '../../domain/version.ts';
import { tagEnvironment, tagWorkflow } from '../find-things.ts';
import type { Ports, Reading } from '../ports.ts';
import type { UseCases } from '../use-cases.ts';
import type { SettingsDifference, SettingsLayerView } from '../views.ts';

/** Workflows with settings of their own that are shown of one environment. */
const MOST_WORKFLOWS = 20;
/** Things that are listed of one layer, and differences of one comparison. */
const MOST_LISTED = 60;

/** What an environment gives all workflows, and single ones. Anybody in the workspace may look: no secret is in it. */
export function makeShowSettings({ reading }: Ports): UseCases['showSettings'] {
  return ({ actor, environment: word }) =>
    reading(actor.workspaceId, async (tx) => {
      const environment = getEnvironment(await tx.environments.pipeline(), word);
      const layers = await tx.settings.layers(environment.id, MOST_WORKFLOWS + 2);
      const own = layers.find(({ workflowId }) => workflowId === null) ?? null;
      const narrow = layers.filter(({ workflowId }) => workflowId !== null);
      const workflows = await workflowsOf(tx, narrow);
      return {
        environment: tagEnvironment(environment),
        channel: environment.channel,
        webhooks: environment.webhooks.length,
        number: layers.reduce((most, { number }) => Math.max(most, number), 0),
        own: own === null ? null : describeLayer(own),
        workflows: narrow.slice(0, MOST_WORKFLOWS).flatMap((layer) => {
          const workflow = workflows.get(layer.workflowId ?? '');
          return workflow === undefined ? [] : [{ workflow: tagWorkflow(workflow), ...describeLayer(layer) }];
        }),
        moreWorkflows: narrow.length > MOST_WORKFLOWS,
        waiting: (await tx.proposals.listOpen(environment.id, MOST_WORKFLOWS)).length,
      };
    });
}

/** One layer, for people. */
export function describeLayer({ settings, managed, number, changedBy, at }: SettingsRevision): SettingsLayerView {
  const all = listSettings(settings);
  const listed = all.slice(0, MOST_LISTED).map(({ field, name, value }) => {
    return { name, value, managedByFile: managed.includes(field) };
  });
  return { number, changedBy, at, listed, more: all.length - listed.length };
}

/** What two environments give otherwise: to all workflows, and to each that has settings of its own in one of them. */
export function makeCompareSettings({ reading }: Ports): UseCases['compareSettings'] {
  return ({ actor, ...asked }) =>
    reading(actor.workspaceId, async (tx) => {
      const pipeline = await tx.environments.pipeline();
      const [from, to] = [getEnvironment(pipeline, asked.from), getEnvironment(pipeline, asked.to)];
      const [before, after] = [await layersBySlug(tx, from), await layersBySlug(tx, to)];
      const slugs = [...new Set([...before.keys(), ...after.keys()])].sort((a, b) => (a ?? '').localeCompare(b ?? ''));
      const all = slugs.flatMap((slug) =>
        differences(before.get(slug) ?? {}, after.get(slug) ?? {}).map((difference) => ({
          workflow: slug,
          ...difference,
        })),
      );
      const shown = all.slice(0, MOST_LISTED);
      return {
        from: tagEnvironment(from),
        to: tagEnvironment(to),
        differences: shown,
        more: all.length - shown.length,
      };
    });
}

/** Layers by the workflow's slug, null for the environment's own. */
async function layersBySlug(tx: Reading, environment: Environment): Promise<Map<string | null, Settings>> {
  const layers = await tx.settings.layers(environment.id, MOST_COMPARED);
  const workflows = await workflowsOf(tx, layers);
  return new Map(
    layers.flatMap(({ workflowId, settings }): [string | null, Settings][] => {
      if (workflowId === null) return [[null, settings]];
      const slug = workflows.get(workflowId)?.slug;
      return slug === undefined ? [] : [[slug, settings]];
    }),
  );
}

/** Layers of one environment that are compared. */
const MOST_COMPARED = 500;

function differences(before: Settings, after: Settings): SettingsDifference[] {
  const byName = (settings: Settings) =>
    new Map(listSettings(settings).map((listed): [string, ListedSetting] => [listed.name, listed]));
  const [from, to] = [byName(before), byName(after)];
  return [...new Set([...from.keys(), ...to.keys()])].flatMap((name) => {
    const [was, is] = [from.get(name)?.value ?? null, to.get(name)?.value ?? null];
    return was === is ? [] : [{ name, from: was, to: is }];
  });
}

async function workflowsOf(tx: Reading, layers: readonly SettingsRevision[]): Promise<Map<string, Workflow>> {
  return tx.workflows.getMany(layers.flatMap(({ workflowId }) => (workflowId === null ? [] : [workflowId])));
}
