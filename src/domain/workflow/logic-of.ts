import canonicalize from 'canonicalize';
import { isDocumentation } from './bundle/documentation.ts';
import { withCanonicalIds } from './canonical-ids.ts';
import { compareText } from './compare-text.ts';
import { allSteps, type Definition, type Step, type StepGroup } from './definition.ts';
import { isList, isObject, type Json, type JsonObject } from './json.ts';
import { namesStepsByLabel, renameReferences } from './step-references.ts';

/**
 * What a workflow does, as one value in which equal means "no functional change".
 * The comparison in domain/diff keeps to the same rule; a property test holds the two together.
 */
export function logicOf(definition: Definition): JsonObject {
  const { format, executionMode, inputs, outputs, triggers, emits, rest } = definition;
  const { steps, edges } = withCanonicalIds({ ...definition, steps: withIdsForLabels(definition) });
  return {
    format,
    executionMode,
    inputs: schemaLogic(inputs ?? {}),
    outputs: schemaLogic(outputs ?? {}),
    steps: steps.map((step) => stepLogic(step, executionMode)).sort(orderFor(executionMode)),
    edges: asSet(edges.filter((edge) => !edge.implied).map((edge) => ({ ...edge }))),
    triggers: asSet(triggers.map((trigger) => ({ ...trigger, environments: asSet(trigger.environments ?? []) }))),
    emits: asSet(emits),
    rest,
    ...filesLogic(definition.files),
  };
}

/** Nothing at all where there are none, so that a version of one file stays what it is. */
function filesLogic(files: Definition['files']): JsonObject {
  const logic = Object.entries(files ?? {}).filter(([path]) => !isDocumentation(path));
  return logic.length === 0 ? {} : { files: Object.fromEntries(logic) };
}

/** Where texts name other steps by what people call them, a new name is no new logic: ids take its place. */
function withIdsForLabels({ format, steps }: Definition): readonly Step[] {
  if (!namesStepsByLabel(format)) return steps;
  const ids = new Map(allSteps({ steps }).flatMap(({ id, label }) => (label === undefined ? [] : [[label, id]])));
  const renamed = (step: Step): Step => ({
    ...step,
    properties: renameReferences(step.properties as JsonObject, format, ids),
    children: step.children.map((group) => ({ ...group, steps: group.steps.map(renamed) })),
  });
  return steps.map(renamed);
}

/** Properties of a step that are lists whose order means nothing. */
export const SET_PROPERTIES: ReadonlySet<string> = new Set(['tools', 'mcpServers', 'dataSources']);

function stepLogic(step: Step, mode: Definition['executionMode']): JsonObject {
  return {
    id: step.id,
    kind: step.kind,
    dependsOn: asSet(step.dependsOn),
    properties: propertiesLogic(step.properties as JsonObject),
    children: step.children
      .filter(({ steps }) => steps.length > 0)
      .map((group) => groupLogic(group, mode))
      .sort((a, b) => compareText(String(a['role']), String(b['role']))),
  };
}

function groupLogic({ role, steps }: StepGroup, mode: Definition['executionMode']): JsonObject {
  return { role, steps: steps.map((step) => stepLogic(step, mode)).sort(orderFor(mode)) };
}

/** In a graph only dependencies order steps, so how they are listed is noise. */
function orderFor(mode: Definition['executionMode']): (a: JsonObject, b: JsonObject) => number {
  return mode === 'dag' ? (a, b) => compareText(String(a['id']), String(b['id'])) : () => 0;
}

function propertiesLogic(properties: JsonObject): JsonObject {
  const logic: Record<string, Json> = {};
  for (const [key, value] of Object.entries(properties)) {
    if (key === 'outputs' && isObject(value)) logic[key] = schemaLogic(value);
    else if (key === 'evaluation' && isObject(value)) logic[key] = evaluationLogic(value);
    else if (key === 'approval' && isObject(value)) logic[key] = approvalLogic(value);
    else if (!isEmpty(value)) logic[key] = SET_PROPERTIES.has(key) && isList(value) ? asSet(value) : value;
  }
  return logic;
}

/** Approvers are people, in no order. */
export function approvalLogic({ approvers, ...others }: JsonObject): JsonObject {
  return isList(approvers) ? { ...others, approvers: asSet(approvers) } : others;
}

/** Criteria are told apart by id; their order means nothing. */
function evaluationLogic(evaluation: JsonObject): JsonObject {
  const { criteria, ...others } = evaluation;
  return { ...others, criteria: asSet(isList(criteria) ? criteria : []) };
}

/**
 * A JSON Schema in which equal means the same. The order of `required`, `enum` and a list of types means nothing,
 * and no fields are the same as none. Fields may be called like keywords, so they are told apart from them.
 */
export function schemaLogic(schema: JsonObject): JsonObject {
  const normal = withEach(schema, (key, value) =>
    key === 'properties' && isObject(value)
      ? withEach(value, (_name, field) => fieldLogic(field))
      : keywordLogic(key, value),
  );
  const { properties = null, required = null } = normal;
  if (!isEmpty(properties) && !isEmpty(required)) return normal;
  const isIdle = (key: string, value: Json) => (key === 'properties' || key === 'required') && isEmpty(value);
  return Object.fromEntries(Object.entries(normal).filter(([key, value]) => !isIdle(key, value)));
}

function fieldLogic(field: Json): Json {
  return isObject(field) ? schemaLogic(field) : field;
}

/** The object itself where every value stays what it is: most schemas are normal, and some are large. */
function withEach(object: JsonObject, change: (key: string, value: Json) => Json): JsonObject {
  let changed: Record<string, Json> | undefined;
  for (const key of Object.keys(object)) {
    const value = object[key] ?? null;
    const now = change(key, value);
    if (now === value) continue;
    changed ??= { ...object };
    changed[key] = now;
  }
  return changed ?? object;
}

function keywordLogic(key: string, value: Json): Json {
  if (SET_KEYWORDS.has(key) && isList(value)) return asSet(value);
  if (isList(value)) return value.map((item) => (isObject(item) ? schemaLogic(item) : item));
  return isObject(value) ? schemaLogic(value) : value;
}

const SET_KEYWORDS: ReadonlySet<string> = new Set(['required', 'enum', 'type']);

function isEmpty(value: Json): boolean {
  return isList(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

/** Sorted, once each. */
function asSet(items: readonly Json[]): Json[] {
  if (items.every((item) => typeof item === 'string')) return [...new Set(items)].sort();
  const byText = new Map(items.map((item) => [canonicalize(item) ?? '', item]));
  return [...byText].sort(([a], [b]) => compareText(a, b)).map(([, item]) => item);
}
