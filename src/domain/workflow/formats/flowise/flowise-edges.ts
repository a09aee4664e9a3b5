import type { Edge } from '../../definition.ts';
import { isList, type Json, type JsonObject } from '../../json.ts';
import { textAt } from '../lenient.ts';

/** A node as the arrows know it. */
export interface FlowiseNode {
  readonly id: string;
  readonly name: string;
  readonly inputs: JsonObject;
}

/** Arrows and the inputs that are nothing but one. */
export interface ReadEdges {
  readonly edges: readonly Edge[];
  /** Of a node, by its id in the document: the names of the inputs that an arrow says already. */
  readonly saidByArrow: ReadonlyMap<string, ReadonlySet<string>>;
}

const REFERENCE = /^\{\{\s*([^{}\s]+?)\.data\.instance\s*\}\}$/;

/** @param nodes by their id in the document @param drawn the document's own list */
export function readEdges(nodes: ReadonlyMap<string, FlowiseNode>, drawn: readonly Json[]): ReadEdges {
  const edges: Edge[] = [];
  const ends = new Set<string>();
  for (const edge of drawn) {
    const [source, target] = [nodes.get(textAt(edge, 'source') ?? ''), nodes.get(textAt(edge, 'target') ?? '')];
    if (source === undefined || target === undefined) continue;
    const input = inputOf(textAt(edge, 'targetHandle') ?? '', textAt(edge, 'target') ?? '');
    const output = outputOf(textAt(edge, 'sourceHandle') ?? '', textAt(edge, 'source') ?? '', source);
    ends.add(JSON.stringify([source.id, target.id, input]));
    edges.push(edgeOf(source, target, [output, input]));
  }
  const saidByArrow = new Map<string, ReadonlySet<string>>();
  for (const [id, node] of nodes) {
    const said = new Set<string>();
    for (const [key, value] of Object.entries(node.inputs)) {
      const sources = referencesOf(value).map((reference) => nodes.get(reference));
      if (sources.length === 0 || sources.includes(undefined)) continue;
      said.add(key);
      for (const source of sources) {
        if (source !== undefined && !ends.has(JSON.stringify([source.id, node.id, key])))
          edges.push(edgeOf(source, node, [null, key]));
      }
    }
    if (said.size > 0) saidByArrow.set(id, said);
    const back = loopTarget(node.inputs, nodes);
    if (back !== null) edges.push({ from: node.id, to: back.id, port: 'loop back' });
  }
  return { edges, saidByArrow };
}

/** The node that a loop goes back to: its id, a dash and its label, which may have changed since. */
export function loopTarget(inputs: JsonObject, nodes: ReadonlyMap<string, FlowiseNode>): FlowiseNode | null {
  const text = textAt(inputs, 'loopBackToNode');
  if (text === null) return null;
  for (let end = text.length; end > 0; end = text.lastIndexOf('-', end - 1)) {
    const node = nodes.get(text.slice(0, end));
    if (node !== undefined) return node;
  }
  return null;
}

function referencesOf(value: Json): string[] {
  const list = isList(value) ? value : [value];
  const ids = list.flatMap((item) => (typeof item === 'string' ? (REFERENCE.exec(item)?.[1] ?? []) : []));
  return ids.length === list.length ? ids : [];
}

function edgeOf(source: FlowiseNode, target: FlowiseNode, ports: readonly (string | null)[]): Edge {
  const port = ports.filter((name) => name !== null).join(' → ');
  return { from: source.id, to: target.id, ...(port !== '' && { port }) };
}

/** `chain_0-input-model-BaseChatModel`: the input is `model`. Agentflow nodes have one input, which has no name. */
function inputOf(handle: string, id: string): string | null {
  const start = `${id}-input-`;
  return handle.startsWith(start) ? (handle.slice(start.length).split('-')[0] ?? null) : null;
}

/** The output where a node has several: a branch of a condition, or `retriever` of a vector store. */
function outputOf(handle: string, id: string, { name, inputs }: FlowiseNode): string | null {
  const start = `${id}-output-`;
  const output = handle.startsWith(start) ? (handle.slice(start.length).split('-')[0] ?? '') : '';
  if (output === '' || output === name) return null;
  return /^\d+$/.test(output) ? branchName(Number(output), name, inputs) : output;
}

/** Branches are numbered, the last one being for what fits no other: it stays that when another is added before it. */
function branchName(branch: number, name: string, inputs: JsonObject): string {
  if (name === 'humanInputAgentflow') return branch === 0 ? 'proceed' : 'reject';
  const { conditions, conditionAgentScenarios } = inputs;
  const cases = isList(conditions) ? conditions : isList(conditionAgentScenarios) ? conditionAgentScenarios : [];
  const isElse = name === 'conditionAgentflow' && cases.length > 0 && branch === cases.length;
  return isElse ? 'else' : `case ${branch + 1}`;
}
