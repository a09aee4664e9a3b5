import type { Definition, Step, StepProperties } from '../../definition.ts';
import { isList, isObject, type Json, type JsonObject } from '../../json.ts';
import { fieldSchema } from '../field-schema.ts';
import type { Format, Reading } from '../format.ts';
import { objectAt, textAt, unquoted } from '../lenient.ts';
import { type PromptMessage, promptsOf } from '../prompt-messages.ts';
import { fromPicoschema } from './picoschema.ts';
import { evaluationOf } from './read-evaluators.ts';
import { readModel } from './read-model.ts';
import { messagesOf } from './role-markers.ts';

/** Who wrote it, and what to try it with. */
const NOISE = ['authors', 'tags', 'sample', 'version', 'metadata', '$schema'];
/** Read into words that every step has. */
const READ = [
  ...['name', 'description', 'model', 'modelParameters', 'config', 'tools', 'messages', 'connection'],
  ...['input', 'inputs', 'output', 'outputs', 'jsonSchema', 'testData', 'evaluators'],
];
/** The one step of a prompt has no name but this. */
const STEP = 'prompt';

/** One prompt in a file: Prompty and Dotprompt (front matter, then the text), and GitHub Models' `.prompt.yml`. */
export const prompt: Format = {
  id: 'prompt',
  title: 'Prompt file',
  recognizes: (document) => isFrontMatter(document) || isPromptYaml(document),
  read,
};

function isFrontMatter(document: JsonObject): boolean {
  const { frontMatter, body } = document;
  return isObject(frontMatter) && typeof body === 'string' && Object.keys(document).length === 2;
}

/** Messages alone may be anybody's; with a model, or with what judges the answers, they are a prompt. */
function isPromptYaml({ messages, model, modelParameters, testData, evaluators }: JsonObject): boolean {
  const areMessages =
    isList(messages) && messages.length > 0 && messages.every((item) => textAt(item, 'role') !== null);
  return (
    areMessages && (typeof model === 'string' || isObject(modelParameters) || isList(testData) || isList(evaluators))
  );
}

function read(document: JsonObject): Reading {
  const front = isFrontMatter(document) ? (objectAt(document, 'frontMatter') ?? {}) : document;
  const body = isFrontMatter(document) ? String(document['body']) : null;
  const name = textAt(front, 'name');
  const description = textAt(front, 'description');
  const { bindings, others, ...model } = readModel(front);
  const bound: JsonObject = {
    ...(front['connection'] !== undefined && { connection: front['connection'] }),
    ...bindings,
  };
  const inputs = inputsOf(front);
  const outputs = outputsOf(front);
  const step = stepOf({
    ...model,
    ...promptsOf(body === null ? messagesIn(front) : messagesOf(body)),
    ...evaluationOf(front),
    prompt: { ...others, ...unread(front) },
  });
  const definition: Definition = {
    format: 'prompt',
    ...(name !== null && { name }),
    ...(description !== null && { description }),
    executionMode: 'unspecified',
    ...(inputs !== undefined && { inputs }),
    ...(outputs !== undefined && { outputs }),
    steps: [step],
    edges: [],
    triggers: [],
    emits: [],
    bindings: Object.keys(bound).length === 0 ? {} : { [STEP]: bound },
    layout: {},
    rest: {},
    document,
  };
  return { definition };
}

function stepOf({ prompt: own, ...others }: StepProperties & { readonly prompt: JsonObject }): Step {
  const properties: StepProperties = { ...others, ...(Object.keys(own).length > 0 && { prompt: own }) };
  return { id: STEP, kind: 'llm', properties, dependsOn: [], children: [], path: STEP };
}

function messagesIn(front: JsonObject): PromptMessage[] {
  const { messages } = front;
  return (isList(messages) ? messages : []).flatMap((item): PromptMessage[] => {
    const content = isObject(item) ? item['content'] : undefined;
    const text = typeof content === 'string' ? content : content === undefined ? '' : JSON.stringify(content, null, 2);
    return [{ role: textAt(item, 'role') ?? 'user', text: text.trimEnd() }];
  });
}

function unread(front: JsonObject): JsonObject {
  const { output } = front;
  const format = textAt(output, 'format');
  return {
    ...Object.fromEntries(Object.entries(front).filter(([key]) => !READ.includes(key) && !NOISE.includes(key))),
    ...(format !== null && { outputFormat: format }),
  };
}

function inputsOf({ input, inputs }: JsonObject): JsonObject | undefined {
  if (!isObject(input)) return fieldSchema(inputs);
  const schema = fromPicoschema(input['schema'] ?? {});
  return withDefaults(schema, objectAt(input, 'default') ?? {});
}

function withDefaults(schema: JsonObject, defaults: JsonObject): JsonObject | undefined {
  const fields = objectAt(schema, 'properties') ?? {};
  const given = Object.entries(defaults).map(([name, value]): [string, Json] => [
    name,
    { ...objectAt(fields, name), default: value },
  ]);
  if (given.length > 0) return { ...schema, properties: { ...fields, ...Object.fromEntries(given) } };
  return Object.keys(schema).length === 0 ? undefined : schema;
}

function outputsOf({ output, outputs, jsonSchema }: JsonObject): JsonObject | undefined {
  if (isObject(output) && output['schema'] !== undefined) return fromPicoschema(output['schema']);
  if (jsonSchema === undefined) return fieldSchema(outputs);
  const schema = unquoted(jsonSchema);
  return isObject(schema) ? (objectAt(schema, 'schema') ?? schema) : undefined;
}
