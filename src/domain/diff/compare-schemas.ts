import canonicalize from 'canonicalize';
import { lookUp } from '../look-up.ts';
import type { Step } from '../workflow/definition.ts';
import { isList, isObject, type Json, type JsonObject } from '../workflow/json.ts';
import { schemaLogic } from '../workflow/logic-of.ts';
import { pathText } from '../workflow/source/source-scan.ts';
import type { ChangeKind } from './change.ts';
import { compareSets } from './compare-sets.ts';
import { compareValues } from './compare-values.ts';
import type { DiffContext } from './diff-context.ts';
import { type Draft, ofStep, withValues } from './draft.ts';
import { isSame } from './likeness.ts';
import { flatten, quoteName, quoteValue, shorten } from './quote.ts';
import { type Said, say } from './wording.ts';

/** Whose schema it is. */
export interface SchemaOwner {
  readonly noun: 'Input' | 'Output';
  /** Where the schema stands. */
  readonly path: string;
  /** ` of ‘Summarise’`; empty for the workflow itself. */
  readonly words: string;
  readonly step?: Step;
}

/** Compares two JSON Schemas by field, through nested objects and lists: fields added, removed, of another type, required or not. */
export function compareSchemas(before: JsonObject, after: JsonObject, owner: SchemaOwner, context: DiffContext): void {
  if (isSame(before, after)) return;
  compareAt(schemaLogic(before), schemaLogic(after), [], { owner, context });
}

interface Comparison {
  readonly owner: SchemaOwner;
  readonly context: DiffContext;
}

/** @param field the names of the fields on the way; `[]` for the items of a list */
function compareAt(before: JsonObject, after: JsonObject, field: readonly string[], comparison: Comparison): void {
  if (!hasFields(before) || !hasFields(after) || (isPlainField(before) && isPlainField(after))) {
    compareRest(before, after, field, comparison);
    return;
  }
  const [oldFields, newFields] = [fieldsOf(before), fieldsOf(after)];
  const added = Object.keys(newFields).filter((name) => !Object.hasOwn(oldFields, name));
  const names = Object.keys(oldFields).concat(added).sort();
  const [oldRequired, newRequired] = [new Set(requiredOf(before)), new Set(requiredOf(after))];
  for (const name of names) {
    const [old, now] = [lookUp(oldFields, name), lookUp(newFields, name)];
    const path = [...field, name];
    if (old === undefined)
      tellField('added', path, { after: now ?? null, isRequired: newRequired.has(name) }, comparison);
    else if (now === undefined)
      tellField('removed', path, { before: old, isRequired: oldRequired.has(name) }, comparison);
    else {
      tellRequired(path, oldRequired.has(name), newRequired.has(name), comparison);
      compareField(old, now, path, comparison);
    }
  }
  tellUnknownRequired(before, after, new Set(names), field, comparison);
  compareRest(without(before, 'properties', 'required'), without(after, 'properties', 'required'), field, comparison);
}

function isPlainField({ properties, required }: JsonObject): boolean {
  return properties === undefined && required === undefined;
}

function compareField(before: Json, after: Json, field: readonly string[], comparison: Comparison): void {
  if (isSame(before, after)) return;
  if (isObject(before) && isObject(after)) compareAt(before, after, field, comparison);
  else compareRest({ schema: before }, { schema: after }, field, comparison);
}

/** Everything that is not a field: types, patterns, bounds, descriptions, the items of a list. */
function compareRest(before: JsonObject, after: JsonObject, field: readonly string[], comparison: Comparison): void {
  const [oldItems, newItems] = [before['items'], after['items']];
  const nested = isObject(oldItems) && isObject(newItems);
  if (nested) compareAt(oldItems, newItems, [...field, '[]'], comparison);
  const sets = SET_KEYWORDS.filter((key) => isList(before[key]) && isList(after[key]));
  for (const key of sets) compareKeywordSets(key, before, after, field, comparison);
  const apart = nested ? [...sets, 'items'] : sets;
  const [old, now] = [without(before, ...apart), without(after, ...apart)];
  const { owner, context } = comparison;
  compareValues(old, now, context, ({ kind, parts, ...values }) => {
    if (isCountedOnly(comparison)) return;
    const property = pathText(parts.map(({ segment }) => segment));
    const subject = `${subjectOf(field, owner)}: ${shorten(flatten(property), 80)}`;
    const sentence = () =>
      kind === 'moved'
        ? { sentence: `${subject} put in another order` }
        : say(subject, values.before, values.after, context.budget);
    add(kind, field, property, values, sentence, comparison);
  });
}

/** No more are listed: a change is counted, and not worth making. */
function isCountedOnly({ owner, context: { collector } }: Comparison): boolean {
  if (!collector.isFull('schema')) return false;
  collector.countOnly('schema', owner.step?.id);
  return true;
}

/** Lists whose order means nothing. */
const SET_KEYWORDS = ['enum', 'type'] as const;

function compareKeywordSets(
  key: (typeof SET_KEYWORDS)[number],
  before: JsonObject,
  after: JsonObject,
  field: readonly string[],
  comparison: Comparison,
): void {
  const textsOf = (list: Json | undefined) => (isList(list) ? list.map((item) => canonicalize(item) ?? '') : []);
  compareSets(textsOf(before[key]), textsOf(after[key]), (text, isAdded) => {
    const value: Json = JSON.parse(text);
    const [kind, values] = isAdded ? (['added', { after: value }] as const) : (['removed', { before: value }] as const);
    const sentence = `${subjectOf(field, comparison.owner)}: ${key} ${quoteValue(value)} ${kind}`;
    add(kind, field, key, values, () => ({ sentence }), comparison);
  });
}

function tellField(
  kind: 'added' | 'removed',
  field: readonly string[],
  { isRequired, ...values }: { before?: Json; after?: Json; isRequired: boolean },
  comparison: Comparison,
): void {
  if (isCountedOnly(comparison)) return;
  const details = [typeOf(values.after ?? values.before), isRequired ? 'required' : ''].filter(Boolean).join(', ');
  const sentence = `${subjectOf(field, comparison.owner)} ${kind}${details === '' ? '' : ` (${details})`}`;
  add(kind, field, '', values, () => ({ sentence }), comparison, true);
}

function tellRequired(field: readonly string[], before: boolean, after: boolean, comparison: Comparison): void {
  if (before === after || isCountedOnly(comparison)) return;
  const sentence = `${subjectOf(field, comparison.owner)} is ${after ? 'now' : 'no longer'} required`;
  add('changed', field, 'required', { before, after }, () => ({ sentence }), comparison, true);
}

/** Names under `required` that are no fields. */
function tellUnknownRequired(
  before: JsonObject,
  after: JsonObject,
  fields: ReadonlySet<string>,
  field: readonly string[],
  comparison: Comparison,
): void {
  const unknown = (schema: JsonObject) => requiredOf(schema).filter((name) => !fields.has(name));
  compareSets(unknown(before), unknown(after), (name, isAdded) =>
    tellRequired([...field, name], !isAdded, isAdded, comparison),
  );
}

function add(
  kind: ChangeKind,
  field: readonly string[],
  property: string,
  values: { before?: Json; after?: Json },
  sentence: () => Said,
  { owner, context }: Comparison,
  isField = false,
): void {
  const at = [fieldText(field), property].filter(Boolean).join('.');
  const draft: Draft = {
    ...(owner.step !== undefined && { ...ofStep(owner.step), property: ['outputs', at].filter(Boolean).join('.') }),
    class: 'schema',
    kind,
    path: [owner.path, at].filter(Boolean).join('.'),
    ...withValues(values.before, values.after),
    ...(isField && { subject: owner.noun === 'Input' ? 'inputField' : 'outputField' }),
    say: sentence,
  };
  context.collector.add(draft);
}

function subjectOf(field: readonly string[], { noun, words }: SchemaOwner): string {
  return field.length === 0 ? `${noun} schema${words}` : `${noun} field ${quoteName(fieldText(field))}${words}`;
}

/** `address.lines[]` */
function fieldText(field: readonly string[]): string {
  return field.join('.').replaceAll('.[]', '[]');
}

function hasFields({ properties, required }: JsonObject): boolean {
  const isKnownRequired =
    required === undefined || (Array.isArray(required) && required.every((name) => typeof name === 'string'));
  return (properties === undefined || isObject(properties)) && isKnownRequired;
}

function fieldsOf({ properties }: JsonObject): JsonObject {
  return isObject(properties) ? properties : {};
}

function requiredOf({ required }: JsonObject): string[] {
  return Array.isArray(required) ? required : [];
}

function typeOf(schema: Json | undefined): string {
  const type = isObject(schema) ? schema['type'] : undefined;
  return typeof type === 'string' ? shorten(flatten(type), 40) : '';
}

function without(object: JsonObject, ...keys: readonly string[]): JsonObject {
  if (!keys.some((key) => Object.hasOwn(object, key))) return object;
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}
