import { lookUp } from '../../../look-up.ts';
import type { Step, StepGroup } from '../../definition.ts';
import { isList, isObject, type Json, type JsonObject } from '../../json.ts';
import { objectsAt, present, without } from '../fields.ts';
import { listAt, objectAt, textAt } from '../lenient.ts';
import { type PromptMessage, promptsOf } from '../prompt-messages.ts';
import { agentOf, isMcp, providerOf, toolName } from './agent.ts';
import { askedBy, conditionOf } from './conditions.ts';
import { outputSchema } from './inputs.ts';
import { modelOf, plainData, referenceTo, settingOf } from './plain-data.ts';

/** Of a node's data: what the editor, the account or the plugin's own description wrote beside it. */
const NOISE = [
  'selected',
  'width',
  'height',
  'isInIteration',
  'isInLoop',
  'isIterationStart',
  'iteration_id',
  'loop_id',
  'start_node_id',
  'startNodeType',
  'is_team_authorization',
  'paramSchemas',
  'params',
  'output_schema',
  'tool_label',
  'tool_description',
  'tool_node_version',
  'agent_strategy_label',
  'provider_icon',
  'provider_status',
  'icon',
  'meta',
  'version',
];
/** Read into the words of a step, or as bindings. */
const READ = [
  ...['type', 'title', 'desc', 'model', 'prompt_template', 'prompt_config', 'instruction', 'instructions'],
  ...['code', 'code_language', 'outputs', 'cases', 'conditions', 'logical_operator', 'break_conditions'],
  ...['iterator_selector', 'loop_count', 'method', 'url', 'headers', 'params', 'body', 'authorization', 'timeout'],
  ...['tool_name', 'tool_parameters', 'tool_configurations', 'provider_id', 'provider_name', 'provider_type'],
  ...['plugin_id', 'plugin_unique_identifier', 'credential_id', 'agent_parameters', 'agent_strategy_name'],
  ...['agent_strategy_provider_name', 'error_strategy', 'error_handle_mode', 'retry_config', 'dataset_ids'],
  ...['structured_output', 'structured_output_enabled', 'query', 'query_variable_selector', 'parameters', 'variables'],
  ...['answer', 'template', 'classes', 'memory', 'context', 'vision', 'is_parallel', 'parallel_nums'],
];
const KNOWN = new Set([...NOISE, ...READ]);

const KINDS: Readonly<Record<string, string>> = {
  'http-request': 'http',
  'if-else': 'condition',
  iteration: 'loop',
  'human-input': 'approval',
};

/** Where a node stands. */
export interface NodePlace {
  readonly id: string;
  readonly weakId?: true;
  readonly children: readonly StepGroup[];
  readonly path: string;
}

/** Reads one node; what it knows no word for is kept as its `settings`. */
export function readNode(data: JsonObject, { id, weakId, children, path }: NodePlace): Step {
  const type = textAt(data, 'type') ?? '';
  const label = textAt(data, 'title');
  const description = textAt(data, 'desc');
  return {
    id,
    ...(weakId === true && { weakId }),
    kind: lookUp(KINDS, type) ?? type,
    ...(label !== null && { label }),
    ...(description !== null && { description }),
    properties: propertiesOf(type, data),
    dependsOn: [],
    children,
    path,
  };
}

function propertiesOf(type: string, data: JsonObject): JsonObject {
  const condition = conditionOf(data);
  const plain = plainData(data);
  return present({
    ...(type === 'iteration' && { nodeType: type }),
    ...modelOf(data['model']),
    ...promptsIn(type, data),
    ...(type === 'agent' ? agentOf(data) : {}),
    ...toolIn(data),
    ...callIn(type, data),
    condition,
    loop: loopIn(type, plain, data),
    parallel: present({ maxConcurrency: data['is_parallel'] === true ? (data['parallel_nums'] ?? true) : undefined }),
    code: present({ source: data['code'], language: type === 'code' ? data['code_language'] : undefined }),
    ...inputsIn(type, data, plain),
    outputs: outputsIn(type, data) ?? undefined,
    ...policyIn(data),
    knowledge: listAt(data, 'dataset_ids').map(String).sort(),
    ...Object.fromEntries(
      ['answer', 'template', 'classes', 'memory', 'context', 'vision'].map((key) => [key, plain[key]]),
    ),
    settings: without(plain, KNOWN),
  });
}

/** Lists of messages for chat models, one text for others; in Jinja where the editor was told so. */
function promptsIn(type: string, data: JsonObject): JsonObject {
  const given = data['prompt_template'];
  const single: PromptMessage[] = isObject(given) ? [{ role: 'user', text: promptText(given) }] : [];
  const messages = [
    ...objectsAt(data, 'prompt_template').map((message) => ({
      role: textAt(message, 'role') ?? 'user',
      text: promptText(message),
    })),
    ...single,
  ];
  const instruction = textAt(data, 'instruction') ?? textAt(data, 'instructions');
  const all = instruction === null ? messages : [{ role: 'system', text: instruction }, ...messages];
  const isJinja = [...objectsAt(data, 'prompt_template'), ...(isObject(given) ? [given] : [])].some(usesJinja);
  const config = plainData(objectAt(data, 'prompt_config') ?? {});
  const jinja = isJinja
    ? present({ variables: variablesIn(listAt(config, 'jinja2_variables')) ?? undefined, on: true })
    : {};
  return { ...promptsOf(all), ...(type !== 'start' && present({ jinja })) };
}

function usesJinja(message: JsonObject): boolean {
  return message['edition_type'] === 'jinja2';
}

function promptText(message: JsonObject): string {
  return (usesJinja(message) ? textAt(message, 'jinja2_text') : null) ?? textAt(message, 'text') ?? '';
}

function toolIn(data: JsonObject): JsonObject {
  if (textAt(data, 'tool_name') === null) return {};
  const values = (fields: JsonObject | null) =>
    Object.fromEntries(Object.entries(fields ?? {}).map(([key, field]) => [key, literally(field) ?? settingOf(field)]));
  return {
    tool: toolName(data),
    ...(isMcp(data) && { mcpServers: [providerOf(data)] }),
    arguments: plainData({
      ...values(objectAt(data, 'tool_configurations')),
      ...values(objectAt(data, 'tool_parameters')),
    }),
  };
}

/** A text that looks like a template and is passed on as it stands; undefined for everything else. */
function literally(field: Json): Json | undefined {
  const value = isObject(field) && field['type'] === 'constant' ? textAt(field, 'value') : null;
  return value?.includes('{{#') ? { constant: value } : undefined;
}

function callIn(type: string, data: JsonObject): JsonObject {
  if (type !== 'http-request') return {};
  const { method, url, headers, params, body, authorization, timeout } = plainData(data);
  const isOpen = isObject(authorization) && authorization['type'] === 'no-auth';
  const isEmptyBody = isObject(body) && body['type'] === 'none';
  const limits = isObject(timeout) ? without(timeout, TIMEOUT_NOISE) : timeout;
  return {
    http: present({
      method,
      url,
      headers,
      query: params,
      body: isEmptyBody ? undefined : body,
      authorization: isOpen ? undefined : authorization,
      timeout: limits,
    }),
  };
}

/** What the installation allows at most, and what the editor writes for "as usual". */
const TIMEOUT_NOISE = new Set(['max_connect_timeout', 'max_read_timeout', 'max_write_timeout']);

function loopIn(type: string, plain: JsonObject, data: JsonObject): JsonObject {
  if (type !== 'iteration' && type !== 'loop') return {};
  return present({
    over: plain['iterator_selector'],
    maxIterations: plain['loop_count'],
    breakWhen: askedBy(data, 'break_conditions'),
  });
}

/** Named variables of a node, which references they are filled from; and a query, which is one without a name. */
function inputsIn(type: string, data: JsonObject, plain: JsonObject): Record<string, Json | undefined> {
  const variables = type === 'start' ? null : variablesIn(listAt(data, 'variables'));
  const gives = type === 'end' ? variablesIn(listAt(data, 'outputs')) : null;
  const query =
    plain['query_variable_selector'] ?? (isList(data['query']) ? referenceTo(data['query']) : plain['query']);
  return { inputs: variables ?? gives ?? undefined, query };
}

/** By name where each has one; else the references alone, as an aggregator lists them. */
function variablesIn(variables: readonly Json[]): Json | null {
  if (variables.length === 0) return null;
  const named = variables.filter(isObject).flatMap((variable) => {
    const name = textAt(variable, 'variable');
    const from = variable['value_selector'];
    const value = isList(from) ? referenceTo(from) : (from ?? variable['value'] ?? '');
    return name === null ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)] as const];
  });
  if (named.length === variables.length) return Object.fromEntries(named);
  return variables.map((variable) => (isList(variable) ? referenceTo(variable) : variable));
}

function outputsIn(type: string, data: JsonObject): JsonObject | null {
  if (type === 'parameter-extractor') return extractedSchema(objectsAt(data, 'parameters'));
  const structured = objectAt(objectAt(data, 'structured_output') ?? {}, 'schema');
  if (structured !== null) return data['structured_output_enabled'] === true ? structured : null;
  return type === 'end' ? null : outputSchema(data['outputs'] ?? null);
}

function extractedSchema(parameters: readonly JsonObject[]): JsonObject | null {
  const named = parameters.flatMap((parameter) => {
    const name = textAt(parameter, 'name');
    const { type, description, options } = parameter;
    return name === null ? [] : [[name, present({ type, description, enum: options })] as const];
  });
  const required = parameters.flatMap((parameter) =>
    parameter['required'] === true ? [String(parameter['name'])] : [],
  );
  return named.length === 0 ? null : { type: 'object', properties: Object.fromEntries(named), required };
}

/** Errors that end the run are how every node begins. */
const ENDS_RUN = new Set(['none', 'terminated']);

function policyIn(data: JsonObject): JsonObject {
  const strategy = textAt(data, 'error_strategy') ?? textAt(data, 'error_handle_mode');
  const retry = objectAt(data, 'retry_config') ?? {};
  const interval = retry['retry_interval'];
  return {
    ...(strategy !== null && !ENDS_RUN.has(strategy) && { onError: strategy }),
    ...(retry['retry_enabled'] === true && {
      retry: present({
        maxAttempts: retry['max_retries'],
        delay: typeof interval === 'number' ? `${interval} ms` : interval,
      }),
    }),
  };
}
