import { lookUp } from '../look-up.ts';
import { isList, isObject, type Json, type JsonObject } from '../workflow/json.ts';
import type { ModelChoice, Settings } from './settings.ts';

/** Types of steps that a model answers. */
export const MODEL_STEPS: ReadonlySet<string> = new Set(['llm', 'agent']);

/** Words that documents bring along, and the parameter that each means. */
const FLAT_PARAMETERS = ['temperature', 'maxTokens', 'max_tokens'];

/**
 * A filled `towpath/v1` document with each llm and agent step told its provider, model and parameters: what the settings say of
 * that step, else what it says itself, else the environment's default. Parameters are told one by one.
 */
export function applyChoices(document: JsonObject, settings: Settings): JsonObject {
  const { provider, model, modelParameters, steps = {} } = settings;
  const isIdle = [provider, model, modelParameters].every((part) => part === undefined);
  if (isIdle && Object.keys(steps).length === 0) return document;
  return withSteps(document, ['steps'], (step) => chosen(step, settings, lookUp(steps, String(step['id'])) ?? {}));
}

/** Where lists of steps stand in a step. */
const NESTED = [
  ['condition', 'then'],
  ['condition', 'else'],
  ['loop', 'steps'],
] as const;

function withSteps(holder: JsonObject, path: readonly string[], change: (step: JsonObject) => JsonObject): JsonObject {
  const [key = '', ...rest] = path;
  const held = holder[key];
  if (rest.length > 0) return isObject(held) ? { ...holder, [key]: withSteps(held, rest, change) } : holder;
  if (!isList(held)) return holder;
  return { ...holder, [key]: held.map((step) => (isObject(step) ? wholeStep(step, change) : step)) };
}

function wholeStep(step: JsonObject, change: (step: JsonObject) => JsonObject): JsonObject {
  const own = typeof step['type'] === 'string' && MODEL_STEPS.has(step['type']) ? change(step) : step;
  const inner = NESTED.reduce((held, path) => withSteps(held, path, change), own);
  const parallel = inner['parallel'];
  if (!isObject(parallel) || !isList(parallel['branches'])) return inner;
  const branches = parallel['branches'].map((one) => (isObject(one) ? withSteps(one, ['steps'], change) : one));
  return { ...inner, parallel: { ...parallel, branches } };
}

function chosen(step: JsonObject, defaults: ModelChoice, override: ModelChoice): JsonObject {
  const next: Record<string, Json> = { ...step };
  const provider = override.provider ?? step['provider'] ?? defaults.provider;
  if (provider !== undefined) next['provider'] = provider;
  if (override.model !== undefined) delete next['llm'];
  const model = override.model ?? (next['llm'] === undefined ? (step['model'] ?? defaults.model) : undefined);
  if (model !== undefined) next['model'] = model;
  setParameters(next, defaults.modelParameters ?? {}, override.modelParameters ?? {});
  return next;
}

function setParameters(
  step: Record<string, Json>,
  defaults: NonNullable<ModelChoice['modelParameters']>,
  override: NonNullable<ModelChoice['modelParameters']>,
): void {
  const held = isObject(step['modelParameters']) ? step['modelParameters'] : {};
  const flat = FLAT_PARAMETERS.filter((key) => step[key] !== undefined);
  const own = new Set([...Object.keys(held), ...flat].map(parameterName));
  const open = Object.entries(defaults).filter(([key]) => !own.has(parameterName(key)));
  const told = new Set(Object.keys(override).map(parameterName));
  if (open.length === 0 && told.size === 0) return;
  for (const key of flat) if (told.has(parameterName(key))) delete step[key];
  const named = (entries: readonly [string, Json][]) =>
    entries.map(([key, value]) => [parameterName(key), value] as const);
  step['modelParameters'] = Object.fromEntries([
    ...named(open).filter(([key]) => !told.has(key)),
    ...Object.entries(held).filter(([key]) => !told.has(parameterName(key))),
    ...named(Object.entries(override)),
  ]);
}

/** `max_tokens` and `maxTokens` are one parameter. */
export function parameterName(key: string): string {
  return key === 'max_tokens' ? 'maxTokens' : key;
}
