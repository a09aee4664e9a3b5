import type { Step } from '../workflow/definition.ts';
import { isObject, type Json, type JsonObject } from '../workflow/json.ts';
import { approvalLogic, SET_PROPERTIES } from '../workflow/logic-of.ts';
import { pathText } from '../workflow/source/source-scan.ts';
import { compareValues, type Difference, type Part } from './compare-values.ts';
import type { DiffContext } from './diff-context.ts';
import { ofStep, withValues } from './draft.ts';
import { NO_NAMES, nameOfItem } from './generic-subject.ts';
import { findRule } from './property-rules.ts';
import { flatten, quoteName, quoteValue, shorten } from './quote.ts';
import { type Said, say } from './wording.ts';

/** Compares the properties of one step by key: all but those that have a comparison of their own. */
export function compareProperties(before: Step, after: Step, context: DiffContext): void {
  const { collector, likeness, effort } = context;
  const options = { likeness, effort, orderMatters: (parts: readonly Part[]) => !isUnordered(parts) };
  compareValues(comparedProperties(before, after), comparedProperties(after, before), options, (found) => {
    const changeClass = ruleOf(found.parts)?.class ?? 'logic';
    if (collector.isFull(changeClass)) {
      collector.countOnly(changeClass, after.id);
      return;
    }
    const difference = { ...found, parts: [...found.parts] };
    const property = textOf(difference.parts);
    collector.add({
      ...ofStep(after),
      class: changeClass,
      kind: difference.kind,
      path: `${after.path}.${property}`,
      property,
      ...withValues(difference.before, difference.after),
      say: () => sayDifference(difference, after, context),
    });
  });
}

/** A block that only the other side has counts as an empty one, so that each part of it is told. */
function comparedProperties(step: Step, other: Step): JsonObject {
  const compared: Record<string, Json> = {};
  for (const [key, value] of Object.entries(step.properties as JsonObject)) {
    if (!isComparedElsewhere(key)) compared[key] = key === 'approval' && isObject(value) ? approvalLogic(value) : value;
  }
  for (const [key, value] of Object.entries(other.properties as JsonObject)) {
    if (!isComparedElsewhere(key) && isObject(value) && !Object.hasOwn(compared, key)) compared[key] = {};
  }
  return compared;
}

function isComparedElsewhere(key: string): boolean {
  return key === 'outputs' || SET_PROPERTIES.has(key);
}

/** Criteria have ids: their list says nothing by its order. */
function isUnordered(parts: readonly Part[]): boolean {
  return textOf(parts) === 'evaluation.criteria';
}

function ruleOf(parts: readonly Part[]) {
  return findRule(parts.slice(0, 2).map(({ segment }) => String(segment)));
}

function sayDifference({ kind, parts, before, after }: Difference, step: Step, context: DiffContext): Said {
  const { names, budget } = context;
  const subject = subjectOf(parts, step, context);
  if (kind === 'moved') return { sentence: `${subject} put in another order` };
  if (kind === 'changed') return say(subject, before, after, budget);
  const criterion = criterionOf(parts);
  if (criterion !== null && parts.length === 3) {
    return { sentence: `Criterion ${criterion} ${kind} ${kind === 'added' ? 'to' : 'from'} ${names.of(step)}` };
  }
  // An item of a plain list has no name but itself.
  const value = after ?? before ?? null;
  if (typeof parts.at(-1)?.segment === 'number' && (typeof value !== 'object' || value === null)) {
    return { sentence: `${subjectOf(parts.slice(0, -1), step, context)}: ${quoteValue(value)} ${kind}` };
  }
  return say(subject, before, after, budget);
}

/** `Model of ‘Summarise’`, `Loop ‘refine’: max iterations`, `Criterion ‘accuracy’ of ‘check’: weight`. */
function subjectOf(parts: readonly Part[], step: Step, { names }: DiffContext): string {
  const criterion = criterionOf(parts);
  if (criterion !== null) return `Criterion ${criterion} of ${names.of(step)}${restOf(parts, 3)}`;
  const rule = ruleOf(parts);
  if (rule === null) return `${quoteName(textOf(parts))} of ${names.of(step)}`;
  const isOwnKind = rule.words[0] === rule.words[0]?.toLowerCase();
  const subject = isOwnKind ? `${names.withKind(step)}: ${rule.words}` : `${rule.words} of ${names.of(step)}`;
  return `${subject}${restOf(parts, rule.depth)}`;
}

function criterionOf(parts: readonly Part[]): string | null {
  const [first, second, third] = parts;
  if (first?.segment !== 'evaluation' || second?.segment !== 'criteria' || third?.item === undefined) return null;
  const name = nameOfItem(third.item, NO_NAMES);
  return name === null ? null : quoteName(name);
}

/** What a rule does not cover, as it stands in the document: `: headers.Accept`. */
function restOf(parts: readonly Part[], depth: number): string {
  const rest = textOf(parts.slice(depth));
  return rest === '' ? '' : `: ${shorten(flatten(rest), 80)}`;
}

function textOf(parts: readonly Part[]): string {
  return pathText(parts.map(({ segment }) => segment));
}
