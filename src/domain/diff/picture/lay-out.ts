import { type Box, boxOf, DETAIL_SIZE, PADDING } from './box-of.ts';
import type { Scene, SceneArrow, SceneNode } from './choose-nodes.ts';
import { COMFORTABLE_WIDTH, layOutComponent, type Point, type Size } from './lay-out-component.ts';
import { cutLine } from './text-size.ts';

/** A box where it stands. Open ones come before what stands in them. */
export interface PlacedBox extends Point, Size {
  readonly node: SceneNode;
  readonly box: Box;
}

export interface PlacedArrow {
  readonly arrow: SceneArrow;
  readonly points: readonly Point[];
}

/** The frame of a named branch inside an open box. */
export interface PlacedFrame extends Point, Size {
  readonly role: string;
}

/** All of a picture with its places, from its upper left corner. */
export interface Layout extends Size {
  readonly boxes: readonly PlacedBox[];
  readonly frames: readonly PlacedFrame[];
  readonly arrows: readonly PlacedArrow[];
}

const GAP = 22;
const ROLE_HEIGHT = 22;
const EMPTY: Layout = { width: 0, height: 0, boxes: [], frames: [], arrows: [] };

/** Places everything: what hangs together by the library, from the inmost frame outwards, and the pieces in rows. */
export function layOut({ nodes, arrows }: Scene): Layout {
  const insides = new Map(nodes.map((node) => [node.key, insideOf(node)]));
  const pieces = componentsOf(nodes, arrows).map(({ keys, arrows: joined }) => {
    const sizes = new Map(keys.map((key) => [key, sizeOf(insides.get(key) ?? EMPTY)]));
    const { corners, routes, width, height } = layOutComponent(sizes, joined);
    const inner = [...corners].map(([key, corner]) => moved(insides.get(key) ?? EMPTY, corner));
    const placed = [...routes].map(([arrow, points]) => ({ arrow, points }));
    return { ...together(inner, { width, height }), arrows: [...placed, ...inner.flatMap((one) => one.arrows)] };
  });
  return inRows(pieces, GAP);
}

function sizeOf({ width, height }: Size): Size {
  return { width, height };
}

/** A closed box, or an open one with its branches: side by side while there is room, else one below the other. */
function insideOf(node: SceneNode): Layout {
  const box = boxOf(node);
  const { width, height } = box;
  const closed: Layout = { ...EMPTY, width, height, boxes: [{ node, box, x: 0, y: 0, width, height }] };
  if (node.scenes.length === 0) return closed;
  const branches = node.scenes.map(branchOf);
  const content = moved(inRows(branches, PADDING), { x: PADDING + 2, y: height });
  const size = {
    width: Math.max(width, content.width + 2 * PADDING + 4),
    height: height + content.height + PADDING + 2,
  };
  return { ...content, ...size, boxes: [{ node, box, x: 0, y: 0, ...size }, ...content.boxes] };
}

/** A loop has but one list; the lists of a condition or of parallel branches are framed and named. */
function branchOf(scene: Scene): Layout {
  const content = layOut(scene);
  if (scene.role === 'steps') return content;
  const inner = moved(content, { x: PADDING, y: ROLE_HEIGHT });
  const size = { width: Math.max(content.width, 64) + 2 * PADDING, height: content.height + ROLE_HEIGHT + PADDING };
  const role = cutLine(scene.role, size.width - 2 * PADDING, DETAIL_SIZE);
  return { ...inner, ...size, frames: [{ role, x: 0, y: 0, ...size }, ...inner.frames] };
}

/** Boxes that arrows join, each with its arrows, in document order. */
function componentsOf(nodes: readonly SceneNode[], arrows: readonly SceneArrow[]) {
  const rootOf = new Map(nodes.map(({ key }) => [key, key]));
  const find = (key: number): number => {
    let at = key;
    for (let up = rootOf.get(at) ?? at; up !== at; up = rootOf.get(at) ?? at) {
      rootOf.set(at, rootOf.get(up) ?? up);
      at = up;
    }
    return at;
  };
  for (const { from, to } of arrows) rootOf.set(find(to), find(from));
  const arrowsOf = Map.groupBy(arrows, ({ from }) => find(from));
  return [...Map.groupBy(nodes, ({ key }) => find(key))].map(([root, members]) => ({
    keys: members.map(({ key }) => key),
    arrows: arrowsOf.get(root) ?? [],
  }));
}

/** One after the other, in as many rows as the width that a phone shows asks for. */
function inRows(pieces: readonly Layout[], gap: number): Layout {
  const widest = Math.max(COMFORTABLE_WIDTH, ...pieces.map(({ width }) => width));
  const placed: Layout[] = [];
  let [x, y, rowHeight, width] = [0, 0, 0, 0];
  for (const piece of pieces) {
    if (x > 0 && x + piece.width > widest) [x, y, rowHeight] = [0, y + rowHeight + gap, 0];
    placed.push(moved(piece, { x, y }));
    width = Math.max(width, x + piece.width);
    rowHeight = Math.max(rowHeight, piece.height);
    x += piece.width + gap;
  }
  return together(placed, { width, height: y + rowHeight });
}

function together(parts: readonly Layout[], size: Size): Layout {
  return {
    ...size,
    boxes: parts.flatMap(({ boxes }) => boxes),
    frames: parts.flatMap(({ frames }) => frames),
    arrows: parts.flatMap(({ arrows }) => arrows),
  };
}

function moved(layout: Layout, { x, y }: Point): Layout {
  const shift = <T extends Point>(placed: T): T => ({ ...placed, x: placed.x + x, y: placed.y + y });
  return {
    width: layout.width,
    height: layout.height,
    boxes: layout.boxes.map(shift),
    frames: layout.frames.map(shift),
    arrows: layout.arrows.map(({ arrow, points }) => ({ arrow, points: points.map(shift) })),
  };
}
