import type { JsonObject, JsonValue } from '../client/towpath-client.ts';

/**
 * What is at a path such as `steps.summarize.model` in a workflow's definition; undefined when there is nothing. In a list,
 * a part of the path is an index, or the `id` of one of its objects.
 */
export function valueAt(definition: JsonObject, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = definition;
  for (const part of path.split('.')) value = within(value, part);
  return value;
}

function within(value: JsonValue | undefined, part: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (isList(value))
    return value.find((item) => idOf(item) === part) ?? (/^\d+$/.test(part) ? value[Number(part)] : undefined);
  // Never what every object has, such as `constructor`.
  return Object.hasOwn(value, part) ? value[part] : undefined;
}

function idOf(value: JsonValue): JsonValue | undefined {
  return typeof value === 'object' && value !== null && !isList(value) && Object.hasOwn(value, 'id')
    ? value['id']
    : undefined;
}

/** `Array.isArray` does not tell read-only lists from objects. */
function isList(value: JsonObject | readonly JsonValue[]): value is readonly JsonValue[] {
  return Array.isArray(value);
}
