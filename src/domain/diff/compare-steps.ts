import type { Step } from '../workflow/definition.ts';
import { isObject, type Json, type JsonObject } from '../workflow/json.ts';
import { SET_PROPERTIES } from '../workflow/logic-of.ts';
import { pathText } from '../workflow/source/source-scan.ts';
import { compareSchemas } from './compare-schemas.ts';
import { compareSets } from './compare-sets.ts';
import { compareValues, type Difference, type Part } from './compare-values.ts';
import type { DiffContext } from './diff-context.ts';
import { type Draft, ofStep, withValues } from './draft.ts';
import { NO_NAMES, nameOfItem } from './generic-subject.ts';
import type { StepMatch } from './match-steps.ts';
import { findRule } from './property-rules.ts';
import { flatten, quoteName, shorten } from './quote.ts';
import { say } from './wording.ts';

/** Compares the two states of one step: its kind, names, dependencies and properties. Not where it stands, nor what it holds. */
export function compareSteps(
  { before: { step: before }, after: { step: after } }: StepMatch,
  context: DiffContext,
): void {
  const drafts = draftsFor(after, context);
  compareNames(before, after, context, drafts);
  if (before.kind !== after.kind) {
    drafts(
      'logic',
      'changed',
      'type',
      { before: before.kind, after: after.kind },
      `Type of ${context.names.of(after)}`,
    );
  }
  compareDependencies(before, after, context);
  for (const key of SET_PROPERTIES) {
    compareSets(stringsOf(before, key), stringsOf(after, key), (name, isAdded) =>
      tellOfSet(key, name, isAdded, after, context),
    );
  }
  const owner = { step: after, words: ` of ${context.names.of(after)}`, path: `${after.path}.outputs` };
  compareSchemas(objectOf(before, 'outputs'), objectOf(after, 'outputs'), { ...owner, noun: 'Output' }, context);
  compareValues(
    comparedProperties(before, after),
    comparedProperties(after, before),
    compareOptions(context),
    (difference) => {
      context.collector.add(draftOfProperty(difference, after, context));
    },
  );
}

type TellOfStep = (
  changeClass: Draft['class'],
  kind: Draft['kind'],
  property: string,
  values: { before?: Json; after?: Json },
  subject: string,
) => void;

function draftsFor(step: Step, { collector, budget }: DiffContext): TellOfStep {
  return (changeClass, kind, property, values, subject) => {
    collector.add({
      ...ofStep(step),
      class: changeClass,
      kind,
      path: `${step.path}.${property}`,
      property,
      ...values,
      say: () => say(subject, values.before, values.after, budget),
    });
  };
}

function compareNames(before: Step, after: Step, { names, collector }: DiffContext, tell: TellOfStep): void {
  if (before.label !== after.label) {
    collector.add({
      ...ofStep(after),
      class: 'cosmetic',
      kind: 'renamed',
      path: `${after.path}.label`,
      property: 'label',
      ...withValues(before.label, after.label),
      say: () => ({
        sentence: `Step ${quoteName(before.label ?? before.id)} renamed to ${quoteName(after.label ?? after.id)}`,
      }),
    });
  }
  if (before.description !== after.description) {
    const kind = before.description === undefined ? 'added' : after.description === undefined ? 'removed' : 'changed';
    tell(
      'cosmetic',
      kind,
      'description',
      withValues(before.description, after.description),
      `Description of ${names.of(after)}`,
    );
  }
}

function compareDependencies(before: Step, after: Step, { collector, names, matching }: DiffContext): void {
  compareSets(before.dependsOn.map(matching.idAfter), after.dependsOn, (id, isAdded) => {
    collector.add({
      ...ofStep(after),
      class: 'logic',
      kind: isAdded ? 'added' : 'removed',
      path: `${after.path}.dependsOn`,
      property: 'dependsOn',
      ...(isAdded ? { after: id } : { before: id }),
      say: () => ({ sentence: `${names.of(after)} ${isAdded ? 'now' : 'no longer'} depends on ${names.byId(id)}` }),
    });
  });
}

const SET_NOUNS: Readonly<Record<string, string>> = { tools: 'Tool', mcpServers: 'MCP server' };

function tellOfSet(key: string, name: string, isAdded: boolean, step: Step, { collector, names }: DiffContext): void {
  const direction = isAdded ? 'added to' : 'removed from';
  collector.add({
    ...ofStep(step),
    class: 'tools',
    kind: isAdded ? 'added' : 'removed',
    path: `${step.path}.${key}`,
    property: key,
    ...(isAdded ? { after: name } : { before: name }),
    say: () => ({ sentence: `${SET_NOUNS[key] ?? key} ${quoteName(name)} ${direction} ${names.of(step)}` }),
  });
}

function stringsOf(step: Step, key: string): readonly string[] {
  const list = step.properties[key];
  return Array.isArray(list) ? list : [];
}

function objectOf(step: Step, key: string): JsonObject {
  return (step.properties[key] as JsonObject | undefined) ?? {};
}

/** The properties that are compared by key. A block that only the other side has counts as an empty one, so that each part of it is told. */
function comparedProperties(step: Step, other: Step): JsonObject {
  const compared: Record<string, Json> = {};
  for (const [key, value] of Object.entries(step.properties as JsonObject))
    if (!isComparedElsewhere(key)) compared[key] = value;
  for (const [key, value] of Object.entries(other.properties as JsonObject)) {
    if (!isComparedElsewhere(key) && isObject(value) && !Object.hasOwn(compared, key)) compared[key] = {};
  }
  return compared;
}

function isComparedElsewhere(key: string): boolean {
  return key === 'outputs' || SET_PROPERTIES.has(key);
}

function compareOptions({ intern }: DiffContext) {
  return { intern, orderMatters: (parts: readonly Part[]) => !isUnordered(parts) };
}

/** Criteria have ids, and approvers are people: neither list says anything by its order. */
function isUnordered(parts: readonly Part[]): boolean {
  return ['evaluation.criteria', 'approval.approvers'].includes(parts.map(({ segment }) => segment).join('.'));
}

function draftOfProperty({ kind, parts, before, after }: Difference, step: Step, context: DiffContext): Draft {
  const property = pathText(parts.map(({ segment }) => segment));
  const rule = findRule(parts.map(({ segment }) => String(segment)));
  return {
    ...ofStep(step),
    class: rule?.class ?? 'logic',
    kind,
    path: `${step.path}.${property}`,
    property,
    ...withValues(before, after),
    say: () => {
      if (kind === 'moved') return { sentence: `${subjectOf(parts, step, context)} put in another order` };
      const criterion = criterionOf(parts);
      if (criterion !== null && kind !== 'changed' && parts.length === 3) {
        return {
          sentence: `Criterion ${criterion} ${kind} ${kind === 'added' ? 'to' : 'from'} ${context.names.of(step)}`,
        };
      }
      return say(subjectOf(parts, step, context), before, after, context.budget);
    },
  };
}

function subjectOf(parts: readonly Part[], step: Step, { names }: DiffContext): string {
  const criterion = criterionOf(parts);
  if (criterion !== null) return `Criterion ${criterion} of ${names.of(step)}${restOf(parts, 3)}`;
  const rule = findRule(parts.map(({ segment }) => String(segment)));
  if (rule === null) return `${quoteName(pathText(parts.map(({ segment }) => segment)))} of ${names.of(step)}`;
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
  const rest = pathText(parts.slice(depth).map(({ segment }) => segment));
  return rest === '' ? '' : `: ${shorten(flatten(rest), 80)}`;
}
