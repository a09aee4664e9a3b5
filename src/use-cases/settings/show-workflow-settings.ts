import { type Environment, environmentBefore, getEnvironment, type Pipeline } from '../../domain/environment.ts';
import type { Settings, SettingsRevision } from '../../domain/settings/settings.ts';
import type { Version, Workflow } from '../../domain/version.ts';
import { getWorkflow, tagEnvironment, tagVersion, tagWorkflow } from '../find-things.ts';
import type { Fit, Ports, Reading } from '../ports.ts';
import type { UseCases } from '../use-cases.ts';
import type { WorkflowSettingsView } from '../views.ts';
import { describeProposal } from './describe-proposal.ts';
import { fitVersion } from './fit-version.ts';
import { inForce } from './settings-in-force.ts';
import { describeLayer } from './show-settings.ts';

/** Masked values that are listed: a form takes so many. */
const MOST_MASKS = 80;
const MOST_NAMES = 20;

/** What one workflow gets in an environment, and what its versions that are there, or come next, lack. Anybody may look. */
export function makeShowWorkflowSettings({ reading }: Ports): UseCases['showWorkflowSettings'] {
  return ({ actor, environment: word, workflow: slug }) =>
    reading(actor.workspaceId, async (tx) => {
      const workflow = await getWorkflow(tx, slug);
      const pipeline = await tx.environments.pipeline();
      const environment = getEnvironment(pipeline, word);
      const layers = await tx.settings.current(environment.id, workflow.id);
      const force = inForce(layers);
      const fits = [];
      for (const version of await versionsConcerned(tx, pipeline, environment, workflow))
        fits.push({ version, fit: await fitVersion(tx, version.id, force) });
      const masks = masksOf(fits.map(({ fit }) => fit));
      const open = await tx.proposals.findOpen(environment.id, workflow.id);
      return {
        environment: tagEnvironment(environment),
        workflow: tagWorkflow(workflow),
        number: Math.max(layers.environment?.number ?? 0, layers.workflow?.number ?? 0),
        own: layers.workflow === null ? null : describeLayer(layers.workflow),
        shared:
          layers.environment === null ? null : describeShared(layers.environment, layers.workflow?.settings ?? {}),
        masks: masks.slice(0, MOST_MASKS),
        moreMasks: Math.max(0, masks.length - MOST_MASKS),
        lacks: fits.flatMap(({ version, fit }) => lacking(version, fit)),
        secretNames: Object.keys(force.effective.secrets ?? {}).sort(),
        proposal: open === null ? null : await describeProposal(tx, open, { environment, workflow }),
      };
    });
}

/** What is live there, what is asked for, and what would be asked for next: live before it, or in the first one the newest. */
async function versionsConcerned(
  tx: Reading,
  pipeline: Pipeline,
  environment: Environment,
  { id }: Workflow,
): Promise<Version[]> {
  const before = environmentBefore(pipeline, environment);
  const next =
    before === null ? (await tx.versions.newest(id))?.id : (await tx.deployments.findActive(id, before.id))?.versionId;
  const ids = [
    (await tx.deployments.findActive(id, environment.id))?.versionId,
    (await tx.promotions.findOpen(id, environment.id))?.versionId,
    next,
  ];
  const versions = [];
  for (const versionId of new Set(ids))
    if (versionId !== undefined) versions.push(await tx.versions.getById(versionId));
  return versions;
}

/** What its own layer goes before is left out: by name where a part has names, whole otherwise. */
function describeShared(shared: SettingsRevision, own: Settings) {
  const entries = Object.entries(shared.settings).flatMap(([part, held]): [string, unknown][] => {
    const narrow: unknown = own[part as keyof Settings];
    if (narrow === undefined || typeof held !== 'object') return narrow === undefined ? [[part, held]] : [];
    const left = Object.entries(held).filter(([name]) => !Object.hasOwn(narrow as object, name));
    return left.length === 0 ? [] : [[part, Object.fromEntries(left)]];
  });
  return describeLayer({ ...shared, settings: Object.fromEntries(entries) });
}

/** Unbound ones first. */
function masksOf(fits: readonly Fit[]): WorkflowSettingsView['masks'] {
  const unbound = fits.flatMap(({ problems }) =>
    problems.filter(({ kind }) => kind === 'masked').flatMap(({ paths }) => paths),
  );
  const bound = fits.flatMap(({ read }) => Object.entries((read['masked'] ?? {}) as Record<string, string>));
  const masks = new Map<string, string | null>([...unbound.map((path): [string, null] => [path, null]), ...bound]);
  return [...masks].map(([path, secret]) => ({ path, secret }));
}

function lacking(version: Version, { problems }: Fit): WorkflowSettingsView['lacks'] {
  const names = problems.flatMap(({ kind, name }) => (kind === 'unknown' && name !== undefined ? [name] : []));
  return names.length === 0 ? [] : [{ version: tagVersion(version), names: names.slice(0, MOST_NAMES) }];
}
