import { isList, isObject, type Json, type JsonObject } from '../../json.ts';
import { byName, listAt, textAt, withoutEmpty } from '../lenient.ts';
import type { PropertyDraft } from '../property-draft.ts';

/** Reads what an agent may use: tools, MCP servers and knowledge, each named once, with its settings beside it. */
export function readTools(inputs: JsonObject, draft: PropertyDraft): void {
  const builtIn = Object.entries(inputs).flatMap(([key, value]) => {
    const names = isList(value) ? value : [value];
    return /^agent(?:Tools)?BuiltIn/.test(key) ? names.filter((name) => typeof name === 'string') : [];
  });
  const chosen = byName(listAt(inputs, 'agentTools').map(readTool));
  const names = [...builtIn, ...Object.keys(chosen)];
  draft.set('mcpServers', withoutEmpty(names.filter(isServer)));
  draft.set('tools', withoutEmpty(names.filter((name) => !isServer(name))));
  draft.set('toolSettings', withoutEmpty(chosen));
  readOwnTool(inputs, draft);
  draft.set('knowledge', withoutEmpty(readKnowledge(inputs)));
}

function isServer(name: string): boolean {
  return /mcp/i.test(name);
}

function readTool(tool: Json): readonly [string, Json] {
  const name = textAt(tool, 'agentSelectedTool') ?? 'no tool chosen';
  if (!isObject(tool)) return [name, {}];
  const { agentSelectedToolConfig, agentSelectedToolRequiresHumanInput, agentSelectedTool: _, ...others } = tool;
  const asks = agentSelectedToolRequiresHumanInput === true;
  return [name, { ...settingsOf(agentSelectedToolConfig), ...others, ...(asks && { requiresHumanInput: true }) }];
}

/** A tool's settings repeat its name. */
function settingsOf(config: Json | undefined): JsonObject {
  if (!isObject(config)) return {};
  const { agentSelectedTool: _, toolAgentflowSelectedTool: __, selectedTool, ...settings } = config;
  return selectedTool === undefined ? settings : { ...settings, selectedTool };
}

/** The one tool of a node that is a tool. */
function readOwnTool(inputs: JsonObject, draft: PropertyDraft): void {
  draft.set('tool', inputs['toolAgentflowSelectedTool'] ?? inputs['selectedTool']);
  const config = inputs['toolAgentflowSelectedToolConfig'] ?? inputs['selectedToolConfig'];
  draft.set('toolSettings', withoutEmpty(settingsOf(config)));
}

function readKnowledge(inputs: JsonObject): Json[] {
  const stores = ['agentKnowledgeDocumentStores', 'retrieverKnowledgeDocumentStores'].flatMap((key) =>
    listAt(inputs, key),
  );
  const vectors = listAt(inputs, 'agentKnowledgeVSEmbeddings');
  return [
    ...stores.map((store) => named(store, 'documentStore')),
    ...vectors.map((vector) => named(vector, 'knowledgeName')),
  ];
}

function named(item: Json, key: string): Json {
  if (!isObject(item)) return item;
  const { [key]: _, ...others } = item;
  return { name: textAt(item, key) ?? '', ...others };
}
