import { isObject, type Json, type JsonObject } from '../../json.ts';
import { textAt, unquoted } from '../lenient.ts';

/** The types of structured output and of form fields, as JSON Schema says them. */
const TYPES: ReadonlyMap<string, JsonObject> = new Map<string, JsonObject>([
  ['string', { type: 'string' }],
  ['stringArray', { type: 'array', items: { type: 'string' } }],
  ['number', { type: 'number' }],
  ['boolean', { type: 'boolean' }],
  ['enum', { type: 'string' }],
  ['options', { type: 'string' }],
  ['jsonArray', { type: 'array' }],
]);

/** What a node must answer, field by field, as a JSON Schema. */
export function readOutputs(fields: readonly Json[]): JsonObject {
  return schemaOf(fields, 'key', (field) => {
    const choices = textAt(field, 'enumValues');
    const description = textAt(field, 'description');
    const items = unquoted(textAt(field, 'jsonSchema') ?? '');
    return {
      ...typeOf(field),
      ...(choices !== null && { enum: choices.split(',').map((choice) => choice.trim()) }),
      ...(isObject(items) && { items }),
      ...(description !== null && { description }),
    };
  });
}

/** What the form at the start asks for, as a JSON Schema. */
export function readForm(fields: readonly Json[]): JsonObject {
  return schemaOf(fields, 'name', (field) => {
    const label = textAt(field, 'label');
    const options = isObject(field) && Array.isArray(field['addOptions']) ? (field['addOptions'] as Json[]) : [];
    const choices = options.flatMap((option) => textAt(option, 'option') ?? []);
    return {
      ...typeOf(field),
      ...(choices.length > 0 && { enum: choices }),
      ...(label !== null && { title: label }),
    };
  });
}

function schemaOf(fields: readonly Json[], nameKey: string, read: (field: Json) => JsonObject): JsonObject {
  const properties = fields.map((field, index) => [textAt(field, nameKey) ?? `#${index + 1}`, read(field)] as const);
  return { properties: Object.fromEntries(properties) };
}

function typeOf(field: Json): JsonObject {
  const type = textAt(field, 'type') ?? 'string';
  return TYPES.get(type) ?? { type };
}
