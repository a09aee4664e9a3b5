import type { Edge, Step } from '../../definition.ts';
import { isObject, type Json, type JsonObject } from '../../json.ts';
import { LIMITS } from '../../limits.ts';
import type { PathProblem } from '../../source/check-values.ts';
import { idAt } from '../fields.ts';
import { listAt, objectAt, textAt } from '../lenient.ts';
import { makeStepIds } from '../step-ids.ts';
import { portsOf } from './conditions.ts';
import { readNode } from './read-node.ts';

/** Where an iteration or a loop begins: drawn as a node of its own, and never one. */
const STARTS = new Set(['iteration-start', 'loop-start']);

interface Node {
  readonly raw: string | null;
  readonly id: string;
  readonly weakId?: true;
  readonly data: JsonObject;
  readonly parent: string | null;
  readonly path: string;
}

export interface ReadGraph {
  readonly steps: readonly Step[];
  readonly edges: readonly Edge[];
  /** Every node's data by its step's id, for what the workflow as a whole says by it. */
  readonly dataById: ReadonlyMap<string, JsonObject>;
  readonly problems: readonly PathProblem[];
}

export function readGraph(graph: JsonObject): ReadGraph {
  const items = listAt(graph, 'nodes').flatMap((node, index) =>
    isObject(node) ? [{ node, data: objectAt(node, 'data') ?? {}, path: `workflow.graph.nodes[${index}]` }] : [],
  );
  const starts = new Map(
    items.flatMap(({ node, data }) => {
      const [id, parent] = [idAt(node, 'id'), parentOf(node, data)];
      return STARTS.has(textAt(data, 'type') ?? '') && id !== null && parent !== null ? [[id, parent]] : [];
    }),
  );
  const shown = items.filter(({ node, data }) => !isNote(node, data) && !STARTS.has(textAt(data, 'type') ?? ''));
  const problems = tooMany(shown.length);
  if (problems.length > 0) return { steps: [], edges: [], dataById: new Map(), problems };
  const ids = makeStepIds(shown.map(({ node }) => idAt(node, 'id')));
  const nodes = shown.map(({ node, data, path }): Node => {
    const raw = idAt(node, 'id');
    const named = ids.claim(raw, textAt(data, 'title') ?? textAt(data, 'type') ?? 'step');
    return { raw, ...named, data, parent: parentOf(node, data), path };
  });
  return {
    ...nest(nodes),
    edges: edgesOf(graph, nodes, starts),
    dataById: new Map(nodes.map(({ id, data }) => [id, data])),
  };
}

/** Drawn for people to read; they run nothing. */
function isNote(node: JsonObject, data: JsonObject): boolean {
  return node['type'] === 'custom-note' || (textAt(data, 'type') === null && data['text'] !== undefined);
}

/** Early exports say it in the data alone. */
function parentOf(node: JsonObject, data: JsonObject): string | null {
  return idAt(node, 'parentId') ?? idAt(data, 'iteration_id') ?? idAt(data, 'loop_id');
}

function tooMany(count: number): PathProblem[] {
  if (count <= LIMITS.steps) return [];
  const message = `there are more than ${LIMITS.steps.toLocaleString('en')} nodes`;
  return [{ path: ['workflow', 'graph', 'nodes'], message }];
}

/** Puts nodes into the iterations and loops they stand in. What stands in nothing, or in itself, stands at the top. */
function nest(nodes: readonly Node[]): Pick<ReadGraph, 'steps' | 'problems'> {
  const byRaw = firstByRaw(nodes);
  const holderOf = new Map<Node, Node>();
  for (const node of nodes) {
    const holder = node.parent === null ? undefined : byRaw.get(node.parent);
    if (holder !== undefined && !isInside(holder, node, holderOf)) holderOf.set(node, holder);
  }
  const inside = Map.groupBy(nodes, (node) => holderOf.get(node));
  const problems: PathProblem[] = [];
  const build = (list: readonly Node[], depth: number): Step[] => {
    if (depth > LIMITS.stepNesting) {
      problems.push({
        path: ['workflow', 'graph', 'nodes'],
        message: `nodes are nested deeper than ${LIMITS.stepNesting}`,
      });
      return [];
    }
    return list.map((node) => {
      const own = inside.get(node) ?? [];
      const children = own.length === 0 ? [] : [{ role: 'steps', steps: build(own, depth + 1) }];
      return readNode(node.data, { ...node, children });
    });
  };
  return { steps: build(inside.get(undefined) ?? [], 1), problems };
}

function isInside(node: Node, other: Node, holderOf: ReadonlyMap<Node, Node>): boolean {
  for (let at: Node | undefined = node; at !== undefined; at = holderOf.get(at)) if (at === other) return true;
  return false;
}

function firstByRaw(nodes: readonly Node[]): Map<string, Node> {
  const found = new Map<string, Node>();
  for (const node of nodes) if (node.raw !== null && !found.has(node.raw)) found.set(node.raw, node);
  return found;
}

/** What leaves the start of a loop leaves the loop itself, by the way `start`. What leads nowhere runs nothing. */
function edgesOf(graph: JsonObject, nodes: readonly Node[], starts: ReadonlyMap<string, string>): Edge[] {
  const byRaw = firstByRaw(nodes);
  const edges = new Map<string, Edge>();
  const connect = (from: Node, to: Node | undefined, port: string | undefined): void => {
    if (to === undefined) return;
    edges.set(JSON.stringify([from.id, to.id, port]), {
      from: from.id,
      to: to.id,
      ...(port !== undefined && { port }),
    });
  };
  const portsByNode = new Map(nodes.map((node) => [node, portsOf(node.data)]));
  for (const edge of listAt(graph, 'edges')) {
    const source = idOf(edge, 'source');
    const loop = starts.get(source);
    const from = byRaw.get(loop ?? source);
    if (from === undefined) continue;
    const port = loop === undefined ? portsByNode.get(from)?.(textAt(edge, 'sourceHandle')) : 'start';
    connect(from, byRaw.get(idOf(edge, 'target')), port);
  }
  // Early exports name the first node of an iteration instead of drawing where it begins.
  for (const node of nodes) connect(node, byRaw.get(idAt(node.data, 'start_node_id') ?? ''), 'start');
  return [...edges.values()];
}

function idOf(edge: Json, key: string): string {
  return isObject(edge) ? (idAt(edge, key) ?? '') : '';
}
