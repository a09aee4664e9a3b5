import type { Step, StepProperties } from '../../definition.ts';
import { isList, isObject, type Json, type JsonObject } from '../../json.ts';
import { pathText, type Segment } from '../../source/source-scan.ts';
import { byName, listAt, objectAt, textAt } from '../lenient.ts';
import { modelParametersOf } from '../model-parameters.ts';
import type { StepIds } from '../step-ids.ts';
import { referenceIn, type SuiteFiles } from './suite-files.ts';
import { claimAll } from './suite-ids.ts';

/** Which account or machine a provider is reached by. */
const BINDINGS: ReadonlySet<string> = new Set([
  ...['apiKey', 'apiKeyEnvar', 'apiHost', 'apiBaseUrl', 'apiBase', 'organization', 'projectId', 'region', 'profile'],
  ...['accessKeyId', 'secretAccessKey', 'sessionToken', 'deployment_id', 'resourceName'],
]);
const SYSTEM_PROMPTS = ['systemPrompt', 'system_prompt', 'system', 'systemInstruction', 'instructions'];

export interface Provider {
  readonly step: Step;
  readonly bindings: JsonObject;
  /** Labels of the prompts that it is for; null for all of them. */
  readonly prompts: readonly Json[] | null;
}

/** Every provider of a suite as a step of its model. */
export function readProviders(document: JsonObject, files: SuiteFiles, ids: StepIds): Provider[] {
  const key = document['providers'] === undefined ? 'targets' : 'providers';
  const value = files.data(document[key], [key]);
  const items = isList(value) ? value : value === undefined || value === null ? [] : [value];
  const found = items.flatMap((item, index) => providersIn(item, [key, index], files));
  const listed = found.map(({ provider }) => ({
    own: textAt(provider, 'label') ?? textAt(provider, 'id'),
    name: 'provider',
    content: provider,
  }));
  const claimed = claimAll(ids, listed);
  return found.map(({ provider, at }, index) => readProvider(provider, at, files, claimed[index] ?? { id: '' }));
}

interface Placed {
  readonly provider: JsonObject;
  readonly at: readonly Segment[];
}

function providersIn(item: Json, at: readonly Segment[], files: SuiteFiles): Placed[] {
  if (typeof item === 'string') {
    const data = /\.(?:ya?ml|json)$/i.test(item) ? files.data(item, at) : item;
    if (isList(data))
      return data.flatMap((inner) => (isObject(inner) ? [{ provider: inner, at }] : providersIn(inner, at, noFiles)));
    return [{ provider: isObject(data) ? data : { id: item }, at }];
  }
  if (!isObject(item)) return [];
  if (textAt(item, 'id') !== null || textAt(item, 'label') !== null) return [{ provider: item, at }];
  // `openai:gpt-4o: { config: … }`
  return Object.entries(item).map(([id, settings]) => ({ provider: { id, ...(isObject(settings) && settings) }, at }));
}

/** A list in a file names no further files. */
const noFiles: SuiteFiles = {
  areHere: false,
  behind: () => [],
  filled: (value) => value,
  data: (value) => value,
  check: () => {},
};

function readProvider(
  provider: JsonObject,
  at: readonly Segment[],
  files: SuiteFiles,
  claimed: Pick<Step, 'id' | 'weakId'>,
): Provider {
  const { id: _id, label: _label, config: _config, provider: _provider, prompts, env, ...others } = provider;
  const id = textAt(provider, 'id');
  const label = textAt(provider, 'label');
  const model = textAt(provider, 'provider') ?? id;
  const [file] = files.behind(model ?? undefined, at);
  const config = Object.entries(objectAt(provider, 'config') ?? {});
  const bindings = Object.fromEntries(config.filter(([key]) => BINDINGS.has(key)));
  const called = Object.fromEntries(config.filter(([key]) => !BINDINGS.has(key)));
  const isRun = referenceIn(model ?? undefined) !== null;
  const step: Step = {
    ...claimed,
    kind: isRun ? 'code' : 'llm',
    ...(label !== null && { label }),
    properties: {
      ...(model !== null && !isRun && { model }),
      ...(file !== undefined && { code: { source: file.content } }),
      ...configOf(called, [...at, 'config'], files, {
        ...others,
        ...(prompts !== undefined && { prompts }),
        ...(isRun && { file: model }),
      }),
    },
    dependsOn: [],
    children: [],
    path: pathText(at),
  };
  return { step, bindings: { ...bindings, ...(isObject(env) && env) }, prompts: isList(prompts) ? prompts : null };
}

function configOf(
  config: JsonObject,
  at: readonly Segment[],
  files: SuiteFiles,
  others: Readonly<Record<string, Json>>,
): StepProperties {
  const { tools, mcp, ...rest } = config;
  const systemKey = SYSTEM_PROMPTS.find((key) => typeof rest[key] === 'string');
  const { [systemKey ?? '']: system, ...called } = rest;
  const data = files.data(tools, [...at, 'tools']);
  const items = isList(data) ? data : [];
  const servers = [...listAt(mcp, 'servers'), ...(isObject(mcp) && mcp['server'] !== undefined ? [mcp['server']] : [])];
  const modelParameters = modelParametersOf(files.filled(called, at) as JsonObject);
  const own = {
    ...others,
    ...(items.length > 0
      ? { tools: byName(items.map((tool) => [nameOf(tool), tool])) }
      : tools !== undefined && { tools }),
    ...(mcp !== undefined && { mcp }),
  };
  return {
    ...(system !== undefined && { systemPrompt: String(files.filled(system, at)) }),
    ...(modelParameters !== undefined && { modelParameters }),
    ...(items.length > 0 && { tools: items.map(nameOf) }),
    ...(servers.length > 0 && { mcpServers: servers.map(nameOf) }),
    ...(Object.keys(own).length > 0 && { promptfoo: own }),
  };
}

function nameOf(item: Json): string {
  if (typeof item === 'string') return item;
  const inner = objectAt(item, 'function') ?? item;
  return textAt(inner, 'name') ?? textAt(item, 'command') ?? textAt(item, 'url') ?? textAt(item, 'type') ?? 'unnamed';
}
