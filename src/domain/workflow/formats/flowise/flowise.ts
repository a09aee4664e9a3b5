import type { Definition, Step } from '../../definition.ts';
import { isList, isObject, type Json, type JsonObject } from '../../json.ts';
import { LIMITS } from '../../limits.ts';
import type { Format, Reading } from '../format.ts';
import { listAt, objectAt, textAt, unquoted, withoutEmpty } from '../lenient.ts';
import { makeStepIds } from '../step-ids.ts';
import { loopTarget, readEdges } from './flowise-edges.ts';
import { NOISE, NOTES } from './flowise-words.ts';
import { type NodeReading, readNode, stepOf } from './read-node.ts';
import { readForm } from './read-outputs.ts';

/**
 * Chatflows and agentflows (also the second version) of Flowise: as its canvas exports them, or as its API gives them,
 * with the canvas as text under `flowData`.
 */
export const flowise: Format = {
  id: 'flowise',
  title: 'Flowise flow',
  recognizes: (document) => {
    const canvas = canvasOf(document);
    return canvas?.nodes.some(isFlowiseNode) ?? false;
  },
  read,
};

interface Canvas {
  readonly nodes: readonly Json[];
  readonly edges: readonly Json[];
  readonly path: string;
}

/** Keys of which the nodes of every version have some, unless a program wrote them. */
const NODE_KEYS = ['inputParams', 'inputAnchors', 'outputAnchors'];

function isFlowiseNode(node: Json): boolean {
  const data = objectAt(node, 'data');
  const name = data === null ? null : textAt(data, 'name');
  if (data === null || name === null) return false;
  return NODE_KEYS.some((key) => isList(data[key])) || (name.endsWith('Agentflow') && isObject(data['inputs']));
}

function canvasOf(document: JsonObject): Canvas | null {
  const { nodes, edges, flowData } = document;
  if (isList(nodes)) return isList(edges) ? { nodes, edges, path: '' } : null;
  const inner = flowData === undefined ? null : unquoted(flowData);
  if (!isObject(inner) || !isList(inner['nodes'])) return null;
  return { nodes: inner['nodes'], edges: listAt(inner, 'edges'), path: 'flowData.' };
}

function read(document: JsonObject): Reading {
  const canvas = canvasOf(document);
  if (canvas === null) return { problems: [{ path: [], message: 'a Flowise flow has lists of nodes and edges' }] };
  if (canvas.nodes.length > LIMITS.steps) {
    const message = `there are more than ${LIMITS.steps.toLocaleString('en')} steps`;
    return { problems: [{ path: canvas.path === '' ? ['nodes'] : ['flowData'], message }] };
  }
  const nodes = readNodes(canvas);
  const first = new Map<string, NodeReading>();
  for (const { own, reading } of nodes) if (own !== null && !first.has(own)) first.set(own, reading);
  const { edges, saidByArrow } = readEdges(first, canvas.edges);
  const said = ({ own, reading }: PlacedNode): ReadonlySet<string> => {
    const arrows = own !== null && first.get(own) === reading ? saidByArrow.get(own) : undefined;
    return new Set([...(arrows ?? []), ...(loopTarget(reading.inputs, first) === null ? [] : ['loopBackToNode'])]);
  };
  const nesting = nest(nodes, said);
  if (nesting === null) {
    const message = `steps are nested deeper than ${LIMITS.stepNesting}`;
    return { problems: [{ path: canvas.path === '' ? ['nodes'] : ['flowData'], message }] };
  }
  return { definition: definitionOf(document, nesting, edges, nodes) };
}

interface PlacedNode {
  /** The id in the document. */
  readonly own: string | null;
  readonly parent: string | null;
  readonly reading: NodeReading;
}

function readNodes({ nodes, path }: Canvas): PlacedNode[] {
  const kept = [...nodes.entries()].filter(([, node]) => isObject(node) && !isNote(node));
  const ids = makeStepIds(kept.map(([, node]) => textAt(node, 'id')));
  return kept.map(([index, node]) => {
    const data = objectAt(node, 'data') ?? {};
    const own = textAt(node, 'id');
    const claimed = ids.claim(own, textAt(data, 'name') ?? 'node');
    const reading = readNode(data, { ...claimed, path: `${path}nodes[${index}]` });
    return { own, parent: textAt(node, 'parentNode') ?? textAt(node, 'parentId'), reading };
  });
}

function isNote(node: JsonObject): boolean {
  return NOTES.has(textAt(objectAt(node, 'data') ?? {}, 'name') ?? '') || textAt(node, 'type') === 'stickyNote';
}

/** Puts nodes into the iterations they stand in. A node whose parent is missing, or is inside it, stands at the top. Null: nested too deep. */
function nest(nodes: readonly PlacedNode[], said: (node: PlacedNode) => ReadonlySet<string>): Step[] | null {
  const byId = new Map(nodes.flatMap((node) => (node.own === null ? [] : [[node.own, node] as const])));
  const childrenOf = new Map<PlacedNode | null, PlacedNode[]>();
  for (const node of nodes) {
    const parent = parentOf(node, byId);
    const siblings = childrenOf.get(parent);
    if (siblings === undefined) childrenOf.set(parent, [node]);
    else siblings.push(node);
  }
  let isTooDeep = false;
  const build = (node: PlacedNode, depth: number): Step => {
    isTooDeep ||= depth > LIMITS.stepNesting;
    const children = isTooDeep ? [] : (childrenOf.get(node) ?? []).map((child) => build(child, depth + 1));
    return stepOf(node.reading, said(node), children);
  };
  const steps = (childrenOf.get(null) ?? []).map((node) => build(node, 1));
  return isTooDeep ? null : steps;
}

function parentOf(node: PlacedNode, byId: ReadonlyMap<string, PlacedNode>): PlacedNode | null {
  const seen = new Set([node]);
  const parent = node.parent === null ? undefined : byId.get(node.parent);
  for (let above = parent; above !== undefined; above = above.parent === null ? undefined : byId.get(above.parent)) {
    if (seen.has(above)) return null;
    seen.add(above);
  }
  return parent ?? null;
}

function definitionOf(
  document: JsonObject,
  steps: readonly Step[],
  edges: Definition['edges'],
  nodes: readonly PlacedNode[],
): Definition {
  const { name, description, nodes: _nodes, edges: _edges, flowData: _flowData, ...others } = document;
  const start = nodes.find(({ reading }) => reading.name === 'startAgentflow')?.reading;
  const form = listAt(start?.inputs ?? {}, 'formInputTypes');
  const rest = Object.fromEntries(Object.entries(others).filter(([key]) => !NOISE.has(key)));
  return {
    format: 'flowise',
    ...(typeof name === 'string' && { name }),
    ...(typeof description === 'string' && description !== '' && { description }),
    executionMode: 'dag',
    ...(form.length > 0 && { inputs: readForm(form) }),
    steps,
    edges,
    triggers: [],
    emits: [],
    bindings: bindingsOf(nodes),
    layout: {},
    rest: (withoutEmpty(rest) as JsonObject | undefined) ?? {},
    document,
  };
}

function bindingsOf(nodes: readonly PlacedNode[]): JsonObject {
  const bound = nodes.filter(({ reading }) => Object.keys(reading.bindings).length > 0);
  return Object.fromEntries(bound.map(({ reading }) => [reading.id, reading.bindings]));
}
