import { isList, isObject, type Json } from '../json.ts';
import { LIMITS } from '../limits.ts';
import type { PathProblem } from '../source/check-values.ts';
import type { ReadContext } from './format.ts';
import { suggestion } from './schema-problems.ts';
import type { RawWorkflow } from './towpath-schema.ts';
import { type ReadStep, repeated } from './towpath-steps.ts';

/** Step ids are unique in the whole workflow: a match by id means the same step wherever it has moved to. */
export function duplicateIds(all: readonly ReadStep[]): PathProblem[] {
  const seen = new Map<string, string>();
  return all.flatMap(({ step, at }) => {
    const first = seen.get(step.id);
    seen.set(step.id, first ?? step.path);
    return first === undefined
      ? []
      : [{ path: [...at, 'id'], message: `there is already a step ‘${step.id}’ at ${first}` }];
  });
}

/** @param rawSteps where ids are looked up, so that a step which is wrong in itself is not called missing too */
export function brokenDependencies(all: readonly ReadStep[], rawSteps: readonly Json[]): PathProblem[] {
  const known = idsIn(rawSteps);
  const problems: PathProblem[] = [];
  for (const { step, at } of all) {
    for (const [index, id] of step.dependsOn.entries()) {
      if (known.has(id)) continue;
      if (problems.length === LIMITS.problems) return problems;
      const message = `there is no step ‘${id.slice(0, 100)}’${suggestion(id, [...known])}`;
      problems.push({ path: [...at, 'dependsOn', index], message });
    }
  }
  return problems;
}

function idsIn(value: Json, ids = new Set<string>()): Set<string> {
  if (isList(value)) for (const item of value) idsIn(item, ids);
  else if (isObject(value)) {
    if (typeof value['id'] === 'string') ids.add(value['id']);
    for (const inner of Object.values(value)) idsIn(inner, ids);
  }
  return ids;
}

/** What waits for what: a step begins after all it depends on and after the step around it; that one ends after it. */
interface Moment {
  readonly read: ReadStep;
  readonly after: number[];
}

/** Steps that could never begin, because each waits for the next one. Reports the first such circle. */
export function dependencyCycle(all: readonly ReadStep[]): PathProblem[] {
  const indexes = new Map(all.map(({ step }, index) => [step.id, index]));
  const begin = (index: number) => 2 * index;
  const end = (index: number) => 2 * index + 1;
  const moments: Moment[] = all.flatMap((read) => [
    { read, after: [] },
    { read, after: [] },
  ]);
  all.forEach(({ step }, index) => {
    moments[end(index)]?.after.push(begin(index));
    for (const id of step.dependsOn) {
      const other = indexes.get(id);
      if (other !== undefined) moments[begin(index)]?.after.push(end(other));
    }
    for (const inner of step.children.flatMap((group) => group.steps)) {
      const child = indexes.get(inner.id);
      if (child === undefined || child === index) continue;
      moments[begin(child)]?.after.push(begin(index));
      moments[end(index)]?.after.push(end(child));
    }
  });
  const circle = findCircle(moments);
  const [first] = circle;
  if (first === undefined) return [];
  const ids = circle.map(({ read }) => read.step.id).filter((id, index, list) => id !== list[index - 1]);
  const shown = ids.length > 10 ? [...ids.slice(0, 9), '…'] : ids;
  const closed = ids.length > 1 && ids[0] === ids.at(-1) ? shown : [...shown, ids[0]];
  return [
    { path: [...first.read.at, 'dependsOn'], message: `steps wait for each other in a circle: ${closed.join(' → ')}` },
  ];
}

/** Depth first without recursion: a chain of 5,000 steps is no deeper than any other. */
function findCircle(moments: readonly Moment[]): Moment[] {
  const done = new Set<number>();
  for (let start = 0; start < moments.length; start++) {
    const trail: { at: number; next: number }[] = [{ at: start, next: 0 }];
    const onTrail = new Set([start]);
    while (!done.has(start)) {
      const top = trail.at(-1) as { at: number; next: number };
      const next = moments[top.at]?.after[top.next++];
      if (next === undefined) {
        done.add(top.at);
        onTrail.delete(top.at);
        trail.pop();
      } else if (onTrail.has(next)) {
        const from = trail.findIndex(({ at }) => at === next);
        return trail.slice(from).map(({ at }) => moments[at] as Moment);
      } else if (!done.has(next)) {
        trail.push({ at: next, next: 0 });
        onTrail.add(next);
      }
    }
  }
  return [];
}

/** A trigger of a type needs what that type waits for, and waits only for events that somebody emits. */
export function triggerProblems(workflow: RawWorkflow, { knownEvents }: ReadContext): PathProblem[] {
  const triggers = workflow.triggers ?? [];
  const emitted = [...(workflow.emits ?? []), ...knownEvents];
  const known = new Set(emitted);
  const problems = triggers.flatMap(({ type, schedule, event }, index): PathProblem[] => {
    const at = ['triggers', index];
    if (type === 'schedule' && schedule === undefined)
      return [{ path: at, message: 'a trigger of type schedule needs ‘schedule’' }];
    if (type !== 'event')
      return event === undefined
        ? []
        : [{ path: [...at, 'event'], message: `‘event’ belongs to triggers of type event, and this one is ${type}` }];
    if (event === undefined) return [{ path: at, message: 'a trigger of type event needs ‘event’' }];
    if (known.has(event)) return [];
    return [
      {
        path: [...at, 'event'],
        message: `nothing emits the event ‘${event.slice(0, 100)}’${suggestion(event, emitted)}`,
      },
    ];
  });
  return [
    ...problems,
    ...repeated(
      triggers.map(({ id }) => id),
      ['triggers'],
      'trigger',
    ),
  ];
}
