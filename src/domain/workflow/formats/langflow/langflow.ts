import type { Definition } from '../../definition.ts';
import { isList, isObject, type Json, type JsonObject } from '../../json.ts';
import { LIMITS } from '../../limits.ts';
import type { PathProblem } from '../../source/check-values.ts';
import type { Format, Reading } from '../format.ts';
import { objectAt, textAt, withoutEmpty } from '../lenient.ts';
import { NOISE } from './langflow-words.ts';
import { type Canvas, readCanvas } from './read-canvas.ts';

/** Flows of Langflow, as it exports them: the canvas under `data`, or, in some versions and in its own files, at the top. */
export const langflow: Format = {
  id: 'langflow',
  title: 'Langflow flow',
  recognizes: (document) => {
    const canvas = canvasOf(document);
    if (canvas === null) return false;
    return canvas.nodes.length === 0 ? 'last_tested_version' in document : canvas.nodes.some(isLangflowNode);
  },
  read,
};

function canvasOf(document: JsonObject): Canvas | null {
  const data = objectAt(document, 'data');
  const [holder, path] = data === null ? [document, [] as const] : [data, ['data'] as const];
  const { nodes, edges } = holder;
  return isList(nodes) && isList(edges) ? { nodes, edges, path } : null;
}

/** A node carries the definition of its component, whose fields are its template, or the flow that it groups. */
function isLangflowNode(node: Json): boolean {
  const component = objectAt(objectAt(node, 'data') ?? {}, 'node');
  return component !== null && (objectAt(component, 'template') !== null || objectAt(component, 'flow') !== null);
}

function read(document: JsonObject): Reading {
  const canvas = canvasOf(document);
  if (canvas === null) return { problems: [{ path: [], message: 'a Langflow flow has lists of nodes and edges' }] };
  const problems: PathProblem[] = [];
  const { steps, edges, bindings } = readCanvas(canvas, problems);
  if (problems.length > 0) return { problems: problems.slice(0, LIMITS.problems) };
  const { name, description, data: _data, nodes: _nodes, edges: _edges, ...others } = document;
  const rest = withoutEmpty(Object.fromEntries(Object.entries(others).filter(([key]) => !NOISE.has(key))));
  const definition: Definition = {
    format: 'langflow',
    ...(typeof name === 'string' && { name }),
    ...(textAt(document, 'description') !== null && typeof description === 'string' && { description }),
    executionMode: 'dag',
    steps,
    edges,
    triggers: [],
    emits: [],
    bindings,
    layout: {},
    rest: isObject(rest) ? rest : {},
    document,
  };
  return { definition };
}
