import { isList, isObject, type Json } from '../workflow/json.ts';
import { pathText } from '../workflow/source/source-scan.ts';
import type { Part } from './compare-values.ts';
import { flatten, quoteName, shorten } from './quote.ts';

/** Where a document of unknown format keeps the name of a thing, best first: in the thing itself, and in what it wraps. */
const NAME_KEYS = ['name', 'title', 'label', 'display_name', 'key', 'variable', 'role'] as const;
const NESTED_NAME_KEYS = ['title', 'label', 'display_name', 'name'] as const;
const NESTED = ['data', 'node', 'metadata'] as const;
const LONGEST_PATH = 100;

/** What people call the things of a document. */
export interface ItemNames {
  /** By id, for what only names ids, as edges do; the id itself where nothing has it. */
  byId(id: string): string;
  /** Several things with ids of their own are called so. */
  isShared(name: string): boolean;
}

/** What people call an item of a list: its name or title, the ends of an edge, or else its id. Null for what has none of these. */
export function nameOfItem(item: Json, names: ItemNames): string | null {
  if (!isObject(item)) return null;
  const { source, target, id } = item;
  if (typeof source === 'string' && typeof target === 'string') return `${names.byId(source)} → ${names.byId(target)}`;
  const own = ownName(item);
  if (typeof id !== 'string' && typeof id !== 'number') return own;
  return own === null ? String(id) : names.isShared(own) ? `${own} (${id})` : own;
}

function ownName(item: Json, depth = 0): string | null {
  if (!isObject(item)) return null;
  for (const key of depth === 0 ? NAME_KEYS : NESTED_NAME_KEYS) {
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

/** Looks through documents (the later one prevails) when first asked. Things without ids have no part in it. */
export function nameItems(documents: readonly Json[]): ItemNames {
  let found: { names: Map<string, string>; ids: Map<string, Set<string>> } | undefined;
  const look = () => {
    found ??= collectNames(documents);
    return found;
  };
  return {
    byId: (id) => look().names.get(id) ?? id,
    isShared: (name) => (look().ids.get(name)?.size ?? 0) > 1,
  };
}

function collectNames(documents: readonly Json[]): { names: Map<string, string>; ids: Map<string, Set<string>> } {
  const names = new Map<string, string>();
  const ids = new Map<string, Set<string>>();
  const visit = (value: Json, shared: Map<string, Set<string>>): void => {
    if (isList(value)) for (const item of value) visit(item, shared);
    else if (isObject(value)) {
      const name = typeof value['id'] === 'string' ? ownName(value) : null;
      if (name !== null) {
        names.set(String(value['id']), name);
        shared.set(name, (shared.get(name) ?? new Set()).add(String(value['id'])));
      }
      for (const inner of Object.values(value)) visit(inner, shared);
    }
  };
  for (const document of documents) {
    // Shared within one document: the same thing in two versions may have two ids.
    const shared = new Map<string, Set<string>>();
    visit(document, shared);
    for (const [name, own] of shared) if (own.size > 1) ids.set(name, own);
  }
  return { names, ids };
}

/** For places where every thing already has a name of its own. */
export const NO_NAMES: ItemNames = { byId: (id) => id, isShared: () => false };

/** A place in words: `nodes ‘HTTP Request’: parameters.url`. */
export interface Subject {
  /** The list item it is in, such as `nodes ‘HTTP Request’`, and the innermost one in that which has a telling name; null outside of any. */
  readonly owner: string | null;
  /** The way from there on, such as `parameters.url`; empty for the item itself. */
  readonly rest: string;
  /** The whole, as a sentence begins. */
  readonly text: string;
}

export function subjectOf(parts: readonly Part[], names: ItemNames): Subject {
  const items = parts.flatMap(({ segment, item }, at) => {
    const name = typeof segment === 'number' && item !== undefined ? nameOfItem(item, names) : null;
    return name === null ? [] : [{ at, name, text: `${listName(parts, at)} ${quoteName(name)}` }];
  });
  const outermost = items[0];
  const innermost = items.slice(1).findLast(({ name }) => !SAYS_NOTHING.test(name));
  const rest = shortPath(parts.slice(((innermost ?? outermost)?.at ?? -1) + 1));
  const owner = outermost === undefined ? null : [outermost.text, innermost?.text].filter(Boolean).join(', ');
  return { owner, rest, text: [owner, rest].filter(Boolean).join(': ') || 'the document' };
}

/** Ids that a machine made up: whoever reads one is better off with the path. */
const SAYS_NOTHING = /^(?:[0-9a-f-]{16,}|\d{6,})$/i;

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
