import type { Json, JsonObject } from '../../json.ts';
import { objectsAt, present } from '../fields.ts';
import { listAt, objectAt, textAt } from '../lenient.ts';
import { referenceTo } from './plain-data.ts';

/** Longest id of a case that is shown whole; the others are made by machines. */
const SHORT_ID = 12;

/** `{if, elseIf: [{id, if}]}` of an If-Else, also of the early ones that knew one case only. Empty for every other node. */
export function conditionOf(data: JsonObject): JsonObject {
  const cases = casesOf(data);
  const [first, ...others] = cases;
  if (first === undefined) return {};
  const ids = cases.map(caseId);
  const elseIf = others.map((other) => ({ id: shortId(caseId(other), ids), if: askedBy(other) }));
  return present({ if: askedBy(first), elseIf });
}

/** The way out of a node in words: `else`, `case 9ca767d9`, `class 2`, `fail-branch`; undefined for the only one. */
export function portOf(data: JsonObject, handle: string | null): string | undefined {
  if (handle === null || handle === 'source') return undefined;
  const type = textAt(data, 'type');
  if (type === 'if-else') {
    const ids = casesOf(data).map(caseId);
    if (handle === 'false') return 'else';
    return handle === ids[0] || handle === 'true' ? 'if' : `case ${shortId(handle, ids)}`;
  }
  return type === 'question-classifier' && handle !== 'fail-branch' ? `class ${handle}` : handle;
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

function shortId(id: string, all: readonly string[]): string {
  const short = id.slice(0, 8);
  const isTold = id.length > SHORT_ID && all.filter((other) => other.startsWith(short)).length <= 1;
  return isTold ? short : id;
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
