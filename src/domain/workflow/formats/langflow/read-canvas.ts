import { lookUp } from '../../../look-up.ts';
import type { Edge, Step } from '../../definition.ts';
import { isObject, type Json, type JsonObject } from '../../json.ts';
import { LIMITS } from '../../limits.ts';
import type { PathProblem } from '../../source/check-values.ts';
import { pathText, type Segment } from '../../source/source-scan.ts';
import { listAt, objectAt, textAt } from '../lenient.ts';
import { makeStepIds, type StepIds } from '../step-ids.ts';
import { innerOutput, readHandle } from './langflow-handles.ts';
import { KINDS } from './langflow-words.ts';
import { readFields } from './read-fields.ts';

/** Nodes and arrows, of a flow or of a group in it. */
export interface Canvas {
  readonly nodes: readonly Json[];
  readonly edges: readonly Json[];
  readonly path: readonly Segment[];
}

export interface ReadCanvas {
  readonly steps: readonly Step[];
  readonly edges: readonly Edge[];
  /** By the id of the step. */
  readonly bindings: JsonObject;
}

/** A node that counts, with what is inside it. */
interface Node {
  readonly own: string | null;
  readonly data: JsonObject;
  readonly component: JsonObject;
  readonly group: Group | null;
  readonly at: readonly Segment[];
}

interface Group {
  readonly nodes: readonly Node[];
  readonly edges: readonly Json[];
}

/** Reads all steps, those inside groups as the children of their group, and the arrows between the nodes that they really join. */
export function readCanvas(canvas: Canvas, problems: PathProblem[]): ReadCanvas {
  const top = findNodes(canvas, problems);
  const all = flat(top.nodes);
  const ids = makeStepIds(all.map(({ own }) => own));
  const stepIds = new Map<string, string>();
  const bindings: Record<string, JsonObject> = {};
  const steps = readSteps(top.nodes, { ids, stepIds, bindings }, new Map());
  const byId = new Map(all.flatMap((node) => (node.own === null ? [] : [[node.own, node] as const])));
  const groups = [top, ...all.flatMap(({ group }) => group ?? [])];
  const edges = groups.flatMap((group) => group.edges.flatMap((edge) => readEdge(edge, byId, stepIds)));
  return { steps, edges, bindings };
}

function findNodes(canvas: Canvas, problems: PathProblem[]): Group {
  let seen = 0;
  const find = ({ nodes, edges, path }: Canvas, depth: number): Group => {
    const found: Node[] = [];
    for (const [index, node] of nodes.entries()) {
      if (!isObject(node) || isNote(node)) continue;
      const at = [...path, 'nodes', index];
      if (++seen > LIMITS.steps) {
        if (seen === LIMITS.steps + 1)
          problems.push({ path: at, message: `there are more than ${LIMITS.steps.toLocaleString('en')} steps` });
        break;
      }
      const data = objectAt(node, 'data') ?? {};
      const component = objectAt(data, 'node') ?? {};
      found.push({
        own: textAt(node, 'id') ?? textAt(data, 'id'),
        data,
        component,
        group: groupOf(component, at, depth),
        at,
      });
    }
    return { nodes: found, edges };
  };
  const groupOf = (component: JsonObject, at: readonly Segment[], depth: number): Group | null => {
    const inner = objectAt(objectAt(component, 'flow') ?? {}, 'data');
    if (inner === null) return null;
    const path = [...at, 'data', 'node', 'flow', 'data'];
    if (depth >= LIMITS.stepNesting) {
      problems.push({ path, message: `steps are nested deeper than ${LIMITS.stepNesting}` });
      return null;
    }
    return find({ nodes: listAt(inner, 'nodes'), edges: listAt(inner, 'edges'), path }, depth + 1);
  };
  return find(canvas, 1);
}

const NOTES: ReadonlySet<string> = new Set(['note', 'noteNode']);

function isNote(node: JsonObject): boolean {
  return NOTES.has(textAt(node, 'type') ?? '') || NOTES.has(textAt(objectAt(node, 'data') ?? {}, 'type') ?? '');
}

function flat(nodes: readonly Node[]): Node[] {
  return nodes.flatMap((node) => [node, ...flat(node.group?.nodes ?? [])]);
}

interface StepContext {
  readonly ids: StepIds;
  /** The id of the step by that of its node: the first one's, where several have the same. */
  readonly stepIds: Map<string, string>;
  readonly bindings: Record<string, JsonObject>;
}

/** @param shown fields that the group around these nodes shows as its own, by node and field: their values are the ones that count */
function readSteps(nodes: readonly Node[], context: StepContext, shown: ReadonlyMap<string, JsonObject>): Step[] {
  return nodes.map((node) => {
    const { data, component, own, group, at } = node;
    const type = textAt(data, 'type') ?? 'Component';
    const claimed = context.ids.claim(own, type);
    if (own !== null && !context.stepIds.has(own)) context.stepIds.set(own, claimed.id);
    const template = withShown(objectAt(component, 'template') ?? {}, own ?? '', shown);
    const kind = group === null ? kindOf(type, component) : 'group';
    const { properties, bindings } = readFields(group === null ? template : {}, kind);
    if (Object.keys(bindings).length > 0) context.bindings[claimed.id] = bindings;
    const label = textAt(component, 'display_name') ?? textAt(data, 'display_name');
    const children = readSteps(group?.nodes ?? [], context, shownFields(template));
    return {
      ...claimed,
      kind,
      ...(label !== null && { label }),
      properties: {
        ...(kind !== type.toLowerCase() && kind !== type && group === null && { component: type }),
        ...(component['frozen'] === true && { frozen: true }),
        ...(component['tool_mode'] === true && { toolMode: true }),
        ...properties,
      },
      dependsOn: [],
      children: children.length > 0 ? [{ role: 'steps', steps: children }] : [],
      path: pathText(at),
    };
  });
}

function kindOf(type: string, component: JsonObject): string {
  const known = lookUp(KINDS, type);
  if (known !== undefined) return known;
  return listAt(component, 'base_classes').includes('LanguageModel') ? 'llm' : type;
}

/** The fields of a group that stand for fields of the nodes inside it. */
function shownFields(template: JsonObject): ReadonlyMap<string, JsonObject> {
  const found = new Map<string, JsonObject>();
  for (const field of Object.values(template)) {
    const proxy = objectAt(field, 'proxy');
    const [id, name] = [textAt(proxy ?? {}, 'id'), textAt(proxy ?? {}, 'field')];
    if (isObject(field) && id !== null && name !== null) found.set(JSON.stringify([id, name]), field);
  }
  return found;
}

function withShown(template: JsonObject, id: string, shown: ReadonlyMap<string, JsonObject>): JsonObject {
  if (shown.size === 0) return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, field]) => {
      const outer = shown.get(JSON.stringify([id, name]));
      return [name, outer === undefined ? field : { ...outer, ...(isObject(field) && proxyOf(field)) }];
    }),
  );
}

/** In a group inside a group, the inner one still says where its field leads. */
function proxyOf(field: JsonObject): JsonObject {
  const proxy = objectAt(field, 'proxy');
  return proxy === null ? {} : { proxy };
}

function readEdge(edge: Json, byId: ReadonlyMap<string, Node>, stepIds: ReadonlyMap<string, string>): Edge[] {
  if (!isObject(edge)) return [];
  const source = sourceOf(edge, byId);
  const target = targetOf(edge, byId);
  const [from, to] = [stepIds.get(source.id), stepIds.get(target.id)];
  if (from === undefined || to === undefined) return [];
  const port = [source.port, target.port].filter((name) => name !== null && name !== '').join(' → ');
  return [{ from, to, ...(port !== '' && { port }) }];
}

interface End {
  readonly id: string;
  readonly port: string | null;
}

function sourceOf(edge: JsonObject, byId: ReadonlyMap<string, Node>): End {
  let end: End = { id: textAt(edge, 'source') ?? '', port: readHandle(edge, 'sourceHandle').port };
  for (let depth = 0; depth < LIMITS.stepNesting; depth++) {
    const node = byId.get(end.id);
    const inner = node?.group == null ? null : innerOutput(listAt(node.component, 'outputs'), end.port);
    if (inner === null) return end;
    end = { id: inner.id, port: inner.field };
  }
  return end;
}

/** An arrow into a group ends at the field of a node inside it; in a group inside a group, at the field which that one stands for. */
function targetOf(edge: JsonObject, byId: ReadonlyMap<string, Node>): End {
  const { port, inner } = readHandle(edge, 'targetHandle');
  let end: End = { id: textAt(edge, 'target') ?? '', port };
  let next = inner;
  for (let depth = 0; depth < LIMITS.stepNesting && next !== null && byId.has(next.id); depth++) {
    end = { id: next.id, port: next.field };
    const template = objectAt(byId.get(next.id)?.component ?? {}, 'template') ?? {};
    const proxy = objectAt(objectAt(template, next.field) ?? {}, 'proxy');
    const [id, field] = [textAt(proxy ?? {}, 'id'), textAt(proxy ?? {}, 'field')];
    next = id !== null && field !== null ? { id, field } : null;
  }
  return end;
}
