import { isList, isObject, type Json, type JsonObject } from '../json.ts';
import { pathText, type Segment } from '../source/source-scan.ts';

/** How deep a document holds its canvas at most: `workflow.graph` is two deep. */
const CANVAS_DEPTH = 4;
const PLACES = new Set(['position', 'positionAbsolute']);
const PLACE_PARTS = new Set(['x', 'y', 'zoom']);
/** What canvas editors keep beside the place of a node. */
const BESIDE_PLACE = new Set([
  'width',
  'height',
  'selected',
  'dragging',
  'resizing',
  'zIndex',
  'measured',
  'sourcePosition',
  'targetPosition',
]);
/** What they keep beside the two ends of an arrow. */
const BESIDE_ENDS = new Set(['selected', 'zIndex', 'className', 'animated', 'style']);

/**
 * Takes out of a document of unknown format where and how a canvas drew it. Only of what is certainly one (`nodes` with
 * `edges` or `connections`), there only what editors write: elsewhere a `position` may be where an agent clicks.
 * Parts without any of it are shared with the document, not copied.
 */
export function separateLayout(document: JsonObject): { rest: JsonObject; layout: JsonObject } {
  const layout: Record<string, Json> = {};
  const takeOut = (object: JsonObject, at: readonly Segment[], isLayout: (key: string, value: Json) => boolean) => {
    const taken = Object.entries(object).filter(([key, value]) => isLayout(key, value));
    for (const [key, value] of taken) layout[pathText([...at, key])] = value;
    const keys = new Set(taken.map(([key]) => key));
    return keys.size === 0 ? object : Object.fromEntries(Object.entries(object).filter(([key]) => !keys.has(key)));
  };
  const eachObject = (
    list: readonly Json[],
    at: readonly Segment[],
    change: (item: JsonObject, at: readonly Segment[]) => Json,
  ) => list.map((item, index) => (isObject(item) ? change(item, [...at, index]) : item));

  const visit = (value: JsonObject, at: readonly Segment[]): JsonObject => {
    if (at.length > CANVAS_DEPTH) return value;
    const { nodes, edges } = value;
    const isCanvas = isList(nodes) && (isList(edges) || isObject(value['connections']));
    const own = isCanvas ? takeOut(value, at, (key, inner) => key === 'viewport' && isPlace(inner)) : value;
    const changed: Record<string, Json> = {};
    if (isCanvas)
      changed['nodes'] = eachObject(nodes, [...at, 'nodes'], (node, here) => takeOut(node, here, layoutOf(node)));
    if (isCanvas && isList(edges)) {
      changed['edges'] = eachObject(edges, [...at, 'edges'], (edge, here) =>
        takeOut(edge, here, (key) => BESIDE_ENDS.has(key)),
      );
    }
    for (const key of isCanvas ? [] : Object.keys(own)) {
      const inner = own[key];
      if (!isObject(inner)) continue;
      const visited = visit(inner, [...at, key]);
      if (visited !== inner) changed[key] = visited;
    }
    return Object.keys(changed).length === 0 ? own : { ...own, ...changed };
  };
  return { rest: visit(document, []), layout };
}

function layoutOf({ position }: JsonObject): (key: string, value: Json) => boolean {
  const isPlaced = position !== undefined && isPlace(position);
  return (key, value) => (PLACES.has(key) && isPlace(value)) || (isPlaced && BESIDE_PLACE.has(key));
}

/** Two numbers, or an object of nothing but `x`, `y` and `zoom`. */
function isPlace(value: Json): boolean {
  if (isList(value)) return value.length === 2 && value.every((part) => typeof part === 'number');
  if (!isObject(value)) return false;
  const parts = Object.entries(value);
  return parts.length >= 2 && parts.every(([part, inner]) => PLACE_PARTS.has(part) && typeof inner === 'number');
}
