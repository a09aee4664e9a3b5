import { isList, isObject, type Json, type JsonObject } from '../workflow/json.ts';

/**
 * A value of the version before with the ids of the version after wherever it names a step whose id changed,
 * so that a reference to the same step is the same. The value itself where it names none.
 */
export type FollowIds = <Value extends Json>(before: Value, after: Json | undefined) => Value;

/** Ids and words, as they stand in references such as `{{#1718.text#}}` and `steps.draft.output`. */
const TOKEN = /[\p{L}\p{N}_-]+/gu;
/** An id that a machine made up is a reference wherever it stands; a word may also be meant as a word. */
const MADE_UP = /^(?=\D*\d)[\p{L}\p{N}_-]{6,100}$/u;

/** @param changedIds after, by before */
export function makeFollowIds(changedIds: ReadonlyMap<string, string>): FollowIds {
  if (changedIds.size === 0) return (before) => before;

  const rename = (id: string): string => {
    const now = changedIds.get(id);
    return now !== undefined && MADE_UP.test(id) ? now : id;
  };

  const followText = (before: string, after: Json | undefined): string => {
    const renamed = before.replace(TOKEN, rename);
    if (typeof after !== 'string' || after === renamed) return renamed;
    return isSameButForIds(before, after, changedIds) ? after : renamed;
  };

  const followList = (before: readonly Json[], after: Json | undefined): readonly Json[] => {
    const others = isList(after) ? after : [];
    const followed = before.map((item, index) => follow(item, others[index]));
    return followed.some((item, index) => item !== before[index]) ? followed : before;
  };

  const followObject = (before: JsonObject, after: Json | undefined): JsonObject => {
    const others = isObject(after) ? after : {};
    let isRenamed = false;
    const followed = Object.entries(before).map(([key, value]): [string, Json] => {
      const name = Object.hasOwn(others, key) ? key : rename(key);
      const inner = follow(value, Object.hasOwn(others, name) ? others[name] : undefined);
      isRenamed ||= name !== key || inner !== value;
      return [name, inner];
    });
    return isRenamed ? Object.fromEntries(followed) : before;
  };

  const follow = (before: Json, after: Json | undefined): Json => {
    if (before === after) return before;
    if (typeof before === 'string') return followText(before, after);
    if (isList(before)) return followList(before, after);
    return isObject(before) ? followObject(before, after) : before;
  };
  return follow as FollowIds;
}

/** Word by word, each is the same or the id of the same step. */
function isSameButForIds(before: string, after: string, changedIds: ReadonlyMap<string, string>): boolean {
  const [old, now] = [before.match(TOKEN) ?? [], after.match(TOKEN) ?? []];
  if (old.length !== now.length || before.replace(TOKEN, '') !== after.replace(TOKEN, '')) return false;
  return old.every((word, index) => word === now[index] || changedIds.get(word) === now[index]);
}
