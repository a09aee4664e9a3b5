import type { Json, JsonObject } from '../../json.ts';
import { objectsAt, present } from '../fields.ts';
import { listAt, objectAt, textAt } from '../lenient.ts';
import { referenceTo } from './plain-data.ts';

/** Longest id of a case that is shown whole; the others are made by machines. */
const SHORT_ID = 12;

/** The case that every If-Else begins with. The others have ids that machines made, and may stand before it later. */
const FIRST = 'true';

/** `{if, elseIf: [{id, if}]}` of an If-Else, also of the early ones that knew one case only. Empty for every other node. */
export function conditionOf(data: JsonObject): JsonObject {
  const cases = casesOf(data);
  const [first] = cases;
  if (first === undefined) return {};
  const isPlain = cases.length === 1 || caseId(first) === FIRST;
  const shortId = shortIds(cases.map(caseId));
  const elseIf = cases.slice(isPlain ? 1 : 0).map((other) => ({ id: shortId(caseId(other)), if: askedBy(other) }));
  return present({ if: isPlain ? askedBy(first) : undefined, elseIf });
}

/** The ways out of a node in words: `else`, `case 9ca767d9`, `class 2`, `fail-branch`; undefined for the only one. */
export function portsOf(data: JsonObject): (handle: string | null) => string | undefined {
  const type = textAt(data, 'type');
  const shortId = shortIds(casesOf(data).map(caseId));
  return (handle) => {
    if (handle === null || handle === 'source') return undefined;
    if (type === 'if-else') return handle === 'false' ? 'else' : handle === FIRST ? 'if' : `case ${shortId(handle)}`;
    return type === 'question-classifier' && handle !== 'fail-branch' ? `class ${handle}` : handle;
  };
}

/** `{{#1.a#}} contains "x" and {{#1.b#}} empty` of a list of conditions. Empty text where nothing is asked. */
export function askedBy(holder: JsonObject, key = 'conditions'): string {
  const joint = textAt(holder, 'logical_operator') ?? 'and';
  return objectsAt(holder, key).map(clause).join(` ${joint} `);
}

function casesOf(data: JsonObject): readonly JsonObject[] {
  if (textAt(data, 'type') !== 'if-else') return [];
  const cases = objectsAt(data, 'cases');
  return cases.length > 0 || objectsAt(data, 'conditions').length === 0 ? cases : [data];
}

function caseId(one: JsonObject): string {
  return textAt(one, 'case_id') ?? textAt(one, 'id') ?? 'true';
}

/** Ids that a machine made, as short as they can be and still tell cases apart. */
function shortIds(ids: readonly string[]): (id: string) => string {
  const count = new Map<string, number>();
  for (const id of ids) count.set(id.slice(0, 8), (count.get(id.slice(0, 8)) ?? 0) + 1);
  return (id) => (id.length > SHORT_ID && (count.get(id.slice(0, 8)) ?? 0) <= 1 ? id.slice(0, 8) : id);
}

function clause(condition: JsonObject): string {
  const { comparison_operator: operator, value, key, varType, numberVarType } = condition;
  const selector = listAt(condition, 'variable_selector');
  const what = selector.length > 0 ? referenceTo(selector) : String(key ?? '');
  const type = varType === undefined || varType === 'string' ? '' : `${String(varType)} `;
  const inner = objectAt(condition, 'sub_variable_condition');
  const about = inner === null ? literal(value, numberVarType) : `(${askedBy(inner)})`;
  return [what, `${type}${String(operator ?? '')}`, about].filter(Boolean).join(' ');
}

/** References stand as they are, and what is meant literally in quotes. */
function literal(value: Json | undefined, from: Json | undefined): string {
  if (value === undefined || value === null || value === '') return '';
  if (typeof value === 'string' && (from === 'variable' || /^\{\{#[^#]*#\}\}$/.test(value))) return value;
  return JSON.stringify(value);
}
