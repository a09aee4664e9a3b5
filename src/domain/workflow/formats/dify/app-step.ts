import type { Step } from '../../definition.ts';
import type { Json, JsonObject } from '../../json.ts';
import { objectsAt, present, without } from '../fields.ts';
import { listAt, objectAt, textAt } from '../lenient.ts';
import { promptsOf } from '../prompt-messages.ts';
import { toolsOfApp } from './agent.ts';
import { modelOf, plainData } from './plain-data.ts';

/** Read into the words of the one step, or as the inputs of the workflow. */
const READ = new Set([
  'model',
  'pre_prompt',
  'prompt_type',
  'chat_prompt_config',
  'completion_prompt_config',
  'user_input_form',
  'agent_mode',
  'dataset_configs',
  'configs',
]);

/** An app without a graph (`chat`, `completion`, `agent-chat`) is one step, as everything it does is one call. */
export function appStep(config: JsonObject, mode: string, label: string): Step {
  const agent = objectAt(config, 'agent_mode') ?? {};
  const isAgent = mode === 'agent-chat' || agent['enabled'] === true;
  return {
    id: 'app',
    kind: isAgent ? 'agent' : 'llm',
    label,
    properties: present({
      ...modelOf(config['model']),
      ...promptsIn(config),
      ...(isAgent ? { ...toolsOfApp(agent), strategy: agent['strategy'], maxIterations: agent['max_iteration'] } : {}),
      ...(isAgent && { settings: plainData(without(agent, AGENT_READ)) }),
      knowledge: datasetIds(config),
      retrieval: plainData(without(objectAt(config, 'dataset_configs') ?? {}, new Set(['datasets']))),
    }),
    dependsOn: [],
    children: [],
    path: 'model_config',
  };
}

const AGENT_READ = new Set(['enabled', 'strategy', 'max_iteration', 'tools']);

/** Prompts of a simple app are one text; of an advanced one, as a chat or a completion model takes them. */
function promptsIn(config: JsonObject): JsonObject {
  if (textAt(config, 'prompt_type') !== 'advanced')
    return present({ systemPrompt: textAt(config, 'pre_prompt') ?? undefined });
  const chat = objectsAt(objectAt(config, 'chat_prompt_config') ?? {}, 'prompt');
  const completion = textAt(objectAt(objectAt(config, 'completion_prompt_config') ?? {}, 'prompt') ?? {}, 'text');
  const messages = chat.map((message) => ({
    role: textAt(message, 'role') ?? 'user',
    text: textAt(message, 'text') ?? '',
  }));
  return { ...promptsOf(completion === null ? messages : [...messages, { role: 'user', text: completion }]) };
}

/** Ids of knowledge, in no order. */
function datasetIds(config: JsonObject): Json {
  const holder = objectAt(objectAt(config, 'dataset_configs') ?? {}, 'datasets') ?? {};
  const ids = objectsAt(holder, 'datasets').flatMap((item) => {
    const dataset = objectAt(item, 'dataset') ?? item;
    return dataset['enabled'] === false ? [] : (textAt(dataset, 'id') ?? []);
  });
  const early = listAt(objectAt(config, 'agent_mode') ?? {}, 'datasets').map(String);
  return [...new Set([...ids, ...early])].sort();
}

/** What an app says and allows around its one step: opening, suggestions, moderation, files, speech. */
export function appFeatures(config: JsonObject): JsonObject {
  return plainData(without(config, READ));
}
