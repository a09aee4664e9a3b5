import { isList, isObject, type Json, type JsonObject } from '../json.ts';

/** What people keep beside a field that says nothing of what it takes. */
const NOISE: ReadonlySet<string> = new Set([
  'sample',
  'example',
  'examples',
  'is_chat_input',
  'is_chat_output',
  'is_chat_history',
]);
const REQUIRED = ['required', 'is_required'];

/**
 * The JSON Schema of fields as many tools list them: by name (`question: { type: string }`), or as items with a `name`.
 * Undefined where there are none.
 */
export function fieldSchema(fields: Json | undefined): JsonObject | undefined {
  const entries = entriesOf(fields);
  if (entries.length === 0) return undefined;
  const required = entries.flatMap(([name, field]) => (isObject(field) && isRequired(field) ? [name] : []));
  const properties = Object.fromEntries(entries.map(([name, field]) => [name, schemaOf(field)]));
  return { properties, ...(required.length > 0 && { required }) };
}

function entriesOf(fields: Json | undefined): (readonly [string, Json])[] {
  if (isObject(fields)) return Object.entries(fields);
  if (!isList(fields)) return [];
  return fields.flatMap((field): (readonly [string, Json])[] => {
    if (typeof field === 'string') return [[field, {}]];
    if (!isObject(field) || typeof field['name'] !== 'string') return [];
    const { name, ...others } = field;
    return [[name, others]];
  });
}

function isRequired(field: JsonObject): boolean {
  return REQUIRED.some((key) => field[key] === true);
}

/** A field that is a plain value has that value where nothing is given. */
function schemaOf(field: Json): Json {
  if (!isObject(field)) return field === null ? {} : { default: field };
  const { kind, ...others } = field;
  const kept = Object.entries(others).filter(([key]) => !NOISE.has(key) && !isFlag(key, others[key]));
  return { ...(kind !== undefined && others['type'] === undefined && { type: kind }), ...Object.fromEntries(kept) };
}

/** Whether it is required is said in the list of those that are. */
function isFlag(key: string, value: Json | undefined): boolean {
  return REQUIRED.includes(key) && typeof value === 'boolean';
}
