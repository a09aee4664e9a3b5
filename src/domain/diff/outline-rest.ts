import type { Definition } from '../workflow/definition.ts';
import { isList, isObject, type Json } from '../workflow/json.ts';
import { pathText } from '../workflow/source/source-scan.ts';
import type { BlockMark, BlocksViewLine } from './blocks-view.ts';
import { compareValues, type Difference, type Part } from './compare-values.ts';
import { makeEffort } from './effort.ts';
import { type ItemNames, nameItems, nameOfItem } from './generic-subject.ts';
import { makeLikeness } from './likeness.ts';
import { count, flatten, shorten } from './quote.ts';

const MOST_PATHS = 5;
/** Of items and keys that are told at all; the view shows fewer. */
const MOST_ENTRIES = 2_000;
/** Deep in a document, where a path would say nothing to anybody. */
const LONGEST_WAY = 20;

/** What happened to one item of a list, or to one key outside of any. */
interface Entry {
  readonly name: string;
  mark: BlockMark;
  readonly path: string;
  readonly inside: Set<string>;
}

/** The lists of named things in a document of unknown format, with what changed in each thing; then what changed elsewhere. */
export function outlineRest(before: Definition | null, after: Definition): BlocksViewLine[] {
  const names = nameItems([before?.rest ?? {}, after.rest]);
  const lists = new Map<string, Map<string, Entry>>();
  let entryCount = 0;
  const options = { likeness: makeLikeness(), effort: makeEffort(), isEnough: () => entryCount >= MOST_ENTRIES };
  compareValues(before?.rest ?? {}, after.rest, options, (difference) => {
    if (entryCount >= MOST_ENTRIES) return;
    const { list, entry, inside } = placeOf(difference, names);
    const entries = lists.get(list) ?? new Map<string, Entry>();
    lists.set(list, entries);
    const known = entries.get(entry.path) ?? entry;
    if (known === entry) entryCount++;
    entries.set(entry.path, known);
    if (inside !== '' && known.inside.size <= MOST_PATHS) known.inside.add(inside);
  });
  return [...lists].flatMap(([list, entries]) => linesOfList(list, [...entries.values()], after.rest));
}

interface Place {
  /** Path of the list; empty outside of any. */
  readonly list: string;
  readonly entry: Entry;
  readonly inside: string;
}

function placeOf({ kind, parts }: Difference, names: ItemNames): Place {
  const at = parts.findIndex(({ item }) => item !== undefined && nameOfItem(item, names) !== null);
  const end = at < 0 ? 1 : at + 1;
  const own = parts.slice(0, end);
  const inside = textOf(parts.slice(end));
  const mark = inside !== '' || kind === 'changed' ? '~' : kind === 'added' ? '+' : kind === 'removed' ? '-' : '>';
  const item = parts[at]?.item;
  const name = item === undefined ? textOf(own) : nameOfItem(item, names);
  const path = `${textOf(own)}${kind === 'removed' && inside === '' ? ' (before)' : ''}`;
  return {
    list: at < 0 ? '' : textOf(parts.slice(0, at)),
    entry: { name: name ?? '', mark, path, inside: new Set() },
    inside,
  };
}

function textOf(parts: readonly Part[]): string {
  return pathText(parts.slice(0, LONGEST_WAY).map(({ segment }) => segment));
}

function linesOfList(list: string, entries: readonly Entry[], rest: Json): BlocksViewLine[] {
  const depth = list === '' ? 0 : 1;
  const lines = entries.map(({ name, mark, path, inside }): BlocksViewLine => {
    const paths = [...inside].slice(0, MOST_PATHS).map((text) => shorten(flatten(text), 60));
    const what = paths.length === 0 ? '' : `: ${paths.join(', ')}${inside.size > MOST_PATHS ? ', …' : ''}`;
    return { mark, depth, text: `${shorten(flatten(name), 80)}${what}`, path: path.replace(/ \(before\)$/, '') };
  });
  if (list === '') return lines;
  const unchanged = sizeAt(rest, list) - entries.filter(({ mark }) => mark !== '-').length;
  const folded: BlocksViewLine[] =
    unchanged > 0 ? [{ mark: ' ', depth, text: `… ${count(unchanged, 'unchanged item')}`, path: '' }] : [];
  return [{ mark: ' ', depth: 0, text: shorten(flatten(list), 80), path: list }, ...lines, ...folded];
}

function sizeAt(document: Json, path: string): number {
  let current: Json | undefined = document;
  for (const key of path.split('.')) current = isObject(current) ? current[key] : undefined;
  return isList(current) ? current.length : 0;
}
