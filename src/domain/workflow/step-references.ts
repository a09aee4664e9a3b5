import { isList, isObject, type Json } from './json.ts';

/** How the texts of a format name other steps by what people call them. */
interface LabelReferences {
  /** Each finds one name, in its group `name`; what stands around it stays. */
  readonly patterns: readonly RegExp[];
  /** Properties that are lists of nothing but names of steps. */
  readonly lists: ReadonlySet<string>;
}

/** By format. Formats whose texts name steps by id need no line here. */
const REFERENCES: Readonly<Record<string, LabelReferences>> = {
  n8n: {
    patterns: [
      /(?<before>\$(?:items|node)?[([]\s*(?<quote>['"`]))(?<name>(?:\\.|(?!\k<quote>).){1,300})(?<after>\k<quote>)/gsu,
      /(?<before>\$node\.)(?<name>[\p{L}_$][\p{L}\p{N}_$]*)(?<after>)/gu,
    ],
    lists: new Set(['tools']),
  },
};

/** Whether the texts of a format name other steps by label, so that a renamed step takes them along. */
export function namesStepsByLabel(format: string): boolean {
  return Object.hasOwn(REFERENCES, format);
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
  const references = Object.hasOwn(REFERENCES, format) ? REFERENCES[format] : undefined;
  if (references === undefined || newNames.size === 0) return properties;
  return renameIn(properties, references, newNames) as Value;
}

function renameIn(value: Json, references: LabelReferences, newNames: ReadonlyMap<string, string>): Json {
  if (typeof value === 'string') return renameInText(value, references, newNames);
  if (isList(value)) {
    const renamed = value.map((item) => renameIn(item, references, newNames));
    return renamed.some((item, index) => item !== value[index]) ? renamed : value;
  }
  if (!isObject(value)) return value;
  let changed: Record<string, Json> | undefined;
  for (const [key, old] of Object.entries(value)) {
    const isNames = references.lists.has(key) && isList(old);
    const now = isNames ? old.map((name) => newNames.get(String(name)) ?? name) : renameIn(old, references, newNames);
    if (now !== old) {
      changed ??= { ...value };
      changed[key] = now;
    }
  }
  return changed ?? value;
}

function renameInText(text: string, { patterns }: LabelReferences, newNames: ReadonlyMap<string, string>): string {
  if (!text.includes('$')) return text;
  return patterns.reduce(
    (renamed, pattern) =>
      renamed.replace(pattern, (...found) => {
        const { before, name, after } = found.at(-1) as { before: string; name: string; after: string };
        const newName = newNames.get(name.replaceAll(/\\(.)/gsu, '$1'));
        return newName === undefined ? (found[0] as string) : `${before}${escapeFor(after, newName)}${after}`;
      }),
    text,
  );
}

/** A name between quotes escapes them. */
function escapeFor(quote: string, name: string): string {
  return quote === '' ? name : name.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`);
}
