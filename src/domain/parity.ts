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

/**
 * Of each step that a model answers, by the step's id: that it names one itself or the settings say it, and that a runner which asks
 * models itself has the provider.
 */
function modelsOf(definition: Definition, effective: Settings): ParityFinding[] {
  if (definition.format !== 'towpath') return [];
  const fill = fillerOf(effective);
  return allSteps(definition)
    .filter(({ kind }) => MODEL_STEPS.has(kind))
    .flatMap((step) => {
      const detail = modelLacking(step, effective, fill);
      return detail === null ? [] : [{ ...found('model', step.id, false), detail }];
    });
}

/** As the settings' choices are applied, and as the runner chooses among its providers. */
function modelLacking({ id, properties }: Step, settings: Settings, fill: (text: string) => string): string | null {
  const { steps = {}, runner } = settings;
  const own = lookUp(steps, id) ?? {};
  if ((own.model ?? properties.model ?? settings.model) === undefined)
    return 'is told by neither the step nor the settings';
  const providers = typeof runner === 'object' && runner.kind === 'ai' ? runner.providers : {};
  const provider = own.provider ?? (properties.provider === undefined ? settings.provider : fill(properties.provider));
  // The only provider answers every step.
  if (Object.keys(providers).length < 2 || (provider !== undefined && lookUp(providers, provider) !== undefined))
    return null;
  return provider === undefined ? 'names none of the runner’s providers' : 'is of a provider that the runner lacks';
}

function fillerOf(settings: Settings): (text: string) => string {
  const context = { settings, notes: makeFillNotes(settings), place: () => '' };
  return (text) => String(fillText(text, false, context));
}

/** The aliases of data sources that steps name, as they are filled. */
function sourcesOf(definition: Definition, effective: Settings): string[] {
  const named = allSteps(definition).flatMap(({ properties }) => [
    ...texts(properties['dataSources']),
    ...texts(properties['dataSource']),
  ]);
  return definition.format === 'towpath' ? named.map(fillerOf(effective)) : named;
}

function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
}

function onceEach(findings: readonly ParityFinding[]): ParityFinding[] {
  return [...new Map(findings.map((one) => [JSON.stringify([one.what, one.name]), one])).values()];
}
