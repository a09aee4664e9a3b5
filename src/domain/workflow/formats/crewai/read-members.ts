import type { Criterion, Step, StepProperties } from '../../definition.ts';
import { isList, isObject, type Json, type JsonObject } from '../../json.ts';
import { pathText } from '../../source/source-scan.ts';
import { without } from '../fields.ts';
import { listAt, objectAt, textAt, withoutEmpty } from '../lenient.ts';
import { modelParametersOf } from '../model-parameters.ts';
import type { Member } from './crew-shapes.ts';

/** What only says how much is printed. */
const NOISE = ['verbose', 'step_callback', 'callback', 'callbacks'];
/** Which account or machine a model is reached by. */
const BINDINGS: ReadonlySet<string> = new Set(['base_url', 'api_base', 'api_key', 'api_version', 'organization']);
const OF_AGENTS = ['name', 'llm', 'tools', 'mcps', 'settings', 'max_iter', 'max_execution_time', 'max_retry_limit'];
const OF_TASKS = ['name', 'description', 'expected_output', 'context', 'tools'];
const OF_GUARDRAILS = ['guardrail', 'guardrails', 'guardrail_max_retries'];

export interface MemberReading {
  readonly properties: StepProperties;
  readonly bindings: JsonObject;
}

/** What an agent is: its model, its tools, and who it is told to be. */
export function readAgent({ definition }: Member): MemberReading {
  const agent: JsonObject = { ...definition, ...objectAt(definition, 'settings') };
  const { model, bindings } = readLlm(agent['llm']);
  const { max_iter, max_execution_time: seconds, max_retry_limit: attempts } = agent;
  return {
    properties: {
      ...model,
      ...toolsOf(agent),
      ...(isNumber(max_iter) && { maxIterations: max_iter }),
      ...(isNumber(seconds) && { timeout: `${String(seconds)}s` }),
      ...(isNumber(attempts) && { retry: { maxAttempts: Number(attempts) } }),
      ...guardrailsOf(agent),
      ...ownPart(agent, [...OF_AGENTS, ...OF_GUARDRAILS]),
    },
    bindings,
  };
}

/** What a task asks for, of whom, and what it is checked by. */
export function readTask({ definition: task }: Member): MemberReading {
  const description = textAt(task, 'description')?.trim() ?? null;
  const expected = textAt(task, 'expected_output')?.trim() ?? null;
  return {
    properties: {
      ...(description !== null && { task: description }),
      ...(expected !== null && { expectedOutput: expected }),
      ...toolsOf(task),
      ...guardrailsOf(task),
      ...ownPart(task, [...OF_TASKS, ...OF_GUARDRAILS]),
    },
    bindings: {},
  };
}

export function stepOf(
  member: Member,
  kind: string,
  named: Pick<Step, 'id' | 'weakId' | 'label'>,
  { properties }: MemberReading,
  dependsOn: readonly string[] = [],
): Step {
  return { ...named, kind, properties, dependsOn, children: [], path: pathText(member.at) };
}

/** `openai/gpt-4o`, or a mapping of it and of what it is called with. */
export function readLlm(llm: Json | undefined): { model: StepProperties; bindings: JsonObject } {
  if (typeof llm === 'string') return { model: { model: llm.trim() }, bindings: {} };
  if (!isObject(llm)) return { model: {}, bindings: {} };
  const model = textAt(llm, 'model') ?? textAt(llm, 'deployment_name');
  const provider = textAt(llm, 'provider');
  const others = Object.entries(without(llm, new Set(['model', 'deployment_name', 'provider'])));
  const modelParameters = modelParametersOf(Object.fromEntries(others.filter(([key]) => !BINDINGS.has(key))));
  return {
    model: {
      ...(model !== null && { model }),
      ...(provider !== null && { provider }),
      ...(modelParameters !== undefined && { modelParameters }),
    },
    bindings: Object.fromEntries(others.filter(([key]) => BINDINGS.has(key))),
  };
}

function toolsOf(member: JsonObject): StepProperties {
  const tools = listAt(member, 'tools').map(nameOf);
  const mcpServers = listAt(member, 'mcps').map(nameOf);
  return { ...(tools.length > 0 && { tools }), ...(mcpServers.length > 0 && { mcpServers }) };
}

function nameOf(item: Json): string {
  if (typeof item === 'string') return item;
  return (
    ['name', 'python', 'url', 'command', 'type'].map((key) => textAt(item, key)).find(Boolean) ?? JSON.stringify(item)
  );
}

/** Rules that an answer must keep to; with what is tried again when it does not. */
function guardrailsOf(member: JsonObject): StepProperties {
  const { guardrail, guardrails, guardrail_max_retries: retries } = member;
  const rules = [
    ...(guardrail === undefined || guardrail === null ? [] : [guardrail]),
    ...(isList(guardrails) ? guardrails : []),
  ];
  if (rules.length === 0) return {};
  const criteria = rules.map((value, index): Criterion => {
    const type = typeof value === 'string' ? 'guardrail' : 'function';
    return { id: index === 0 ? 'guardrail' : `guardrail#${index + 1}`, type, value };
  });
  return { evaluation: { criteria }, ...(isNumber(retries) && { guardrailRetries: retries }) };
}

function ownPart(member: JsonObject, read: readonly string[]): StepProperties {
  const own = withoutEmpty(without(member, new Set([...read, ...NOISE])));
  if (!isObject(own)) return {};
  const trimmed = Object.entries(own).map(([key, value]) => [key, typeof value === 'string' ? value.trim() : value]);
  return { crewai: Object.fromEntries(trimmed) };
}

function isNumber(value: Json | undefined): value is number {
  return typeof value === 'number';
}
