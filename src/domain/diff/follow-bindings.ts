import type { JsonObject } from '../workflow/json.ts';
import type { StepMatching } from './match-steps.ts';

/** The bindings before by the names after: formats keep those of a step by its id or label, and a step that is called otherwise takes them along. */
export function followBindings(before: JsonObject, after: JsonObject, { matches }: StepMatching): JsonObject {
  if (Object.keys(before).length === 0) return before;
  const [names, origins] = [new Map<string, string | null>(), new Map<string, string | null>()];
  const isFree = (old: string, now: string) => !Object.hasOwn(after, old) && !Object.hasOwn(before, now);
  for (const match of matches) {
    const [old, now] = [match.before.step, match.after.step];
    for (const [from, to] of [[old.id, now.id] as const, [old.label, now.label] as const]) {
      if (from === undefined || to === undefined || from === to || !isFree(from, to)) continue;
      names.set(from, names.has(from) ? null : to);
      origins.set(to, origins.has(to) ? null : from);
    }
  }
  // A name that several steps had or have is nobody's.
  const nameAfter = (name: string): string => {
    const now = names.get(name) ?? name;
    return origins.get(now) === name ? now : name;
  };
  return Object.fromEntries(Object.entries(before).map(([name, binding]) => [nameAfter(name), binding]));
}
