import { isList, isObject, type Json, type JsonObject } from '../../json.ts';
import { byName, objectAt, textAt, withoutEmpty } from '../lenient.ts';
import { modelParametersOf } from '../model-parameters.ts';

/** Which account, endpoint or connection a model is reached by. */
const BINDINGS: ReadonlySet<string> = new Set([
  'connection',
  'azure_endpoint',
  'endpoint',
  'api_key',
  'apiKey',
  'key',
  'api_base',
  'base_url',
  'baseUrl',
  'organization',
  'project',
  'subscription_id',
  'resource_group',
  'workspace_name',
  'region',
]);
/** Where a configuration names the model, surest first. */
const MODEL_KEYS = ['azure_deployment', 'deployment', 'model', 'model_name', 'name'] as const;

export interface ModelReading {
  readonly model?: string;
  readonly provider?: string;
  readonly modelParameters?: JsonObject;
  readonly tools?: readonly string[];
  readonly bindings: JsonObject;
  /** What no word says: the settings of tools, the kind of API, the version of a service. */
  readonly others: JsonObject;
}

/** Reads `model` and what goes with it, of front matter in any of its dialects. */
export function readModel(front: JsonObject): ModelReading {
  const { model } = front;
  const settings = isObject(model) ? model : {};
  const configuration = objectAt(settings, 'configuration') ?? {};
  const named = typeof model === 'string' ? model : textAt(settings, 'id');
  const key = MODEL_KEYS.find((candidate) => textAt(configuration, candidate) !== null);
  const id = named ?? (key === undefined ? null : textAt(configuration, key));
  const provider = textAt(settings, 'provider') ?? textAt(configuration, 'type');
  const [parameters, reached] = partOf(parametersOf(front, settings));
  const { tools: passed, ...called } = parameters;
  const modelParameters = modelParametersOf(called);
  const tools = [...itemsOf(front['tools']), ...itemsOf(passed)];
  const [configured, bound] = partOf(without(configuration, ['type', ...(named === null && key ? [key] : [])]));
  const defined = byName(tools.flatMap((tool) => (isObject(tool) ? [[nameOfTool(tool), tool] as const] : [])));
  const rest = without(settings, ['id', 'provider', 'configuration', 'connection', 'parameters', 'options']);
  return {
    ...(id !== null && { model: id }),
    ...(provider !== null && { provider }),
    ...(modelParameters !== undefined && { modelParameters }),
    ...(tools.length > 0 && { tools: tools.map(nameOfTool) }),
    bindings: filled({ ...bound, ...reached, connection: settings['connection'] ?? bound['connection'] }),
    others: filled({ ...rest, configuration: configured, tools: defined }),
  };
}

function parametersOf(front: JsonObject, settings: JsonObject): JsonObject {
  const { additionalProperties, ...options } = objectAt(settings, 'options') ?? {};
  return {
    ...objectAt(front, 'config'),
    ...objectAt(front, 'modelParameters'),
    ...objectAt(settings, 'parameters'),
    ...options,
    ...(isObject(additionalProperties) && additionalProperties),
  };
}

function itemsOf(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}

function nameOfTool(tool: Json): string {
  if (typeof tool === 'string') return tool;
  return textAt(tool, 'name') ?? textAt(objectAt(tool, 'function') ?? {}, 'name') ?? textAt(tool, 'type') ?? 'tool';
}

/** What a model is, and what it is reached by. */
function partOf(settings: JsonObject): readonly [JsonObject, JsonObject] {
  const entries = Object.entries(settings);
  return [
    Object.fromEntries(entries.filter(([key]) => !BINDINGS.has(key))),
    Object.fromEntries(entries.filter(([key]) => BINDINGS.has(key))),
  ];
}

function without(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

function filled(object: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, value]) => {
      const kept = withoutEmpty(value);
      return kept === undefined ? [] : [[key, kept]];
    }),
  );
}
