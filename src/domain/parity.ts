import { lookUp } from './look-up.ts';
import type { ParityFinding, ParityKind } from './requirements/parity.ts';
import { MODEL_STEPS } from './settings/apply-choices.ts';
import { makeFillNotes } from './settings/fill-notes.ts';
import { fillText } from './settings/fill-text.ts';
import { namesIn } from './settings/names-in.ts';
import type { Settings } from './settings/settings.ts';
import { serversOf } from './settings/settings-read.ts';
import { allSteps, type Definition, type Step } from './workflow/definition.ts';

/**
 * What a version names of an environment's settings, and whether they have it, once each. A name with a default is asked for as
 * well: with the default alone, the environment would not be like the one before. Whether a secret can be read, and whether probes
 * answer, is found out elsewhere and takes the place of, or comes beside, what is found here.
 */
export function parityOf(definition: Definition, effective: Settings): ParityFinding[] {
  const { names, masks } = namesIn(definition);
  const { variables = {}, secrets = {}, masked = {} } = effective;
  const bound = [...masks].flatMap((path) => lookUp(masked, path) ?? []);
  const named = [...names].map((name): ParityFinding => {
    if (Object.hasOwn(variables, name)) return found('variable', name, true);
    return Object.hasOwn(secrets, name) ? found('secret', name, true) : found('variable', name, false);
  });
  const behindMasks = bound.map((name) => found('secret', name, Object.hasOwn(secrets, name)));
  const servers = [...serversOf(definition, effective)].map((name) =>
    found('mcp server', name, Object.hasOwn(effective.mcpServers ?? {}, name)),
  );
  const sources = sourcesOf(definition, effective).map((name) =>
    found('data source', name, Object.hasOwn(effective.dataSources ?? {}, name)),
  );
  return onceEach([...named, ...behindMasks, ...modelsOf(definition, effective), ...servers, ...sources]);
}

function found(what: ParityKind, name: string, isThere: boolean): ParityFinding {
  return { what, name, isThere };
}

/** Of each step that a model answers, by the step's id: one that it names itself, or that the settings say. */
function modelsOf(definition: Definition, { model, steps = {} }: Settings): ParityFinding[] {
  if (definition.format !== 'towpath') return [];
  const answered = allSteps(definition).filter(({ kind }) => MODEL_STEPS.has(kind));
  const isOpen = (step: Step) => step.properties.model === undefined && lookUp(steps, step.id)?.model === undefined;
  return answered
    .filter((step) => isOpen(step) && model === undefined)
    .map(({ id }) => ({ ...found('model', id, false), detail: 'is told by neither the step nor the settings' }));
}

/** The aliases of data sources that steps name, as they are filled. */
function sourcesOf(definition: Definition, effective: Settings): string[] {
  const context = { settings: effective, notes: makeFillNotes(effective), place: () => '' };
  const named = allSteps(definition).flatMap(({ properties }) => [
    ...texts(properties['dataSources']),
    ...texts(properties['dataSource']),
  ]);
  return named.map((name) => (definition.format === 'towpath' ? String(fillText(name, false, context)) : name));
}

function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
}

function onceEach(findings: readonly ParityFinding[]): ParityFinding[] {
  return [...new Map(findings.map((one) => [JSON.stringify([one.what, one.name]), one])).values()];
}
