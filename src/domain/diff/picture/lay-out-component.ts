import { Graph, layout } from '@dagrejs/dagre';
import { inColumns } from './in-columns.ts';
import { arrowsForLayout, type Ends } from './layout-edges.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where boxes that hang together stand, from the upper left corner of what they fill. */
export interface ComponentLayout<T> extends Size {
  /** Upper left corners, by key. */
  readonly corners: ReadonlyMap<number, Point>;
  readonly routes: ReadonlyMap<T, readonly Point[]>;
}

/** What a phone shows side by side: beyond it, the workflow is drawn from left to right if that is narrower. */
export const COMFORTABLE_WIDTH = 620;
/** A workflow this long is read enlarged anyway, so it may be wider. */
const VERY_TALL = 6_000;
const MOST_WIDTH = 1_000;
/** The better way to rank takes too long for more. */
const MOST_FOR_SIMPLEX = 120;

/** Lays out boxes that arrows join, from top to bottom, or from left to right where many stand side by side. */
export function layOutComponent<T extends Ends>(
  boxes: ReadonlyMap<number, Size>,
  arrows: readonly T[],
): ComponentLayout<T> {
  const down = layOutWith('TB', boxes, arrows);
  if (down.width <= COMFORTABLE_WIDTH)
    return inColumns(down, boxes, down.height > VERY_TALL ? MOST_WIDTH : COMFORTABLE_WIDTH);
  const across = layOutWith('LR', boxes, arrows);
  return across.width < down.width ? across : down;
}

function layOutWith<T extends Ends>(
  rankdir: 'TB' | 'LR',
  boxes: ReadonlyMap<number, Size>,
  arrows: readonly T[],
): ComponentLayout<T> {
  const graph = new Graph<Record<string, unknown>, Size & Partial<Point>, { points?: Point[] }>({ multigraph: false });
  const ranker = boxes.size > MOST_FOR_SIMPLEX ? 'tight-tree' : 'network-simplex';
  graph.setGraph({ rankdir, nodesep: 22, edgesep: 14, ranksep: 40, ranker });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const [key, { width, height }] of boxes) graph.setNode(String(key), { width, height });
  const chosen = arrowsForLayout([...boxes.keys()], arrows);
  for (const arrow of arrows) if (chosen.has(arrow)) graph.setEdge(String(arrow.from), String(arrow.to), {});
  layout(graph);
  const corners = new Map([...boxes].map(([key, size]) => [key, cornerOf(graph.node(String(key)), size)]));
  const routes = new Map(
    arrows.map((arrow) => {
      const points = chosen.has(arrow) ? graph.edge(String(arrow.from), String(arrow.to))?.points : undefined;
      return [arrow, points ?? straight(arrow, corners, boxes)];
    }),
  );
  return fromCorner(corners, routes, boxes);
}

function cornerOf({ x = 0, y = 0 }: Partial<Point>, { width, height }: Size): Point {
  return { x: x - width / 2, y: y - height / 2 };
}

/** From the lower edge of the one to the upper edge of the other. */
function straight({ from, to }: Ends, corners: ReadonlyMap<number, Point>, boxes: ReadonlyMap<number, Size>): Point[] {
  const [start, end] = [corners.get(from) ?? { x: 0, y: 0 }, corners.get(to) ?? { x: 0, y: 0 }];
  const [size, other] = [boxes.get(from) ?? NOTHING, boxes.get(to) ?? NOTHING];
  return [
    { x: start.x + size.width / 2, y: start.y + size.height },
    { x: end.x + other.width / 2, y: end.y },
  ];
}

const NOTHING: Size = { width: 0, height: 0 };

/** Routes may lead around the outermost boxes: all of it is moved so that it begins at 0, 0. */
function fromCorner<T>(
  corners: ReadonlyMap<number, Point>,
  routes: ReadonlyMap<T, readonly Point[]>,
  boxes: ReadonlyMap<number, Size>,
): ComponentLayout<T> {
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 0];
  const cover = (x: number, y: number): void => {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  };
  for (const [key, { x, y }] of corners) {
    const { width, height } = boxes.get(key) ?? NOTHING;
    cover(x, y);
    cover(x + width, y + height);
  }
  for (const points of routes.values()) for (const { x, y } of points) cover(x, y);
  const move = ({ x, y }: Point): Point => ({ x: x - left, y: y - top });
  return {
    corners: new Map([...corners].map(([key, corner]) => [key, move(corner)])),
    routes: new Map([...routes].map(([arrow, points]) => [arrow, points.map(move)])),
    width: right - left,
    height: bottom - top,
  };
}
