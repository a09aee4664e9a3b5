import type { Definition, Edge, Step, StepGroup } from '../../definition.ts';
import { isList, isObject, type Json, type JsonObject } from '../../json.ts';
import { pathText, type Segment } from '../../source/source-scan.ts';
import { fieldSchema } from '../field-schema.ts';
import { without } from '../fields.ts';
import type { Format, ReadContext, Reading } from '../format.ts';
import { objectAt, textAt } from '../lenient.ts';
import { makeStepIds, type StepIds } from '../step-ids.ts';
import { readNode } from './read-node.ts';

const NOISE = ['$schema', 'id', 'tags', 'display_name'];
const READ = ['name', 'description', 'inputs', 'outputs', 'nodes', 'environment_variables'];
const TYPES: ReadonlySet<string> = new Set(['llm', 'custom_llm', 'prompt', 'python', 'typescript', 'csharp']);

/** A directed graph of prompt flow, `flow.dag.yaml`. */
export const promptflow: Format = { id: 'promptflow', title: 'prompt flow', recognizes, read };

function recognizes({ nodes, edges, connections, node_variants }: JsonObject): boolean {
  if (!isList(nodes) || nodes.length === 0 || edges !== undefined || connections !== undefined) return false;
  const isNode = (node: Json) =>
    textAt(node, 'name') !== null &&
    (TYPES.has(textAt(node, 'type') ?? '') || (isObject(node) && node['use_variants'] === true)) &&
    (objectAt(node, 'source') !== null || objectAt(node, 'inputs') !== null || isObject(node_variants));
  return nodes.every(isNode);
}

function read(document: JsonObject, context: ReadContext): Reading {
  const nodes = (isList(document['nodes']) ? document['nodes'] : []).map((node) => (isObject(node) ? node : {}));
  const ids = makeStepIds(nodes.map((node) => textAt(node, 'name')));
  const readings = nodes.map((node, index) => readFlowNode(node, index, { document, context, ids }));
  const requirements = textAt(objectAt(document, 'environment') ?? {}, 'python_requirements_txt');
  if (requirements !== null) context.bundle?.refer(requirements, ['environment', 'python_requirements_txt']);
  const name = textAt(document, 'name') ?? textAt(document, 'display_name');
  const description = textAt(document, 'description');
  const inputs = fieldSchema(document['inputs']);
  const outputs = fieldSchema(document['outputs']);
  const definition: Definition = {
    format: 'promptflow',
    ...(name !== null && { name }),
    ...(description !== null && { description }),
    executionMode: 'dag',
    ...(inputs !== undefined && { inputs }),
    ...(outputs !== undefined && { outputs }),
    steps: readings.map(({ step }) => step),
    edges: edgesOf(nodes, readings, document),
    triggers: [],
    emits: [],
    bindings: bindingsOf(readings, document),
    layout: {},
    rest: restOf(document, nodes),
    document,
  };
  return { definition };
}

interface Place {
  readonly document: JsonObject;
  readonly context: ReadContext;
  readonly ids: StepIds;
}

interface FlowNode {
  readonly step: Step;
  /** By step id. */
  readonly bindings: Readonly<Record<string, JsonObject>>;
}

function readFlowNode(node: JsonObject, index: number, { document, context, ids }: Place): FlowNode {
  const at = ['nodes', index];
  const name = textAt(node, 'name');
  const claimed = ids.claim(name, 'node');
  const base = { ...claimed, dependsOn: [], path: pathText(at) };
  const variants = name === null ? null : variantsOf(node, name, document);
  if (variants === null) {
    const { kind, properties, bindings } = readNode(node, at, context);
    return { step: { ...base, kind, properties, children: [] }, bindings: { [claimed.id]: bindings } };
  }
  const readings = Object.entries(objectAt(variants, 'variants') ?? {}).map(([variant, value]) =>
    readVariant(`${claimed.id}.${variant}`, variant, objectAt(value, 'node') ?? {}, claimed.id, context),
  );
  const children = readings.map(({ step, variant }): StepGroup => ({ role: variant, steps: [step] }));
  const own = { ...without(node, new Set(['name', 'type', 'source', 'inputs', 'use_variants'])) };
  const promptflow = { ...own, variant: textAt(variants, 'default_variant_id') ?? '' };
  return {
    step: { ...base, kind: 'variants', properties: { promptflow }, children },
    bindings: Object.fromEntries(readings.map(({ step, bindings }) => [step.id, bindings])),
  };
}

function readVariant(id: string, variant: string, node: JsonObject, owner: string, context: ReadContext) {
  const at: readonly Segment[] = ['node_variants', owner, 'variants', variant, 'node'];
  const { kind, properties, bindings } = readNode(node, at, context);
  const step: Step = {
    id,
    kind,
    label: `${owner} (${variant})`,
    properties,
    dependsOn: [],
    children: [],
    path: pathText(at),
  };
  return { step, bindings, variant };
}

/** What else a node may run as, where it says so. */
function variantsOf(node: JsonObject, name: string, document: JsonObject): JsonObject | null {
  const all = objectAt(document, 'node_variants') ?? {};
  const own = Object.hasOwn(all, name) ? objectAt(all, name) : null;
  return node['use_variants'] === true && objectAt(own ?? {}, 'variants') !== null ? own : null;
}

const REFERENCE = /\$\{([A-Za-z_][\w-]{0,200})\.output\b/g;

/** An arrow for each other node whose output a node refers to. */
function edgesOf(nodes: readonly JsonObject[], readings: readonly FlowNode[], document: JsonObject): Edge[] {
  const idOf = new Map(nodes.map((node, index) => [textAt(node, 'name'), readings[index]?.step.id ?? '']));
  return nodes.flatMap((node, index) => {
    const name = textAt(node, 'name');
    const parts = [node, name === null ? null : variantsOf(node, name, document)];
    const names = parts.flatMap((part) =>
      [...JSON.stringify(part).matchAll(REFERENCE)].map(([, found]) => found ?? ''),
    );
    const to = readings[index]?.step.id ?? '';
    return [...new Set(names)].flatMap((from): Edge[] => {
      const id = idOf.get(from);
      return id === undefined || id === to ? [] : [{ from: id, to }];
    });
  });
}

function bindingsOf(readings: readonly FlowNode[], document: JsonObject): JsonObject {
  const own = readings.flatMap(({ bindings }) => Object.entries(bindings));
  const environment = objectAt(document, 'environment_variables');
  return Object.fromEntries([
    ...own.filter(([, bound]) => Object.keys(bound).length > 0),
    ...(environment === null ? [] : [['environment variables', environment] as const]),
  ]);
}

/** Variants that no node uses are kept: somebody may switch to them. */
function restOf(document: JsonObject, nodes: readonly JsonObject[]): JsonObject {
  const used = nodes.flatMap((node) => {
    const name = textAt(node, 'name');
    return name !== null && variantsOf(node, name, document) !== null ? [name] : [];
  });
  const { node_variants, ...others } = without(document, new Set([...NOISE, ...READ]));
  const unused = isObject(node_variants) ? without(node_variants, new Set(used)) : {};
  return { ...others, ...(Object.keys(unused).length > 0 && { node_variants: unused }) };
}
