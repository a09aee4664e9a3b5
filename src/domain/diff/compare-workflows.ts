import type { Definition, Edge, Trigger } from '../workflow/definition.ts';
import type { Json, JsonObject } from '../workflow/json.ts';
import { pathText } from '../workflow/source/source-scan.ts';
import type { ChangeClass } from './change.ts';
import { compareSchemas } from './compare-schemas.ts';
import { compareSets } from './compare-sets.ts';
import { compareValues, type Part } from './compare-values.ts';
import type { DiffContext } from './diff-context.ts';
import { kindOf, withValues } from './draft.ts';
import { followBindings } from './follow-bindings.ts';
import { flatten, quoteName, quoteValue, shorten } from './quote.ts';
import { type Said, say } from './wording.ts';

/** Compares what belongs to a workflow as a whole: everything but its steps, their arrows and what no format names. */
export function compareWorkflows(before: Definition, after: Definition, context: DiffContext): void {
  const tell = tellWith(context);
  tell('logic', 'format', before.format, after.format, 'Format');
  tell('logic', 'executionMode', before.executionMode, after.executionMode, 'Execution mode');
  compareSchemas(before.inputs ?? {}, after.inputs ?? {}, { noun: 'Input', path: 'inputs', words: '' }, context);
  compareSchemas(before.outputs ?? {}, after.outputs ?? {}, { noun: 'Output', path: 'outputs', words: '' }, context);
  compareTriggers(before, after, context);
  compareSets(before.emits, after.emits, (event, isAdded) => {
    const sentence = `Event ${quoteName(event)} is ${isAdded ? 'now' : 'no longer'} emitted`;
    addToSet(context, 'emits', event, isAdded, sentence);
  });
  compareBindings(before.bindings, after.bindings, context);
  if (before.name !== after.name) tellName(before.name, after.name, context);
  tell('cosmetic', 'description', before.description, after.description, 'Description of the workflow');
}

type Tell = (
  changeClass: ChangeClass,
  path: string,
  before: Json | undefined,
  after: Json | undefined,
  subject: string,
) => void;

function tellWith({ collector, budget }: DiffContext): Tell {
  return (changeClass, path, before, after, subject) => {
    if (before === after) return;
    collector.add({
      class: changeClass,
      kind: kindOf(before, after),
      path,
      ...withValues(before, after),
      say: () => say(subject, before, after, budget),
    });
  };
}

function tellName(before: string | undefined, after: string | undefined, { collector }: DiffContext): void {
  const sentence = `Workflow renamed from ${before === undefined ? 'no name' : quoteName(before)} to ${after === undefined ? 'no name' : quoteName(after)}`;
  collector.add({
    class: 'cosmetic',
    kind: 'renamed',
    path: 'name',
    ...withValues(before, after),
    say: () => ({ sentence }),
  });
}

function addToSet(
  { collector }: DiffContext,
  path: string,
  name: string,
  isAdded: boolean,
  sentence: string,
  changeClass: ChangeClass = 'logic',
): void {
  collector.add({
    class: changeClass,
    kind: isAdded ? 'added' : 'removed',
    path,
    ...(isAdded ? { after: name } : { before: name }),
    say: () => ({ sentence }),
  });
}

function compareTriggers(before: Definition, after: Definition, context: DiffContext): void {
  const old = new Map(before.triggers.map((trigger) => [trigger.id, trigger]));
  const now = new Map(after.triggers.map((trigger) => [trigger.id, trigger]));
  for (const [index, trigger] of after.triggers.entries()) {
    const previous = old.get(trigger.id);
    if (previous === undefined) tellTrigger('added', trigger, index, context);
    else compareTrigger(previous, trigger, `triggers[${index}]`, context);
  }
  for (const [index, trigger] of before.triggers.entries())
    if (!now.has(trigger.id)) tellTrigger('removed', trigger, index, context);
}

function tellTrigger(kind: 'added' | 'removed', trigger: Trigger, index: number, { collector }: DiffContext): void {
  const details = [trigger.type, trigger.schedule ?? trigger.event]
    .filter((detail) => detail !== undefined)
    .map((detail) => flatten(shorten(detail, 60)));
  collector.add({
    class: 'logic',
    kind,
    path: `triggers[${index}]`,
    [kind === 'added' ? 'after' : 'before']: { ...trigger },
    say: () => ({ sentence: `Trigger ${quoteName(trigger.id)} ${kind} (${details.join(' ')})` }),
  });
}

function compareTrigger(before: Trigger, after: Trigger, path: string, context: DiffContext): void {
  const tell = tellWith(context);
  const subject = `Trigger ${quoteName(after.id)}`;
  for (const key of ['type', 'schedule', 'event'] as const)
    tell('logic', `${path}.${key}`, before[key], after[key], `${subject}: ${key}`);
  compareSets(before.environments ?? [], after.environments ?? [], (name, isAdded) => {
    const sentence = `${subject}: environment ${quoteName(name)} ${isAdded ? 'added' : 'removed'}`;
    addToSet(context, `${path}.environments`, name, isAdded, sentence);
  });
}

/** Arrows that a format states. Those that follow from order and dependencies are told as such. */
export function compareEdges(before: Definition, after: Definition, context: DiffContext): void {
  const { names, matching } = context;
  const keyOf = ({ from, to, port }: Edge) => JSON.stringify([from, to, port ?? null]);
  const stated = (edges: readonly Edge[]) => edges.filter(({ implied }) => !implied);
  const old = stated(before.edges).map((edge) =>
    keyOf({ ...edge, from: matching.idAfter(edge.from), to: matching.idAfter(edge.to) }),
  );
  compareSets(old, stated(after.edges).map(keyOf), (key, isAdded) => {
    const [from, to, port] = JSON.parse(key) as [string, string, string | null];
    const arrow = `${names.byId(from)} → ${names.byId(to)}${port === null ? '' : ` (${flatten(port)})`}`;
    const changeClass = port !== null && Object.hasOwn(PORT_CLASSES, port) ? PORT_CLASSES[port] : 'logic';
    addToSet(context, 'edges', key, isAdded, `Edge ${arrow} ${isAdded ? 'added' : 'removed'}`, changeClass);
  });
}

/** Arrows that say what answers or searches, not what comes next: by the name of the port they go into. */
const PORT_CLASSES: Readonly<Record<string, ChangeClass>> = { ai_languageModel: 'model', ai_embedding: 'model' };

function compareBindings(before: JsonObject, after: JsonObject, context: DiffContext): void {
  const { collector, likeness, effort, budget, matching, names } = context;
  compareValues(followBindings(before, after, matching), after, { likeness, effort }, ({ kind, parts, ...values }) => {
    const [name, ...rest] = textsOf(parts);
    const subject = `Binding ${names.byId(name ?? '')}${rest.length === 0 ? '' : `: ${shorten(flatten(rest.join('.')), 80)}`}`;
    collector.add({
      class: 'binding',
      kind,
      path: `bindings.${pathText(parts.map(({ segment }) => segment))}`,
      ...withValues(values.before, values.after),
      say: (): Said =>
        kind === 'moved' ? { sentence: `${subject} put in another order` } : sayBinding(subject, kind, values),
    });
  });

  function sayBinding(
    subject: string,
    kind: 'added' | 'removed' | 'changed',
    values: { before?: Json; after?: Json },
  ): Said {
    if (kind === 'changed') return say(subject, values.before, values.after, budget);
    return { sentence: `${subject} ${kind} (${quoteValue(values.after ?? values.before)})` };
  }
}

function textsOf(parts: readonly Part[]): string[] {
  return parts.map(({ segment }) => String(segment));
}
