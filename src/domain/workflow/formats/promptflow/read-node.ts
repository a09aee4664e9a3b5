import { lookUp } from '../../../look-up.ts';
import type { StepProperties } from '../../definition.ts';
import { isObject, type Json, type JsonObject } from '../../json.ts';
import type { Segment } from '../../source/source-scan.ts';
import type { ReadContext } from '../format.ts';
import { asNumber, objectAt, textAt, withoutEmpty } from '../lenient.ts';
import { modelParametersOf } from '../model-parameters.ts';
import { messagesOf } from '../prompt/role-markers.ts';
import { promptsOf } from '../prompt-messages.ts';

/** Inputs of an LLM node that are settings of the model; all others fill its prompt. */
const PARAMETERS: ReadonlySet<string> = new Set([
  ...['temperature', 'max_tokens', 'max_completion_tokens', 'top_p', 'stop', 'seed', 'suffix', 'echo', 'best_of', 'n'],
  ...['presence_penalty', 'frequency_penalty', 'logit_bias', 'logprobs', 'response_format', 'user'],
  ...['functions', 'function_call', 'tools', 'tool_choice', 'reasoning_effort'],
]);
/** Which account a node calls: the name of a connection, by the environment that it runs in. */
const BINDING = /(?:^|_)connection$/;
const READ = ['name', 'type', 'source', 'inputs', 'connection', 'provider', 'activate', 'use_variants'];

const KINDS: Readonly<Record<string, string>> = {
  llm: 'llm',
  custom_llm: 'llm',
  python: 'code',
  typescript: 'code',
  csharp: 'code',
};

export interface NodeReading {
  readonly kind: string;
  readonly properties: StepProperties;
  readonly bindings: JsonObject;
}

/** Reads one node of a flow, or one variant of it, with the text of the file that it runs where that came along. */
export function readNode(node: JsonObject, at: readonly Segment[], context: ReadContext): NodeReading {
  const type = textAt(node, 'type') ?? 'python';
  const source = objectAt(node, 'source') ?? {};
  const isPackage = textAt(source, 'tool') !== null && textAt(source, 'path') === null;
  const kind = isPackage && type !== 'llm' ? 'tool' : (lookUp(KINDS, type) ?? type);
  const { inputs, bindings } = inputsOf(node);
  const provider = textAt(node, 'provider');
  const { tool: _tool, ...file } = source;
  const own = {
    ...Object.fromEntries(Object.entries(node).filter(([key]) => !READ.includes(key))),
    ...(Object.keys(file).some((key) => key !== 'type') && { source: file }),
  };
  return {
    kind,
    properties: {
      ...(provider !== null && { provider }),
      ...(kind === 'llm' ? modelOf(inputs) : inputs && { inputs }),
      ...(textAt(source, 'tool') !== null && { tool: textAt(source, 'tool') }),
      ...textOf(kind, source, at, context),
      ...conditionOf(node),
      ...(Object.keys(own).length > 0 && { promptflow: own }),
    },
    bindings,
  };
}

function inputsOf(node: JsonObject): { inputs: JsonObject | undefined; bindings: JsonObject } {
  const entries = Object.entries(objectAt(node, 'inputs') ?? {});
  const isBinding = ([key, value]: readonly [string, Json]) =>
    BINDING.test(key) && typeof value === 'string' && !value.includes('${');
  const inputs = withoutEmpty(Object.fromEntries(entries.filter((entry) => !isBinding(entry))));
  const connection = withoutEmpty(node['connection']);
  const bindings = Object.fromEntries(entries.filter(isBinding));
  return {
    inputs: isObject(inputs) ? inputs : undefined,
    bindings: { ...bindings, ...(connection !== undefined && { connection }) },
  };
}

/** OpenAI reads `model`, Azure `deployment_name`: nodes that are to run on both name both. */
function modelOf(inputs: JsonObject = {}): StepProperties {
  const model = textAt(inputs, 'model');
  const deployment = textAt(inputs, 'deployment_name');
  const others = Object.entries(inputs).filter(([key]) => key !== 'model' && key !== 'deployment_name');
  const called = others
    .filter(([key]) => PARAMETERS.has(key))
    .map(([key, value]): [string, Json] => [key, asNumber(value)]);
  const modelParameters = modelParametersOf(Object.fromEntries(called));
  const filling = Object.fromEntries(others.filter(([key]) => !PARAMETERS.has(key)));
  return {
    ...(model !== null || deployment !== null ? { model: model ?? deployment ?? '' } : {}),
    ...(model !== null && deployment !== null && { deployment }),
    ...(modelParameters !== undefined && { modelParameters }),
    ...(Object.keys(filling).length > 0 && { inputs: filling }),
  };
}

function textOf(kind: string, source: JsonObject, at: readonly Segment[], { bundle }: ReadContext): StepProperties {
  const path = textAt(source, 'path');
  const file = path === null ? null : (bundle?.refer(path, [...at, 'source', 'path']) ?? null);
  if (file === null) return {};
  bundle?.use(file);
  if (kind === 'code') return { code: { source: file.content } };
  return { ...promptsOf(messagesOf(file.content)) };
}

/** `activate: { when: ${inputs.lang}, is: fr }` */
function conditionOf(node: JsonObject): StepProperties {
  const activate = objectAt(node, 'activate');
  if (activate === null) return {};
  return { condition: { if: `${String(activate['when'])} is ${JSON.stringify(activate['is'] ?? null)}` } };
}
