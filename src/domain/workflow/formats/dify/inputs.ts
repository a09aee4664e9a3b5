import { lookUp } from '../../../look-up.ts';
import { isObject, type Json, type JsonObject } from '../../json.ts';
import { objectsAt, present } from '../fields.ts';
import { listAt, textAt } from '../lenient.ts';

/** What the kinds of fields in a form give, in the words of JSON Schema. */
const TYPES: Readonly<Record<string, string>> = {
  'text-input': 'string',
  paragraph: 'string',
  select: 'string',
  number: 'number',
  checkbox: 'boolean',
  json_object: 'object',
  file: 'file',
  'file-list': 'array',
  external_data_tool: 'string',
};

/** A JSON Schema of the fields that a person or caller fills; null where there are none. */
export function formSchema(fields: readonly JsonObject[]): JsonObject | null {
  const named = fields.flatMap((field) => {
    const name = textAt(field, 'variable');
    return name === null ? [] : [{ name, field }];
  });
  if (named.length === 0) return null;
  return {
    type: 'object',
    properties: Object.fromEntries(named.map(({ name, field }) => [name, fieldSchema(field)])),
    required: named.filter(({ field }) => field['required'] === true).map(({ name }) => name),
  };
}

function fieldSchema(field: JsonObject): JsonObject {
  const kind = textAt(field, 'type') ?? 'text-input';
  return present({
    type: lookUp(TYPES, kind) ?? kind,
    format: kind === 'paragraph' || kind === 'file-list' ? kind : undefined,
    title: field['label'],
    description: field['hint'],
    enum: kind === 'select' ? listAt(field, 'options') : undefined,
    // Editors keep a length for choices too, where it limits nothing.
    maxLength: kind === 'text-input' || kind === 'paragraph' || kind === 'file-list' ? field['max_length'] : undefined,
    default: field['default'],
    fileTypes: field['allowed_file_types'],
    fileExtensions: kind.startsWith('file') ? field['allowed_file_extensions'] : undefined,
    uploadMethods: kind.startsWith('file') ? field['allowed_file_upload_methods'] : undefined,
  });
}

/** Fields of an app without a graph: each in a mapping with its kind as the only key. */
export function fieldsOfForm(form: readonly Json[]): JsonObject[] {
  return form
    .filter(isObject)
    .flatMap((item) =>
      Object.entries(item).flatMap(([kind, field]) => (isObject(field) ? [{ ...field, type: kind }] : [])),
    );
}

/** What a code node says it returns, or an end node gives out. */
export function outputSchema(outputs: Json): JsonObject | null {
  if (isObject(outputs)) {
    const fields = Object.entries(outputs).map(([name, field]) => [name, typeSchema(field)] as const);
    return fields.length === 0 ? null : { type: 'object', properties: Object.fromEntries(fields) };
  }
  const given = objectsAt({ outputs }, 'outputs').flatMap((output) => {
    const name = textAt(output, 'variable');
    return name === null ? [] : [[name, present({ type: output['value_type'] })] as const];
  });
  return given.length === 0 ? null : { type: 'object', properties: Object.fromEntries(given) };
}

function typeSchema(field: Json): JsonObject {
  if (!isObject(field)) return {};
  const inner = isObject(field['children']) ? outputSchema(field['children']) : null;
  return present({ type: field['type'], properties: inner?.['properties'] });
}
