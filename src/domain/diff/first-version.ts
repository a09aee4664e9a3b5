import { allSteps, type Definition } from '../workflow/definition.ts';
import { isList, isObject, type Json } from '../workflow/json.ts';
import { count, flatten, quoteName, shorten } from './quote.ts';

const MOST_NAMES = 8;
const MOST_LISTS = 4;
/** How deep a document of unknown format is searched for what it is a list of. */
const LIST_DEPTH = 4;

/** What a first version is, for whom nothing can be compared: “First version: 5 steps (3 llm, 1 condition, 1 loop)”. */
export function describeFirstVersion(definition: Definition): string[] {
  const steps = allSteps(definition);
  if (steps.length === 0) return [`First version: ${contentsOf(definition.rest)}`];
  const lines = [`First version: ${count(steps.length, 'step')} (${kindCounts(steps.map(({ kind }) => kind))})`];
  const properties = steps.map((step) => step.properties);
  return [
    ...lines,
    ...listed(
      'Model',
      properties.flatMap(({ model }) => model ?? []),
    ),
    ...listed(
      'Tool',
      properties.flatMap(({ tools, tool }) => [...(tools ?? []), ...(typeof tool === 'string' ? [tool] : [])]),
    ),
    ...listed(
      'MCP server',
      properties.flatMap(({ mcpServers }) => mcpServers ?? []),
    ),
  ];
}

/** Most frequent first, then by first appearance. */
function kindCounts(kinds: readonly string[]): string {
  const groups = [...Map.groupBy(kinds, (kind) => kind)].sort(([, a], [, b]) => b.length - a.length);
  const shown = groups
    .slice(0, MOST_NAMES)
    .map(([kind, all]) => `${all.length.toLocaleString('en')} ${flatten(shorten(kind, 40))}`);
  return [...shown, ...(groups.length > MOST_NAMES ? ['…'] : [])].join(', ');
}

function listed(noun: string, names: readonly string[]): string[] {
  const unique = [...new Set(names)];
  if (unique.length === 0) return [];
  const more = unique.length > MOST_NAMES ? ` and ${unique.length - MOST_NAMES} more` : '';
  return [`${noun}${unique.length === 1 ? '' : 's'}: ${unique.slice(0, MOST_NAMES).map(quoteName).join(', ')}${more}`];
}

/** The lists of named things in a document of unknown format, largest first. */
function contentsOf(document: Json): string {
  const lists = new Map<string, number>();
  const visit = (value: Json, depth: number): void => {
    if (!isObject(value) || depth > LIST_DEPTH) return;
    for (const [key, inner] of Object.entries(value)) {
      if (isList(inner) && inner.length > 0 && inner.every(isObject))
        lists.set(key, (lists.get(key) ?? 0) + inner.length);
      else visit(inner, depth + 1);
    }
  };
  visit(document, 1);
  const largest = [...lists].sort(([, a], [, b]) => b - a).slice(0, MOST_LISTS);
  if (largest.length === 0) return count(isObject(document) ? Object.keys(document).length : 0, 'field');
  return largest
    .map(
      ([key, size]) => `${size.toLocaleString('en')} ${flatten(shorten(size === 1 ? key.replace(/s$/, '') : key, 40))}`,
    )
    .join(', ');
}
