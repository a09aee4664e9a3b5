import type { Edge } from '../../definition.ts';
import { isList, isObject, type Json, type JsonObject } from '../../json.ts';
import { textAt } from '../lenient.ts';
import { outputNames } from './conditions.ts';
import { shortType } from './node-types.ts';

/** A node as connections see it. */
export interface ConnectedNode {
  readonly id: string;
  readonly label: string;
  readonly type: string;
  readonly version: number;
  readonly parameters: JsonObject;
  readonly onError: string | undefined;
}

export interface ReadConnections {
  readonly edges: readonly Edge[];
  /** Labels of the tools attached to a node, by its id. */
  readonly toolsOf: ReadonlyMap<string, readonly string[]>;
}

/**
 * Reads `connections`, which name nodes by label (some generators write ids). What leads from or to a node that
 * is not there runs nothing, as in n8n. A tool is told as a tool of its agent, so that its arrow is only drawn.
 * @param find the node of a name or id; null for none
 */
export function readConnections(
  connections: JsonObject,
  find: (name: string) => ConnectedNode | null,
): ReadConnections {
  const edges: Edge[] = [];
  const toolsOf = new Map<string, string[]>();
  const seen = new Set<string>();
  const connect = (from: ConnectedNode, port: string | undefined, type: string, target: JsonObject): void => {
    const to = find(textAt(target, 'node') ?? '');
    if (to === null) return;
    const isTool = type === 'ai_tool';
    const into = textAt(target, 'type') ?? type;
    const way = withInput(port, target['index'], into === type ? null : into);
    const key = JSON.stringify([from.id, to.id, way]);
    if (seen.has(key)) return;
    seen.add(key);
    edges.push({ from: from.id, to: to.id, ...(way !== undefined && { port: way }), ...(isTool && { implied: true }) });
    if (!isTool) return;
    const tools = toolsOf.get(to.id);
    if (tools === undefined) toolsOf.set(to.id, [from.label]);
    else tools.push(from.label);
  };
  for (const [name, ports] of Object.entries(connections)) {
    const from = find(name);
    if (from === null || !isObject(ports)) continue;
    const outputName = outputsOf(from);
    for (const [type, outputs] of Object.entries(ports)) {
      for (const [output, targets] of listOf(outputs).entries()) {
        const port = type === 'main' ? outputName(output) : type;
        for (const target of listOf(targets)) if (isObject(target)) connect(from, port, type, target);
      }
    }
  }
  return { edges, toolsOf };
}

function listOf(value: Json): readonly Json[] {
  return isList(value) ? value : [];
}

/**
 * `output 2 → input 2`, `ai_memory`; undefined for the one way out and in that most nodes have.
 * @param type of the input, where it is not the output's
 */
function withInput(port: string | undefined, input: Json | undefined, type: string | null): string | undefined {
  const nth = typeof input === 'number' && input > 0 ? `input ${input + 1}` : null;
  const into = [type, nth].filter((part) => part !== null).join(' ') || undefined;
  if (into === undefined) return port;
  return port === undefined ? into : `${port} → ${into}`;
}

/** What the ways out of a node are called: `false`, `error`, `output 2`. */
function outputsOf({ type, version, parameters, onError }: ConnectedNode): (output: number) => string | undefined {
  const names = namesOfOutputs(shortType(type), version, parameters);
  return (output) => {
    const known = names[output];
    if (known !== undefined) return known;
    if (onError === 'continueErrorOutput' && output === Math.max(1, names.length)) return 'error';
    if (shortType(type) === 'switch' && output === names.length) return 'fallback';
    return output === 0 ? undefined : `output ${output + 1}`;
  };
}

function namesOfOutputs(type: string, version: number, parameters: JsonObject): readonly string[] {
  if (type === 'if') return ['true', 'false'];
  if (type === 'switch') return outputNames(parameters);
  if (type === 'splitInBatches') return version >= 3 ? ['done', 'loop'] : ['loop', 'done'];
  return [];
}
