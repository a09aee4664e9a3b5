import { lookUp } from '../../look-up.ts';
import { findRule } from '../property-rules.ts';
import { count, flatten, shorten } from '../quote.ts';
import { labelOf } from '../step-names.ts';
import type { SceneNode } from './choose-nodes.ts';
import type { GraphNode } from './picture-graph.ts';
import { breakLines, cutLine, widthOf } from './text-size.ts';

/** Sizes in pixels of the picture as it is laid out. A phone shows about 400 of them side by side. */
export const LABEL_SIZE = 15;
export const DETAIL_SIZE = 12.5;
export const LINE_HEIGHT = 19;
export const PADDING = 10;
/** Room for the mark before the text. */
export const BADGE = 26;
const TEXT_WIDTH = 148;
const MIN_WIDTH = 96;
const MOST_WORDS = 3;

/** What stands in a box, and how large that makes it. */
export interface Box {
  readonly width: number;
  readonly height: number;
  readonly lines: readonly string[];
  readonly detail: string;
  /** One for each thing that happened: `+`, `−`, `~`, `→`, or nothing. */
  readonly mark: string;
}

/** The box of a closed step or of folded ones, or the head of an open one. */
export function boxOf(node: SceneNode): Box {
  const { shown, fold } = node;
  if (shown === null) return sized(breakLines(fold, TEXT_WIDTH, DETAIL_SIZE, 2), '', '', DETAIL_SIZE);
  const lines = breakLines(labelOf(shown.step), TEXT_WIDTH, LABEL_SIZE, 2);
  return sized(lines, cutLine(detailOf(node, shown), TEXT_WIDTH, DETAIL_SIZE), markOf(shown), LABEL_SIZE);
}

function sized(lines: readonly string[], detail: string, mark: string, size: number): Box {
  const text = Math.max(...lines.map((line) => widthOf(line, size)), widthOf(detail, DETAIL_SIZE));
  const width = Math.max(MIN_WIDTH, Math.ceil(text) + 2 * PADDING + (mark === '' ? 0 : BADGE));
  const rows = lines.length + (detail === '' ? 0 : 1);
  return { width, height: rows * LINE_HEIGHT + PADDING + 4, lines, detail, mark };
}

/** Colour alone says nothing to many people, so each state has a mark. */
function markOf({ state, changes }: GraphNode): string {
  if (state === 'moved') return changes.length > 0 ? '→~' : '→';
  return { added: '+', removed: '−', changed: '~', same: '' }[state];
}

/** The kind, then what changed, then what is hidden inside. */
function detailOf({ scenes }: SceneNode, { step, changes, inside }: GraphNode): string {
  const kind = flatten(shorten(step.kind, 24));
  const words = [...new Set(changes.map(({ property }) => wordsOf(property ?? '')))].filter(Boolean);
  if (words.length > 0) return `${words.slice(0, MOST_WORDS).join(', ')}${words.length > MOST_WORDS ? ', …' : ''}`;
  return scenes.length === 0 && inside > 0 ? `${kind}, ${count(inside, 'step')}` : kind;
}

const OWN_WORDS: Readonly<Record<string, string>> = { label: 'name', dependsOn: 'dependencies' };

/** `model`, `system prompt`. */
function wordsOf(property: string): string {
  const words =
    lookUp(OWN_WORDS, property) ?? findRule(property.split(/[.[]/, 2))?.words ?? property.split(/[.[]/, 1)[0] ?? '';
  return flatten(shorten(words, 30)).replace(/^\p{Lu}(?=\p{Ll})/u, (letter) => letter.toLowerCase());
}
