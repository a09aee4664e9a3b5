import { isList, isObject, type Json, type JsonObject } from '../json.ts';
import { pathText, type Segment } from '../source/source-scan.ts';

const LAYOUT_KEYS = new Set(['position', 'positionAbsolute', 'viewport']);
const LAYOUT_PARTS = new Set(['x', 'y', 'zoom']);
/** What a canvas keeps beside the place of a node. */
const BESIDE_POSITION = new Set([
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
/** What it keeps beside the two ends of an arrow. */
const BESIDE_ENDS = new Set(['selected', 'zIndex', 'className', 'animated', 'style']);

/**
 * Takes out of a document of unknown format what can only be where and how a canvas drew something:
 * under a telling key, two numbers or an object of nothing but `x`, `y` and `zoom`, and what stands beside it.
 * Anything less certain stays, for it may be logic.
 */
export function separateLayout(document: JsonObject): { rest: JsonObject; layout: JsonObject } {
  const layout: Record<string, Json> = {};
  const path: Segment[] = [];
  const below = <Result>(segment: Segment, visit: () => Result): Result => {
    path.push(segment);
    const result = visit();
    path.pop();
    return result;
  };
  const strip = (value: Json): Json => {
    if (isList(value)) return value.map((item, index) => below(index, () => strip(item)));
    return isObject(value) ? stripObject(value) : value;
  };
  const stripObject = (value: JsonObject): JsonObject => {
    const kept: Record<string, Json> = {};
    const beside = besideOf(value);
    for (const [key, inner] of Object.entries(value)) {
      if (isLayout(key, inner) || beside?.has(key)) layout[pathText([...path, key])] = inner;
      else kept[key] = below(key, () => strip(inner));
    }
    return kept;
  };
  return { rest: stripObject(document), layout };
}

function besideOf({ position, source, target }: JsonObject): ReadonlySet<string> | null {
  if (position !== undefined && isLayout('position', position)) return BESIDE_POSITION;
  return typeof source === 'string' && typeof target === 'string' ? BESIDE_ENDS : null;
}

function isLayout(key: string, value: Json): boolean {
  if (!LAYOUT_KEYS.has(key)) return false;
  if (isList(value)) return value.length === 2 && value.every((part) => typeof part === 'number');
  if (!isObject(value)) return false;
  const parts = Object.entries(value);
  return parts.length >= 2 && parts.every(([part, inner]) => LAYOUT_PARTS.has(part) && typeof inner === 'number');
}
