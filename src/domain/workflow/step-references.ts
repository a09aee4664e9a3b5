import { isList, isObject, type Json } from './json.ts';

/** How the texts of a format name other steps. */
interface ReferenceRule {
  /** What they name them by. */
  readonly by: 'id' | 'label';
  /** Each finds one name, in its group `name`; what stands around it stays. */
  readonly patterns: readonly RegExp[];
  /** Properties that are lists of nothing but names of steps. */
  readonly lists: ReadonlySet<string>;
}

const RULES: Readonly<Record<string, ReferenceRule>> = {
  n8n: {
    by: 'label',
    patterns: [
      /(?<before>\$(?:items|node)?[([]\s*(?<quote>['"`]))(?<name>(?:\\.|(?!\k<quote>).){1,300})(?<after>\k<quote>)/gsu,
      /(?<before>\$node\.)(?<name>[\p{L}_$][\p{L}\p{N}_$]*)(?<after>)/gu,
    ],
    lists: new Set(['tools']),
  },
  dify: {
    by: 'id',
    patterns: [/(?<before>\{\{#)(?<name>[^#.{}\s]{1,100})(?<after>[#.])/gu],
    lists: new Set(),
  },
};

/** What the texts of a format name other steps by; null where they don't, or where nobody has said how. */
export function referencesBy(format: string): ReferenceRule['by'] | null {
  return Object.hasOwn(RULES, format) ? (RULES[format]?.by ?? null) : null;
}

/**
 * The properties of a step as they would read if other steps were called otherwise, so that a text which only follows
 * a new name compares as equal. What names no step of the map stays as it is; the same value is returned where nothing did.
 * @param newNames by the name that stands in the texts
 */
export function renameReferences<Value extends Json>(
  properties: Value,
  format: string,
  newNames: ReadonlyMap<string, string>,
): Value {
  const rule = Object.hasOwn(RULES, format) ? RULES[format] : undefined;
  if (rule === undefined || newNames.size === 0) return properties;
  return renameIn(properties, rule, newNames) as Value;
}

function renameIn(value: Json, rule: ReferenceRule, newNames: ReadonlyMap<string, string>): Json {
  if (typeof value === 'string') return renameInText(value, rule, newNames);
  if (isList(value)) return renameEach(value, rule, newNames);
  if (!isObject(value)) return value;
  let changed: Record<string, Json> | undefined;
  for (const [key, old] of Object.entries(value)) {
    const now =
      rule.lists.has(key) && isList(old)
        ? old.map((item) => (typeof item === 'string' ? (newNames.get(item) ?? item) : item))
        : renameIn(old, rule, newNames);
    if (now !== old) changed = { ...(changed ?? value), [key]: now };
  }
  return changed ?? value;
}

function renameEach(list: readonly Json[], rule: ReferenceRule, newNames: ReadonlyMap<string, string>): Json {
  const renamed = list.map((item) => renameIn(item, rule, newNames));
  return renamed.some((item, index) => item !== list[index]) ? renamed : list;
}

function renameInText(text: string, { patterns }: ReferenceRule, newNames: ReadonlyMap<string, string>): string {
  if (!text.includes('$') && !text.includes('{{#')) return text;
  return patterns.reduce(
    (renamed, pattern) =>
      renamed.replace(pattern, (...found) => {
        const { before, name, after } = found.at(-1) as { before: string; name: string; after: string };
        const newName = newNames.get(name.replaceAll(/\\(.)/gsu, '$1'));
        if (newName === undefined) return found[0] as string;
        return `${before}${after === '' ? newName : escapeFor(after, newName)}${after}`;
      }),
    text,
  );
}

/** A name between quotes escapes them. */
function escapeFor(quote: string, name: string): string {
  return /['"`]/u.test(quote) ? name.replaceAll(/\\/gu, '\\\\').replaceAll(quote, `\\${quote}`) : name;
}
