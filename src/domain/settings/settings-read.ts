import { lookUp } from '../look-up.ts';
import { allSteps, type Definition, type Step } from '../workflow/definition.ts';
import { isObject, type JsonObject } from '../workflow/json.ts';
import { MODEL_STEPS, parameterName } from './apply-choices.ts';
import { makeFillNotes } from './fill-notes.ts';
import { fillText } from './fill-text.ts';
import { namesIn } from './names-in.ts';
import { overridesOf } from './resolve-definition.ts';
import type { ModelChoice, Settings } from './settings.ts';

/**
 * The part of the settings that a version reads where they apply, and so what an approval of it there is bound to: the variables
 * and the sources of the secrets that its texts name (in defaults, too), what its masks are bound to, the model's defaults as far
 * as a step leaves them open, what is said of its own steps, the MCP servers that its steps name, and all limits, data sources
 * and the runner, with the sources of the secrets that are sent to it. Parts that are empty are left out.
 */
export function settingsRead(definition: Definition, effective: Settings): Record<string, unknown> {
  const { names, masks } = namesIn(definition);
  const masked = picked(effective.masked, masks);
  const secrets = new Set([...names, ...Object.values(masked), ...secretsOf(effective.runner)]);
  const isOwn = definition.format === 'towpath';
  const { steps, ...defaults } = isOwn ? choicesRead(definition, effective) : overridesOf(definition, effective);
  return withoutEmpty({
    variables: picked(effective.variables, names),
    secrets: picked(effective.secrets, secrets),
    masked,
    ...defaults,
    steps,
    limits: effective.limits,
    mcpServers: picked(effective.mcpServers, serversOf(definition, effective)),
    dataSources: effective.dataSources,
    runner: effective.runner,
  });
}

/** Names of the secrets that go to a runner. */
function secretsOf(runner: Settings['runner']): string[] {
  if (typeof runner !== 'object' || runner.kind === 'exec') return [];
  const called = runner.kind === 'ai' ? Object.values(runner.providers) : [runner];
  return called.flatMap(({ secret }) => secret ?? []);
}

/** The aliases of MCP servers that the steps of a version name, as they are filled. */
export function serversOf(definition: Definition, effective: Settings): ReadonlySet<string> {
  const context = { settings: effective, notes: makeFillNotes(effective), place: () => '' };
  const isOwn = definition.format === 'towpath';
  const named = allSteps(definition).flatMap(({ properties }) => properties.mcpServers ?? []);
  return new Set(named.map((name) => (isOwn ? String(fillText(name, false, context)) : name)));
}

/** What the steps of a document in Towpath's own format take of the defaults, and what is said of single ones. */
function choicesRead(definition: Definition, effective: Settings): ModelChoice & { steps: Settings['steps'] } {
  const own = allSteps(definition).filter(({ kind }) => MODEL_STEPS.has(kind));
  const overrides = effective.steps ?? {};
  const told = (step: Step) => lookUp(overrides, step.id) ?? {};
  const isOpen = (key: 'provider' | 'model') =>
    own.some((step) => told(step)[key] === undefined && step.properties[key] === undefined);
  const parameters = Object.entries(effective.modelParameters ?? {}).filter(([key]) =>
    own.some(
      (step) => !hasParameter(step.properties.modelParameters, key) && !hasParameter(told(step).modelParameters, key),
    ),
  );
  const { provider, model } = effective;
  return {
    ...(provider !== undefined && isOpen('provider') && { provider }),
    ...(model !== undefined && isOpen('model') && { model }),
    modelParameters: Object.fromEntries(parameters),
    steps: picked(overrides, new Set(own.map(({ id }) => id))),
  };
}

function hasParameter(held: JsonObject | ModelChoice['modelParameters'], key: string): boolean {
  return Object.keys(held ?? {}).some((other) => parameterName(other) === parameterName(key));
}

function picked<Value>(
  held: Readonly<Record<string, Value>> | undefined,
  names: ReadonlySet<string>,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(held ?? {}).filter(([name]) => names.has(name)));
}

function withoutEmpty(parts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const isSaid = (value: unknown) => value !== undefined && !(isObject(value) && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => isSaid(value)));
}
