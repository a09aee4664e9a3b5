import { count, quoteName } from '../quote.ts';
import { labelOf } from '../step-names.ts';
import { arrowsIn, type Choice, type Scene, type SceneArrow, type SceneNode } from './choose-nodes.ts';
import type { NodeState } from './picture-graph.ts';

/** What Slack takes, in UTF-16 units. */
const MOST_UNITS = 2_000;
const MOST_NAMES = 12;

/** What the picture shows, in words, for who cannot see it. At most 2,000 characters. */
export function altText({ scene, arrowsLeftOut }: Choice): string {
  const nodes = nodesIn(scene);
  const nameOf = new Map(nodes.map((node) => [node.key, nameIn(node)]));
  const arrows = arrowsIn(scene);
  const arrowNames = (state: SceneArrow['state']) =>
    arrows.flatMap((arrow) => (arrow.state === state ? [`${nameOf.get(arrow.from)} to ${nameOf.get(arrow.to)}`] : []));
  const steps = (state: NodeState) => nodes.filter((node) => node.shown !== null && node.state === state).map(nameIn);
  const both = nodes.filter(({ shown, state }) => state === 'moved' && (shown?.changes.length ?? 0) > 0).map(nameIn);
  const lines = [
    told(steps('added'), 'step', 'added'),
    told(steps('removed'), 'step', 'removed'),
    told([...steps('changed'), ...both], 'step', 'changed'),
    told(steps('moved'), 'step', 'moved'),
    told(arrowNames('added'), 'arrow', 'added'),
    told(arrowNames('removed'), 'arrow', 'removed'),
    told(arrowNames('changed'), 'arrow', 'changed'),
    unchanged(nodes),
    arrowsLeftOut === 0 ? '' : `${count(arrowsLeftOut, 'arrow')} not drawn.`,
  ];
  return cut(`The workflow as a graph. ${lines.filter(Boolean).join(' ')}`);
}

function told(names: readonly string[], noun: string, what: string): string {
  if (names.length === 0) return '';
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return `${count(names.length, noun)} ${what}: ${names.slice(0, MOST_NAMES).join(', ')}${more}.`;
}

function unchanged(nodes: readonly SceneNode[]): string {
  const shown = nodes.filter(({ shown, state }) => shown !== null && state === 'same').length;
  const folds = nodes.filter(({ shown }) => shown === null).map(({ fold }) => fold.replace('… ', ''));
  const around = shown === 0 ? [] : [`${count(shown, 'unchanged step')} around them`];
  const folded =
    folds.length === 0
      ? []
      : [`folded away: ${folds.slice(0, MOST_NAMES).join('; ')}${folds.length > MOST_NAMES ? '; …' : ''}`];
  const all = [...around, ...folded].join('; ');
  return all === '' ? '' : `${all.charAt(0).toUpperCase()}${all.slice(1)}.`;
}

function nameIn({ shown, fold }: SceneNode): string {
  return shown === null ? `‘${fold}’` : quoteName(labelOf(shown.step));
}

function nodesIn({ nodes }: Scene): SceneNode[] {
  return nodes.flatMap((node) => [node, ...node.scenes.flatMap(nodesIn)]);
}

/** Never in the middle of a character. */
function cut(text: string): string {
  if (text.length <= MOST_UNITS) return text;
  return `${text.slice(0, MOST_UNITS - 1).replace(/[\uD800-\uDBFF]$/u, '')}…`;
}
