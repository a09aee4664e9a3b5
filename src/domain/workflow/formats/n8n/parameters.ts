import { lookUp } from '../../../look-up.ts';
import { isList, isObject, type Json, type JsonObject } from '../../json.ts';
import { objectsAt, present, without } from '../fields.ts';
import { objectAt, textAt, unquoted } from '../lenient.ts';
import { CONDITION_PARAMETERS, conditionOf } from './conditions.ts';
import { namesModel, providerOf, shortType } from './node-types.ts';

/** What was understood of a node's parameters, and what is left of them. */
export interface Understood {
  readonly properties: JsonObject;
  readonly rest: JsonObject;
}

/** First one found counts. */
const MODEL_PARAMETERS = ['model', 'modelId', 'modelName', 'chatModel', 'assistantId'] as const;
/** Options of a model that are no settings of the model itself. */
const NOT_OF_MODEL = new Set(['timeout', 'maxRetries', 'maxIterations', 'baseURL', 'summarization']);
const PARAMETER_NAMES: Readonly<Record<string, string>> = {
  maxTokensToSample: 'maxTokens',
  maxOutputTokens: 'maxTokens',
};

/** Model, provider and the settings of the model. */
export function takeModel(type: string, parameters: JsonObject): Understood {
  if (!namesModel(type)) return { properties: {}, rest: parameters };
  const key = MODEL_PARAMETERS.find((name) => isNamed(parameters[name]));
  const options = objectAt(parameters, 'options') ?? {};
  const settings = Object.entries(options).filter(([name]) => !NOT_OF_MODEL.has(name));
  const isModel = shortType(type) !== 'openAiAssistant';
  const modelParameters = isModel
    ? Object.fromEntries(settings.map(([name, value]) => [lookUp(PARAMETER_NAMES, name) ?? name, value]))
    : {};
  const model = key === undefined ? undefined : modelText(parameters[key]);
  const left = isModel
    ? Object.fromEntries(Object.entries(options).filter(([name]) => NOT_OF_MODEL.has(name)))
    : options;
  return {
    properties: present({ provider: providerOf(type), model, modelParameters }),
    rest: { ...without(parameters, new Set(key === undefined ? ['options'] : ['options', key])), options: left },
  };
}

function isNamed(value: Json | undefined): boolean {
  return (typeof value === 'string' && value !== '') || (isObject(value) && isNamed(value['value']));
}

function modelText(value: Json | undefined): Json | undefined {
  return isObject(value) ? value['value'] : value;
}

const CODE = ['jsCode', 'pythonCode', 'functionCode', 'code'] as const;

export function takeCode(parameters: JsonObject): Understood {
  const key = CODE.find((name) => textAt(parameters, name) !== null);
  if (key === undefined) return { properties: {}, rest: parameters };
  const language = parameters['language'] ?? (key === 'pythonCode' ? 'python' : undefined);
  return {
    properties: { code: present({ source: parameters[key], language }) },
    rest: without(parameters, new Set([key, 'language'])),
  };
}

const REQUEST = ['method', 'requestMethod', 'url', 'headerParameters', 'queryParameters', 'bodyParameters'];
const BODIES = ['jsonBody', 'body', 'rawBody', 'jsonHeaders', 'jsonQuery'];

export function takeRequest(parameters: JsonObject): Understood {
  const body = textAt(parameters, 'jsonBody') ?? textAt(parameters, 'body') ?? textAt(parameters, 'rawBody');
  const http = present({
    method: parameters['method'] ?? parameters['requestMethod'],
    url: parameters['url'],
    headers: textAt(parameters, 'jsonHeaders') ?? pairs(objectAt(parameters, 'headerParameters')),
    query: textAt(parameters, 'jsonQuery') ?? pairs(objectAt(parameters, 'queryParameters')),
    body: body ?? pairs(objectAt(parameters, 'bodyParameters')),
  });
  return { properties: present({ http }), rest: without(parameters, new Set([...REQUEST, ...BODIES])) };
}

/** A list of names and values by name; as it stands where a name comes twice or items say more. */
function pairs(holder: JsonObject | null): Json {
  const list = objectsAt(holder ?? {}, 'parameters');
  const named = list.flatMap((item) => {
    const name = textAt(item, 'name');
    return name === null || Object.keys(item).some((key) => key !== 'name' && key !== 'value')
      ? []
      : [[name, item['value'] ?? ''] as const];
  });
  const isPlain = named.length === list.length && new Set(named.map(([name]) => name)).size === list.length;
  return isPlain ? Object.fromEntries(named) : list;
}

export function takeCondition(type: string, parameters: JsonObject): Understood {
  const condition = conditionOf(shortType(type), parameters);
  const isAsked = Object.keys(condition).length > 0;
  return {
    properties: isAsked ? { condition } : {},
    rest: isAsked ? without(parameters, new Set(CONDITION_PARAMETERS)) : parameters,
  };
}

/** Which workflow is called, and with what. */
export function takeCalledWorkflow(parameters: JsonObject): Understood {
  const id = parameters['workflowId'];
  const name = isObject(id) ? id['value'] : id;
  const inputs = objectAt(objectAt(parameters, 'workflowInputs') ?? {}, 'value');
  const workflow = present({ name, inputs: inputs ?? undefined });
  return { properties: present({ workflow }), rest: without(parameters, new Set(['workflowId', 'workflowInputs'])) };
}

/** MCP servers that a node reaches, by their address. */
export function takeMcpServer(type: string, parameters: JsonObject): Understood {
  if (!/^mcpClient/.test(shortType(type))) return { properties: {}, rest: parameters };
  const key = ['endpointUrl', 'sseEndpoint'].find((name) => textAt(parameters, name) !== null);
  if (key === undefined) return { properties: {}, rest: parameters };
  return { properties: { mcpServers: [parameters[key] ?? ''] }, rest: without(parameters, new Set([key])) };
}

/** What a parser makes of a model's answer, as a JSON Schema. */
export function takeSchema(type: string, parameters: JsonObject): Understood {
  const key = ['inputSchema', 'jsonSchema'].find((name) => textAt(parameters, name) !== null);
  if (key === undefined || !/^(?:outputParserStructured|informationExtractor)$/.test(shortType(type)))
    return { properties: {}, rest: parameters };
  const outputs = unquoted(parameters[key] ?? null);
  if (!isObject(outputs) || isList(outputs)) return { properties: {}, rest: parameters };
  return { properties: { outputs }, rest: without(parameters, new Set([key])) };
}
