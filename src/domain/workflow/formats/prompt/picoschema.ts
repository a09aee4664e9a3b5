import { isList, isObject, type Json, type JsonObject } from '../../json.ts';

/** `name?(array, what it is)`: a name, whether it may be left out, what kind of thing it is, and what people say of it. */
const KEY = /^(?<name>[^?(]+)(?<optional>\?)?(?:\((?<kind>object|array|enum)(?:,(?<description>[^)]*))?\))?$/;
const WRAPPED: ReadonlySet<string> = new Set(['object', 'array', 'enum']);
const DEEPEST = 20;

/** JSON Schema of a schema in Dotprompt's short form; a JSON Schema as it is, and the name of one as a reference. */
export function fromPicoschema(schema: Json): JsonObject {
  if (typeof schema === 'string') return fieldOf(schema);
  if (!isObject(schema)) return {};
  const isJsonSchema = isObject(schema['properties']) || typeof schema['$ref'] === 'string';
  return isJsonSchema || typeof schema['type'] === 'string' ? schema : fieldsOf(schema, 0);
}

function objectOf(fields: JsonObject, depth: number): JsonObject {
  return { type: 'object', ...fieldsOf(fields, depth) };
}

function fieldsOf(fields: JsonObject, depth: number): JsonObject {
  const properties: Record<string, Json> = {};
  const required: string[] = [];
  for (const [key, value] of Object.entries(fields)) {
    const groups = KEY.exec(key)?.groups;
    const name = (groups?.['name'] ?? key).trim();
    const description = groups?.['description']?.trim();
    const kind = groups?.['kind'] ?? 'value';
    const schema = depth >= DEEPEST ? {} : WRAPPED.has(kind) ? wrap(kind, value, depth) : schemaOf(value, depth);
    properties[name] = { ...schema, ...(description && { description }) };
    if (groups?.['optional'] === undefined) required.push(name);
  }
  return { properties, ...(required.length > 0 && { required }) };
}

function wrap(kind: string, value: Json, depth: number): JsonObject {
  if (kind === 'array') return { type: 'array', items: schemaOf(value, depth) };
  if (kind === 'enum') return { enum: isList(value) ? value : [value] };
  return schemaOf(value, depth);
}

function schemaOf(value: Json, depth: number): JsonObject {
  if (typeof value === 'string') return fieldOf(value);
  return isObject(value) ? objectOf(value, depth + 1) : {};
}

const TYPES: ReadonlySet<string> = new Set([
  'string',
  'number',
  'integer',
  'boolean',
  'null',
  'any',
  'object',
  'array',
]);

/** `string, who it is for` */
function fieldOf(text: string): JsonObject {
  const at = text.indexOf(',');
  const type = (at < 0 ? text : text.slice(0, at)).trim();
  const description = at < 0 ? '' : text.slice(at + 1).trim();
  return { ...(TYPES.has(type) ? { type } : { $ref: type }), ...(description !== '' && { description }) };
}
