import type { Step } from '../workflow/definition.ts';
import type { Json, JsonObject } from '../workflow/json.ts';
import { SET_PROPERTIES } from '../workflow/logic-of.ts';
import { compareProperties } from './compare-properties.ts';
import { compareSchemas } from './compare-schemas.ts';
import { compareSets } from './compare-sets.ts';
import type { DiffContext } from './diff-context.ts';
import { type Draft, ofStep, withValues } from './draft.ts';
import { isSame } from './likeness.ts';
import type { StepMatch } from './match-steps.ts';
import { quoteName } from './quote.ts';
import { say } from './wording.ts';

/** Compares the two states of one step: its kind, names, dependencies and properties. Not where it stands, nor what it holds. */
export function compareSteps(
  { before: { step: stepBefore }, after: { step: after } }: StepMatch,
  context: DiffContext,
): void {
  const before = context.follow(stepBefore, after);
  if (isUnchanged(before, after)) return;
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
  compareProperties(before, after, context);
}

/** Most steps of most pairs are: looking first keeps the comparison fast. */
function isUnchanged(before: Step, after: Step): boolean {
  return (
    before.kind === after.kind &&
    before.label === after.label &&
    before.description === after.description &&
    isSame(before.dependsOn, after.dependsOn) &&
    isSame(before.properties as JsonObject, after.properties as JsonObject)
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

function compareDependencies(before: Step, after: Step, { collector, names }: DiffContext): void {
  compareSets(before.dependsOn, after.dependsOn, (id, isAdded) => {
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

const SET_NOUNS: Readonly<Record<string, string>> = {
  tools: 'Tool',
  mcpServers: 'MCP server',
  dataSources: 'Data source',
};

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
