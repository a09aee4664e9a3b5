import { count } from '../quote.ts';
import type { ArrowState, GraphGroup, GraphNode, NodeState } from './picture-graph.ts';

/** What is drawn in one frame. */
export interface Scene {
  readonly role: string;
  readonly nodes: readonly SceneNode[];
  readonly arrows: readonly SceneArrow[];
}

/** A box: a step, open or closed, or a number of folded ones. */
export interface SceneNode {
  readonly key: number;
  readonly state: NodeState;
  /** The step; null for folded ones. */
  readonly shown: GraphNode | null;
  /** Of folded steps: `… 12 unchanged steps`. */
  readonly fold: string;
  /** Empty for a closed box. */
  readonly scenes: readonly Scene[];
}

export interface SceneArrow {
  readonly from: number;
  readonly to: number;
  readonly state: ArrowState;
}

/** Boxes beyond which only what changed is drawn. */
export const MOST_NODES = 300;
/** Arrows of the whole picture; those that did not change are left out first. */
export const MOST_ARROWS = 600;
/** How many steps around a change are shown. */
const NEAR = 2;
/** Where even the changed steps are too many: how many of them are shown, more folded at each try. */
const FEWER = [300, 200, 120, 60, 20, 5] as const;

/** What is drawn, and how many arrows between its boxes are not. */
export interface Choice {
  readonly scene: Scene;
  readonly arrowsLeftOut: number;
}

/** Chooses what is drawn: each change and what stands near it; the rest is folded away. At most `MOST_NODES` boxes. */
export function chooseNodes(graph: GraphGroup): Choice {
  const near = sceneOf(graph, NEAR, () => true);
  if (countNodes(near) <= MOST_NODES) return withFewerArrows(near);
  const hot = hotNodes(graph);
  for (const limit of FEWER) {
    const last = hot[limit - 1]?.key ?? Number.POSITIVE_INFINITY;
    const scene = sceneOf(graph, 0, ({ key }) => key <= last);
    if (countNodes(scene) <= MOST_NODES) return withFewerArrows(scene);
  }
  return withFewerArrows(sceneOf(graph, 0, () => false));
}

/** How many boxes a scene has, nested ones included. */
export function countNodes({ nodes }: Scene): number {
  return nodes.reduce((sum, { scenes }) => scenes.reduce((inner, scene) => inner + countNodes(scene), sum + 1), 0);
}

function hotNodes({ nodes }: GraphGroup): GraphNode[] {
  return nodes.filter(({ isHot }) => isHot).flatMap((node) => [node, ...node.groups.flatMap(hotNodes)]);
}

function sceneOf(group: GraphGroup, reach: number, mayShow: (node: GraphNode) => boolean): Scene {
  const shown = nodesNear(group, reach, mayShow);
  const folds = foldsOf(group, shown, reach > 0);
  const boxOf = new Map<GraphNode, number>();
  for (const fold of folds) for (const node of fold) boxOf.set(node, fold[0]?.key ?? 0);
  const nodes = group.nodes.flatMap((node): SceneNode[] => {
    const fold = boxOf.get(node);
    if (fold === undefined) return [openNode(node, reach, mayShow)];
    return fold === node.key ? [foldedNode(folds.find(([first]) => first === node) ?? [])] : [];
  });
  const key = (node: GraphNode) => boxOf.get(node) ?? node.key;
  const arrows = group.arrows.map(({ from, to, state }) => ({ from: key(from), to: key(to), state }));
  return { role: group.role, nodes, arrows: onceEach(arrows) };
}

function openNode(node: GraphNode, reach: number, mayShow: (node: GraphNode) => boolean): SceneNode {
  const isOpen = node.groups.some(({ nodes }) => nodes.some((inner) => inner.isHot && mayShow(inner)));
  const scenes = isOpen ? node.groups.map((group) => sceneOf(group, reach, mayShow)) : [];
  return { key: node.key, state: node.state, shown: node, fold: '', scenes };
}

function foldedNode(fold: readonly GraphNode[]): SceneNode {
  const steps = fold.reduce((sum, { inside }) => sum + 1 + inside, 0);
  const changed = fold.flatMap((node) => hotNodes({ role: '', nodes: [node], arrows: [] })).length;
  const words =
    changed === 0
      ? count(steps, 'unchanged step')
      : `${count(steps, 'more step')}, ${changed.toLocaleString('en')} changed`;
  return { key: fold[0]?.key ?? 0, state: 'same', shown: null, fold: `… ${words}`, scenes: [] };
}

/** Everything at most so many arrows away from a change, whichever way they point. */
function nodesNear(
  { nodes, arrows }: GraphGroup,
  reach: number,
  mayShow: (node: GraphNode) => boolean,
): Set<GraphNode> {
  const atChange = arrows.flatMap(({ from, to, state }) => (state === 'same' ? [] : [from, to]));
  const near = new Set([...nodes.filter(({ isHot }) => isHot), ...atChange].filter(mayShow));
  const neighbours = neighboursOf(arrows);
  let edge = [...near];
  for (let distance = 0; distance < reach; distance++) {
    const next = new Set(edge.flatMap((node) => neighbours.get(node) ?? []).filter((node) => !near.has(node)));
    for (const node of next) near.add(node);
    edge = [...next];
  }
  return near;
}

function neighboursOf(arrows: GraphGroup['arrows']): Map<GraphNode, GraphNode[]> {
  const found = new Map<GraphNode, GraphNode[]>();
  const add = (node: GraphNode, other: GraphNode): void => {
    const known = found.get(node);
    if (known === undefined) found.set(node, [other]);
    else known.push(other);
  };
  for (const { from, to } of arrows) {
    add(from, to);
    add(to, from);
  }
  return found;
}

/** Steps left out, those that hang together in one fold. A single closed one takes no more room than its fold, so it is shown. */
function foldsOf({ nodes, arrows }: GraphGroup, shown: Set<GraphNode>, showsSingle: boolean): GraphNode[][] {
  const isLeft = (node: GraphNode) => !shown.has(node);
  const neighbours = neighboursOf(arrows.filter(({ from, to }) => isLeft(from) && isLeft(to)));
  const touched = new Set(arrows.flatMap(({ from, to }) => [from, to]));
  const seen = new Set<GraphNode>();
  const folds: GraphNode[][] = [];
  for (const start of nodes) {
    if (!isLeft(start) || seen.has(start) || !touched.has(start)) continue;
    seen.add(start);
    const fold = [start];
    for (const node of fold) {
      for (const next of neighbours.get(node) ?? []) {
        if (seen.has(next)) continue;
        seen.add(next);
        fold.push(next);
      }
    }
    folds.push(fold.sort((a, b) => a.key - b.key));
  }
  const alone = nodes.filter((node) => isLeft(node) && !touched.has(node));
  if (alone.length > 0) folds.push(alone);
  return folds.filter(
    (fold) => !showsSingle || fold.length > 1 || (fold[0]?.inside ?? 0) > 0 || fold[0]?.isHot === true,
  );
}

const STRENGTH: Readonly<Record<ArrowState, number>> = { same: 0, added: 1, removed: 2, changed: 3 };

/** One arrow between two boxes: what happened to any of those that fell together. */
function onceEach(arrows: readonly SceneArrow[]): SceneArrow[] {
  const found = new Map<string, SceneArrow>();
  for (const arrow of arrows) {
    const ends = `${arrow.from} ${arrow.to}`;
    const known = found.get(ends);
    if (arrow.from !== arrow.to && (known === undefined || STRENGTH[known.state] < STRENGTH[arrow.state]))
      found.set(ends, arrow);
  }
  return [...found.values()];
}

/** Keeps at most `MOST_ARROWS`: those that changed first, then in document order. */
function withFewerArrows(scene: Scene): Choice {
  const all = arrowsIn(scene);
  if (all.length <= MOST_ARROWS) return { scene, arrowsLeftOut: 0 };
  const kept = new Set(
    [...all].sort((a, b) => Number(a.state === 'same') - Number(b.state === 'same')).slice(0, MOST_ARROWS),
  );
  return { scene: keeping(scene, kept), arrowsLeftOut: all.length - kept.size };
}

/** All arrows, those inside boxes included. */
export function arrowsIn({ arrows, nodes }: Scene): SceneArrow[] {
  return [...arrows, ...nodes.flatMap(({ scenes }) => scenes.flatMap(arrowsIn))];
}

function keeping(scene: Scene, kept: ReadonlySet<SceneArrow>): Scene {
  return {
    ...scene,
    arrows: scene.arrows.filter((arrow) => kept.has(arrow)),
    nodes: scene.nodes.map((node) => ({ ...node, scenes: node.scenes.map((inner) => keeping(inner, kept)) })),
  };
}
