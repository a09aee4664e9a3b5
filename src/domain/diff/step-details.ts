import type { Step } from '../workflow/definition.ts';
import { flatten, quoteName, shorten } from './quote.ts';

const MOST_NAMES = 5;

/** What to know of a step that is new: its kind, model, tools and MCP servers, in parentheses. */
export function detailsOf({ kind, properties }: Step): string {
  const { model, tools, mcpServers } = properties;
  const details = [
    flatten(shorten(kind, 40)),
    model === undefined ? '' : `model ${quoteName(model)}`,
    names(tools, 'tool'),
    names(mcpServers, 'MCP server'),
  ];
  return ` (${details.filter(Boolean).join(', ')})`;
}

function names(list: readonly string[] | undefined, noun: string): string {
  if (list === undefined || list.length === 0) return '';
  const shown = list.slice(0, MOST_NAMES).map(quoteName).join(' ');
  return `${noun}${list.length === 1 ? '' : 's'} ${shown}${list.length > MOST_NAMES ? ' …' : ''}`;
}
