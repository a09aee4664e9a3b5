import { isList, isObject, type Json } from '../workflow/json.ts';
import { pathText } from '../workflow/source/source-scan.ts';
import type { Part } from './compare-values.ts';
import { flatten, quoteName, shorten } from './quote.ts';

/** Where a document of unknown format keeps the name of a thing, best first. */
const NAME_KEYS = ['name', 'title', 'label', 'display_name', 'key'] as const;
const NESTED = ['data', 'node', 'metadata'] as const;
const LONGEST_PATH = 100;

/** Finds what people call an item by its id, for things that only name ids, as edges do. */
export type NameOf = (id: string) => string;

/** What people call an item of a list: its name or title, the ends of an edge, or else its id. Null for what has none of these. */
export function nameOfItem(item: Json, nameOf: NameOf): string | null {
  if (!isObject(item)) return null;
  const { source, target, id } = item;
  if (typeof source === 'string' && typeof target === 'string') return `${nameOf(source)} → ${nameOf(target)}`;
  return ownName(item) ?? (typeof id === 'string' || typeof id === 'number' ? String(id) : null);
}

function ownName(item: Json, depth = 0): string | null {
  if (!isObject(item)) return null;
  for (const key of NAME_KEYS) {
    const name = item[key];
    if (typeof name === 'string' && name.trim() !== '') return name;
  }
  if (depth === 2) return null;
  for (const key of NESTED) {
    const name = Object.hasOwn(item, key) ? ownName(item[key] ?? null, depth + 1) : null;
    if (name !== null) return name;
  }
  return null;
}

/** Names by id of all items in a document that have both, looked up when first asked for. */
export function namesById(documents: readonly Json[]): NameOf {
  let names: Map<string, string> | undefined;
  return (id) => (names ??= collectNames(documents)).get(id) ?? id;
}

function collectNames(documents: readonly Json[]): Map<string, string> {
  const names = new Map<string, string>();
  const visit = (value: Json): void => {
    if (isList(value)) value.forEach(visit);
    else if (isObject(value)) {
      const name = typeof value['id'] === 'string' ? ownName(value) : null;
      if (name !== null) names.set(String(value['id']), name);
      Object.values(value).forEach(visit);
    }
  };
  documents.forEach(visit);
  return names;
}

/** A place in words: `nodes ‘HTTP Request’: parameters.url`. */
export interface Subject {
  /** The innermost list item that has a name, such as `nodes ‘HTTP Request’`; null outside of any. */
  readonly owner: string | null;
  /** The way from there on, such as `parameters.url`; empty for the item itself. */
  readonly rest: string;
  /** The whole, as a sentence begins. */
  readonly text: string;
}

export function subjectOf(parts: readonly Part[], nameOf: NameOf): Subject {
  const items: { at: number; text: string }[] = [];
  for (const [at, { segment, item }] of parts.entries()) {
    if (typeof segment !== 'number' || item === undefined) continue;
    const name = nameOfItem(item, nameOf);
    if (name !== null) items.push({ at, text: `${listName(parts, at)} ${quoteName(name)}` });
  }
  const rest = shortPath(parts.slice((items.at(-1)?.at ?? -1) + 1));
  const owner = items.length === 0 ? null : items.slice(-2).map(({ text }) => text).join(', ');
  return { owner, rest, text: [owner, rest].filter(Boolean).join(': ') || 'the document' };
}

/** The key that holds the list, for `workflow.graph.nodes[3]` is one of the `nodes`. */
function listName(parts: readonly Part[], at: number): string {
  const holder = parts.slice(0, at).findLast(({ segment }) => typeof segment === 'string')?.segment;
  return flatten(String(holder ?? 'items').slice(0, 60));
}

/** Keeps the end, which says most. */
function shortPath(parts: readonly Part[]): string {
  const text = flatten(pathText(parts.map(({ segment }) => segment)));
  return text.length <= LONGEST_PATH ? text : `…${shorten(text.slice(-LONGEST_PATH), LONGEST_PATH)}`;
}
