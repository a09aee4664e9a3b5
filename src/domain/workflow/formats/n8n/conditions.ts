import { isObject, type Json, type JsonObject } from '../../json.ts';
import { objectsAt, present } from '../fields.ts';
import { objectAt, textAt } from '../lenient.ts';

/** Parameters that say which way a node goes; the rest of it is told as it stands. */
export const CONDITION_PARAMETERS = [
  'conditions',
  'combineOperation',
  'looseTypeValidation',
  'rules',
  'dataType',
  'value1',
];

/** What an If, a Filter or a Switch asks, in words: `{if}`, or `{value, cases: [{name, if}]}`. Empty where it asks nothing. */
export function conditionOf(type: string, parameters: JsonObject): JsonObject {
  if (type !== 'switch') return present({ ...askedBy(parameters), looseTypes: parameters['looseTypeValidation'] });
  const rules = objectAt(parameters, 'rules') ?? {};
  const names = outputNames(parameters);
  const cases = caseList(rules).map((rule, index) => ({
    name: names[index] ?? `output ${index + 1}`,
    ...askedBy(rule),
  }));
  return present({ value: parameters['value1'], dataType: parameters['dataType'], cases });
}

/** What the outputs of a Switch are called; by number where nobody named them, or two alike. */
export function outputNames(parameters: JsonObject): string[] {
  const rules = caseList(objectAt(parameters, 'rules') ?? {});
  const named = rules.map((rule) => (rule['renameOutput'] === false ? null : textAt(rule, 'outputKey')));
  const count = new Map<string | null, number>();
  for (const name of named) count.set(name, (count.get(name) ?? 0) + 1);
  return named.map((name, index) => (name === null || count.get(name) !== 1 ? `output ${index + 1}` : name));
}

/** `values` since version 3, `rules` before. */
function caseList(rules: JsonObject): readonly JsonObject[] {
  const values = objectsAt(rules, 'values');
  return values.length > 0 ? values : objectsAt(rules, 'rules');
}

function askedBy(parameters: JsonObject): JsonObject {
  const conditions = objectAt(parameters, 'conditions');
  if (conditions === null) {
    // A rule of an early Switch compares the one value that all of them share.
    const { operation, value2, output } = parameters;
    return present({
      if: value2 === undefined ? undefined : `${text(operation ?? 'equal')} ${operand(value2)}`,
      output,
    });
  }
  const isCurrent = Array.isArray(conditions['conditions']) || isObject(conditions['options']);
  const clauses = isCurrent ? objectsAt(conditions, 'conditions').map(clause) : earlyClauses(conditions);
  const joint = isCurrent
    ? (textAt(conditions, 'combinator') ?? 'and')
    : parameters['combineOperation'] === 'any'
      ? 'or'
      : 'and';
  const { caseSensitive, typeValidation } = objectAt(conditions, 'options') ?? {};
  return present({
    if: clauses.join(` ${joint} `),
    ignoreCase: caseSensitive === false ? true : undefined,
    looseTypes: typeValidation === 'loose' ? true : undefined,
  });
}

/** `{{ $json.score }} number gte 30`; text needs no word for its type. */
function clause({ leftValue, rightValue, operator }: JsonObject): string {
  const { type, operation, singleValue } = isObject(operator) ? operator : {};
  const asked = [type === 'string' ? '' : text(type ?? ''), text(operation ?? '')].filter(Boolean).join(' ');
  const isAlone = singleValue === true || rightValue === undefined || (rightValue === '' && ALONE.test(asked));
  return `${operand(leftValue ?? '')} ${asked}${isAlone ? '' : ` ${operand(rightValue ?? '')}`}`;
}

/** Operations that ask something of one value alone. */
const ALONE = /(?:empty|exists|notExists|true|false)$/i;

/** Before version 2: lists of conditions by type of value. */
function earlyClauses(conditions: JsonObject): string[] {
  return Object.keys(conditions).flatMap((type) =>
    objectsAt(conditions, type).map(({ value1, operation, value2 }) =>
      clause({
        leftValue: value1 ?? '',
        ...(value2 !== undefined && { rightValue: value2 }),
        operator: { type, operation: operation ?? 'equal' },
      }),
    ),
  );
}

/** An expression stands without its mark; what is meant literally stands in quotes. */
function operand(value: Json): string {
  return typeof value === 'string' && value.startsWith('=') ? value.slice(1) : JSON.stringify(value);
}

function text(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
