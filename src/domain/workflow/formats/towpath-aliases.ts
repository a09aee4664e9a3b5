import type { StepProperties } from '../definition.ts';
import type { Json, JsonObject } from '../json.ts';
import type { PathProblem } from '../source/check-values.ts';
import type { Segment } from '../source/source-scan.ts';
import type { RawStep } from './towpath-schema.ts';

/** Other words that people bring along, and what each means here. */
const STEP_ALIASES: readonly [alias: string, path: readonly string[]][] = [
  ['instruction', ['systemPrompt']],
  ['instructions', ['systemPrompt']],
  ['llm', ['model']],
  ['expected_output', ['expectedOutput']],
  ['temperature', ['modelParameters', 'temperature']],
  ['maxTokens', ['modelParameters', 'maxTokens']],
  ['max_tokens', ['modelParameters', 'maxTokens']],
  ['max_iterations', ['maxIterations']],
];

/** Not properties: they have a place of their own in the model. */
const ELSEWHERE: ReadonlySet<string> = new Set(['id', 'type', 'label', 'description', 'dependsOn']);

/** The properties of a step under their own names, without its nested steps. Saying one thing twice is a problem, not a choice. */
export function propertiesOf(
  raw: RawStep,
  at: readonly Segment[],
): { properties: StepProperties; problems: PathProblem[] } {
  const problems: PathProblem[] = [];
  const properties: Record<string, Json> = {};
  const aliases = new Map(STEP_ALIASES);
  for (const [key, value] of Object.entries(raw)) {
    if (value !== undefined && !ELSEWHERE.has(key) && !aliases.has(key)) properties[key] = value as Json;
  }
  renameWithin(properties, 'modelParameters', 'max_tokens', 'maxTokens', at, problems);
  renameWithin(properties, 'loop', 'max_iterations', 'maxIterations', at, problems);
  for (const [alias, path] of STEP_ALIASES) {
    const value = raw[alias as keyof RawStep];
    if (value !== undefined) setOnce(properties, path, value as Json, [...at, alias], problems);
  }
  return { properties: withoutNestedSteps(properties), problems };
}

function renameWithin(
  properties: Record<string, Json>,
  block: string,
  alias: string,
  name: string,
  at: readonly Segment[],
  problems: PathProblem[],
): void {
  const value = (properties[block] as JsonObject | undefined)?.[alias];
  if (value === undefined) return;
  properties[block] = omit(properties[block] as JsonObject, [alias]);
  setOnce(properties, [block, name], value, [...at, block, alias], problems);
}

function setOnce(
  properties: Record<string, Json>,
  [first, second]: readonly string[],
  value: Json,
  at: readonly Segment[],
  problems: PathProblem[],
): void {
  const key = first as string;
  const block = second === undefined ? properties : { ...(properties[key] as JsonObject | undefined) };
  const name = second ?? key;
  if (block[name] !== undefined) {
    problems.push({
      path: at,
      message: `says the same as ‘${[first, second].filter(Boolean).join('.')}’; keep one of them`,
    });
  }
  (block as Record<string, Json>)[name] = value;
  if (second !== undefined) properties[key] = block;
}

function withoutNestedSteps(properties: Record<string, Json>): StepProperties {
  const own: Record<string, Json> = { ...properties };
  if (own['condition'] !== undefined) own['condition'] = omit(own['condition'] as JsonObject, ['then', 'else']);
  if (own['loop'] !== undefined) own['loop'] = omit(own['loop'] as JsonObject, ['steps']);
  if (own['parallel'] !== undefined) own['parallel'] = omit(own['parallel'] as JsonObject, ['branches']);
  return own as StepProperties;
}

function omit(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(([key, value]) => value !== undefined && !keys.includes(key)),
  );
}
