import { lookUp } from '../../../look-up.ts';
import { isList, isObject, type Json, type JsonObject } from '../../json.ts';
import { objectsAt, present } from '../fields.ts';
import { objectAt, textAt, unquoted } from '../lenient.ts';
import { modelOf, plainData, providerName, settingOf } from './plain-data.ts';

/** What agent strategies of several makers call the same things. */
const NAMES: Readonly<Record<string, string>> = {
  instruction: 'systemPrompt',
  query: 'task',
  maximum_iterations: 'maxIterations',
  max_iterations: 'maxIterations',
};
const MCP = /^(?:mcp_?servers?(?:_config)?|servers_config|mcp_server_url)$/i;

/** Model, prompts, tools and MCP servers of an agent node. */
export function agentOf(data: JsonObject): JsonObject {
  const given = objectAt(data, 'agent_parameters') ?? {};
  const provider = textAt(data, 'agent_strategy_provider_name');
  const found: Record<string, Json> = {};
  const others: Record<string, Json> = {};
  for (const [key, field] of Object.entries(given)) {
    const value = settingOf(field);
    const model = isObject(value) && value['type'] === 'model-selector' ? modelOf(value) : undefined;
    const name = lookUp(NAMES, key);
    if (model !== undefined && found['model'] === undefined) Object.assign(found, model);
    else if (isToolList(value)) Object.assign(found, toolsOf(value));
    else if (MCP.test(key)) Object.assign(found, mcpServersOf(value));
    else if (name !== undefined && found[name] === undefined && typeof value !== 'object') found[name] = value;
    else others[key] = value;
  }
  const strategy = [provider === null ? '' : providerName(provider), textAt(data, 'agent_strategy_name') ?? ''];
  return present({ ...found, strategy: strategy.filter(Boolean).join(': '), arguments: plainData(others) });
}

function isToolList(value: Json): value is readonly JsonObject[] {
  return (
    isList(value) && value.length > 0 && value.every((item) => isObject(item) && textAt(item, 'tool_name') !== null)
  );
}

/** Tools that are switched on, by name, and how each is set. */
export function toolsOf(list: readonly JsonObject[]): JsonObject {
  const on = list.filter((tool) => tool['enabled'] !== false);
  const settings = on.flatMap((tool) => {
    const { settings: set, parameters, tool_parameters: given, tool_configurations: configured, extra } = tool;
    const all = plainData({
      set: set ?? null,
      parameters: parameters ?? given ?? null,
      configured: configured ?? null,
    });
    const description = isObject(extra) ? extra['description'] : undefined;
    const how = present({
      ...valuesIn(all['set']),
      ...valuesIn(all['configured']),
      ...valuesIn(all['parameters']),
      description,
    });
    return Object.keys(how).length === 0 ? [] : [[toolName(tool), how] as const];
  });
  const servers = on.filter((tool) => isMcp(tool)).map(providerOf);
  return present({
    tools: [...new Set(on.map(toolName))].sort(),
    mcpServers: [...new Set(servers)].sort(),
    toolSettings: Object.fromEntries(settings),
  });
}

function valuesIn(fields: Json | undefined): JsonObject {
  return isObject(fields)
    ? Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, settingOf(field)]))
    : {};
}

/** `time/current_time` */
export function toolName(tool: JsonObject): string {
  return [providerOf(tool), textAt(tool, 'tool_name') ?? ''].filter(Boolean).join('/');
}

export function isMcp(tool: JsonObject): boolean {
  return tool['provider_type'] === 'mcp' || tool['type'] === 'mcp';
}

/** By name: the ids of people's own tools differ from one installation to the next. */
export function providerOf(tool: JsonObject): string {
  const id = textAt(tool, 'provider_id') ?? textAt(tool, 'provider') ?? '';
  const name = textAt(tool, 'provider_name') ?? '';
  const isMadeUp = /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(id);
  return providerName((isMadeUp || id === '' ? name : id) || id);
}

/** MCP servers by name, or by address where they have none, and how each is reached. */
function mcpServersOf(value: Json): JsonObject {
  const config = unquoted(value);
  const holder = isObject(config) ? (objectAt(config, 'mcpServers') ?? config) : null;
  const servers = holder === null ? addressesIn(value) : Object.entries(holder);
  return present({ mcpServers: servers.map(([name]) => name).sort(), mcpServerConfig: Object.fromEntries(servers) });
}

function addressesIn(value: Json): [string, Json][] {
  const addresses = (typeof value === 'string' ? value : JSON.stringify(value)).split(/[\s,]+/).filter(Boolean);
  return addresses.map((url) => [url.replace(/[?#].*$/s, ''), { url }]);
}

/** Tools of an app that is an agent without a graph, in the shapes of several years. */
export function toolsOfApp(agentMode: JsonObject): JsonObject {
  const tools = objectsAt(agentMode, 'tools').map((tool) => {
    const [name] = Object.keys(tool);
    if (textAt(tool, 'tool_name') !== null || name === undefined) return tool;
    const early = objectAt(tool, name) ?? {};
    return {
      ...early,
      tool_name: textAt(early, 'id') ?? name,
      provider_name: textAt(early, 'id') === null ? '' : name,
    };
  });
  return toolsOf(tools);
}
