import { createHash } from 'node:crypto';
import { lookUp } from '../../../look-up.ts';
import { isList, isObject, type Json, type JsonObject } from '../../json.ts';
import { asNumber, objectAt, textAt, unquoted, withoutEmpty } from '../lenient.ts';
import { modelParametersOf } from '../model-parameters.ts';
import { draftProperties, type PropertyDraft } from '../property-draft.ts';
import {
  BINDING_TYPES,
  CHOICE_NOISE,
  CODE_PLACES,
  CONDITION_PLACES,
  FIELD_NOISE,
  HTTP_PLACES,
  MODEL_PARAMETERS,
  PLACES,
  SECRET_INPUTS,
  SECRET_NAME,
} from './langflow-words.ts';
import { readToolsMetadata } from './read-tools-metadata.ts';

/** What the fields of a component say. */
export interface ReadFields {
  readonly properties: JsonObject;
  readonly bindings: JsonObject;
}

/** Reads the values of a component's fields into the common words. Everything else that the editor keeps of a field is noise. */
export function readFields(template: JsonObject, kind: string): ReadFields {
  const draft = draftProperties();
  const bindings: Record<string, Json> = {};
  const values: Record<string, Json> = {};
  for (const [name, field] of Object.entries(template)) {
    if (FIELD_NOISE.has(name) || !isObject(field)) continue;
    const value = withoutEmpty(saidBy(field));
    if (isBinding(name, field)) {
      const bound = value ?? withoutEmpty(field['file_path']);
      if (bound !== undefined) bindings[name] = bound;
    } else if (value !== undefined) values[name] = value;
  }
  readModel(values, draft);
  for (const [name, value] of Object.entries(values)) readField(name, value, kind, draft);
  const code = textAt(objectAt(template, 'code') ?? {}, 'value');
  if (code !== null) draft.set('code.component', digest(code));
  return { properties: draft.properties, bindings };
}

/** A name in the installation's own store, a secret, a file: what is used here, not what is done. */
function isBinding(name: string, field: JsonObject): boolean {
  return (
    field['load_from_db'] === true ||
    field['password'] === true ||
    BINDING_TYPES.has(textAt(field, 'type') ?? '') ||
    SECRET_INPUTS.has(textAt(field, '_input_type') ?? '') ||
    SECRET_NAME.test(name)
  );
}

/** Items of a chosen list are their names, beside which the editor keeps how it shows them. */
function saidBy(field: JsonObject): Json | undefined {
  const value = field['value'];
  const isChoice = textAt(field, 'type') === 'sortableList' || textAt(field, '_input_type') === 'SortableListInput';
  if (!isChoice || !isList(value)) return value;
  return value.map((item) => {
    if (!isObject(item)) return item;
    const kept = Object.entries(item).filter(([key]) => !CHOICE_NOISE.has(key));
    return kept.length === 1 && kept[0]?.[0] === 'name' ? (kept[0][1] ?? null) : Object.fromEntries(kept);
  });
}

/** Newer versions choose model and provider in one field, as a list of one; a list of several is kept as it is. */
function readModel(values: Record<string, Json>, draft: PropertyDraft): void {
  for (const [name, value] of Object.entries(values)) {
    const choice = isList(value) && value.length === 1 ? value[0] : value;
    if (lookUp(PLACES, name) !== 'model' || !isObject(choice)) continue;
    draft.set('model', textAt(choice, 'name') ?? undefined);
    draft.set('provider', textAt(choice, 'provider') ?? undefined);
    delete values[name];
  }
  const hasModel = Object.keys(values).some((name) => lookUp(PLACES, name) === 'model') || draft.has('model');
  if (!hasModel && values['agent_llm'] === undefined) return;
  const own = Object.entries(values).filter(([name]) => MODEL_PARAMETERS.has(name));
  draft.set(
    'modelParameters',
    modelParametersOf(Object.fromEntries(own.map(([name, value]) => [name, asNumber(value)]))),
  );
  for (const [name] of own) delete values[name];
}

function readField(name: string, value: Json, kind: string, draft: PropertyDraft): void {
  if (name === 'tools_metadata') readToolsMetadata(unquoted(value), draft);
  else if (name === 'mcp_server') readServer(value, draft);
  else {
    const place = placeOf(name, kind);
    const number = place === 'maxIterations' ? asNumber(value) : value;
    draft.set(place === undefined || draft.has(place) ? name : place, number);
  }
}

function placeOf(name: string, kind: string): string | undefined {
  if (kind === 'http' && lookUp(HTTP_PLACES, name) !== undefined) return lookUp(HTTP_PLACES, name);
  if (kind === 'condition' && lookUp(CONDITION_PLACES, name) !== undefined) return lookUp(CONDITION_PLACES, name);
  if (kind === 'llm' && name === 'input_value') return 'task';
  return lookUp(CODE_PLACES, name) ?? lookUp(PLACES, name);
}

/** A server by its name, and how it is started or reached. */
function readServer(value: Json, draft: PropertyDraft): void {
  const name = isObject(value) ? textAt(value, 'name') : typeof value === 'string' ? value : null;
  if (name !== null) draft.set('mcpServers', [name]);
  if (isObject(value)) draft.set('mcpServerConfig', value['config']);
}

/** Every node carries the whole source of its component: enough to say that it is another one. */
function digest(code: string): string {
  const text = code.replaceAll('\r\n', '\n');
  const lines = text.split('\n').length;
  return `${lines.toLocaleString('en')} lines, ${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
}
