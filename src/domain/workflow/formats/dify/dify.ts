import type { Definition } from '../../definition.ts';
import { isObject, type Json, type JsonObject } from '../../json.ts';
import { objectsAt, present, without } from '../fields.ts';
import type { Format, Reading } from '../format.ts';
import { listAt, objectAt, textAt } from '../lenient.ts';
import { appFeatures, appStep } from './app-step.ts';
import { type ReadGraph, readGraph } from './graph.ts';
import { fieldsOfForm, formSchema, outputSchema } from './inputs.ts';
import { plainData } from './plain-data.ts';

/** Of an app: how it is shown. */
const APP_NOISE = ['icon', 'icon_type', 'icon_background', 'use_icon_as_answer_icon', 'max_active_requests'];
/** Of a document: `version` is that of the language it is written in. */
const NOISE = ['version', 'kind'];
const READ = ['app', 'rag_pipeline', 'workflow', 'model_config', 'dependencies'];
const KNOWN = new Set([...NOISE, ...READ]);
const APP_KNOWN = new Set([...APP_NOISE, 'name', 'description', 'mode']);
const WORKFLOW_KNOWN = new Set([
  'graph',
  'features',
  'conversation_variables',
  'environment_variables',
  'rag_pipeline_variables',
]);
/** Kept beside what is allowed: what the installation allows at most. */
const FEATURE_NOISE = new Set(['fileUploadConfig']);

/** An app as Dify exports it: a graph of nodes, or the settings of an app without one. */
export const dify: Format = { id: 'dify', title: 'Dify app', recognizes, read };

function recognizes(document: JsonObject): boolean {
  const { kind } = document;
  const isApp = isObject(document['app']) || isObject(document['rag_pipeline']);
  if (kind !== undefined && kind !== 'app' && kind !== 'rag_pipeline') return false;
  const hasGraph = objectAt(objectAt(document, 'workflow'), 'graph') !== null;
  return isApp && (hasGraph || isObject(document['model_config']));
}

function read(document: JsonObject): Reading {
  const app = objectAt(document, 'app') ?? objectAt(document, 'rag_pipeline') ?? {};
  const workflow = objectAt(document, 'workflow') ?? {};
  const graph = objectAt(workflow, 'graph');
  const definition = graph === null ? appDefinition(document, app) : graphDefinition(document, app, workflow, graph);
  return definition;
}

function graphDefinition(document: JsonObject, app: JsonObject, workflow: JsonObject, graph: JsonObject): Reading {
  const found = readGraph(graph);
  if (found.problems.length > 0) return { problems: found.problems };
  const inputs = formSchema(
    [...found.dataById.values()].filter(isStart).flatMap((data) => objectsAt(data, 'variables')),
  );
  const outputs = outputSchema([...found.dataById.values()].filter(isEnd).flatMap((data) => listAt(data, 'outputs')));
  return {
    definition: {
      ...namesOf(app),
      ...frame(document),
      ...(inputs !== null && { inputs }),
      ...(outputs !== null && { outputs }),
      steps: found.steps,
      edges: found.edges,
      bindings: bindingsOf(document, workflow, found),
      rest: present({
        ...restOf(document, app),
        ...without(workflow, WORKFLOW_KNOWN),
        features: plainData(withoutNoise(objectAt(workflow, 'features') ?? {})),
        conversation_variables: variablesByName(objectsAt(workflow, 'conversation_variables')),
        rag_pipeline_variables: formSchema(objectsAt(workflow, 'rag_pipeline_variables')) ?? undefined,
      }),
    },
  };
}

/** Apps without a graph: everything is said by their settings. */
function appDefinition(document: JsonObject, app: JsonObject): Reading {
  const config = objectAt(document, 'model_config') ?? {};
  const mode = textAt(app, 'mode') ?? 'chat';
  const inputs = formSchema(fieldsOfForm(listAt(config, 'user_input_form')));
  return {
    definition: {
      ...namesOf(app),
      ...frame(document),
      ...(inputs !== null && { inputs }),
      steps: [appStep(config, mode, mode === 'agent-chat' ? 'Agent' : 'Assistant')],
      edges: [],
      bindings: dependenciesOf(document),
      rest: present({ ...restOf(document, app), features: withoutNoise(appFeatures(config)) }),
    },
  };
}

function namesOf(app: JsonObject): Pick<Definition, 'name' | 'description'> {
  const [name, description] = [textAt(app, 'name'), textAt(app, 'description')];
  return { ...(name !== null && { name }), ...(description !== null && { description }) };
}

function frame(document: JsonObject) {
  return { format: 'dify', executionMode: 'dag', triggers: [], emits: [], layout: {}, document } as const;
}

function restOf(document: JsonObject, app: JsonObject): JsonObject {
  return { ...without(document, KNOWN), ...without(app, APP_KNOWN), ...present({ mode: app['mode'] }) };
}

function isStart(data: JsonObject): boolean {
  return textAt(data, 'type') === 'start';
}

function isEnd(data: JsonObject): boolean {
  return textAt(data, 'type') === 'end';
}

function withoutNoise(features: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(features).map(([key, value]) => [key, isObject(value) ? without(value, FEATURE_NOISE) : value]),
  );
}

/** By name: their ids are made anew by an import, and their order means nothing. */
function variablesByName(variables: readonly JsonObject[]): JsonObject {
  return Object.fromEntries(
    variables.flatMap((variable) => {
      const name = textAt(variable, 'name');
      const { value_type: type, value, description } = variable;
      return name === null
        ? []
        : [[name, { ...present({ type, description }), ...(value !== undefined && { value }) }]];
    }),
  );
}

/** What an installation brings: values of its environment, plugins, and the credentials that tools use. */
function bindingsOf(document: JsonObject, workflow: JsonObject, { dataById }: ReadGraph): JsonObject {
  const environment = variablesByName(objectsAt(workflow, 'environment_variables'));
  const steps = [...dataById].flatMap(([id, data]) => {
    const used = present({ credential: data['credential_id'], plugin: data['plugin_unique_identifier'] });
    return Object.keys(used).length === 0 ? [] : [[id, used] as const];
  });
  return {
    ...present({ environment_variables: environment }),
    ...dependenciesOf(document),
    ...Object.fromEntries(steps),
  };
}

/** By the plugin's name, so that another version of it is one change. */
function dependenciesOf(document: JsonObject): JsonObject {
  const plugins = objectsAt(document, 'dependencies').map((dependency) => pluginOf(dependency));
  return present({ dependencies: Object.fromEntries(plugins) });
}

function pluginOf(dependency: JsonObject): readonly [string, Json] {
  const value = objectAt(dependency, 'value') ?? {};
  const id = Object.entries(value).flatMap(([key, text]) =>
    /unique_identifier$/.test(key) && typeof text === 'string' ? [text] : [],
  )[0];
  const [name, ...version] = (id ?? textAt(value, 'repo') ?? JSON.stringify(value)).split(':');
  return [name ?? '', version.join(':') || (value['version'] ?? '')];
}
