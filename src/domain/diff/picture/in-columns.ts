import type { ComponentLayout, Point, Size } from './lay-out-component.ts';
import type { Ends } from './layout-edges.ts';

/** What a phone shows one below the other; a longer workflow goes on at the top of a next column. */
const TALL = 620;
/** Between columns, with the arrows that lead from one to the next. */
const GUTTER = 40;
const TURN = 8;
const LANES = 5;
const CHANGED_WEIGHT = 4;

/** Rows of boxes that stand side by side, from top to bottom. */
interface Row {
  readonly keys: number[];
  readonly top: number;
  bottom: number;
}

interface Column {
  readonly keys: readonly number[];
  readonly top: number;
  readonly bottom: number;
}

/** Breaks a long workflow into as many columns as the width has room for. What is drawn from left to right is no such. */
export function inColumns<T extends Ends>(
  whole: ComponentLayout<T>,
  boxes: ReadonlyMap<number, Size>,
  widest: number,
): ComponentLayout<T> {
  const { corners, routes, width, height } = whole;
  const wanted = Math.min(Math.ceil(height / TALL), Math.floor((widest + GUTTER) / (width + GUTTER)));
  if (wanted < 2) return whole;
  const rows = rowsOf(corners, boxes);
  const cuts = cutsBelow(rows, routes.keys());
  const columns = columnsOf(rows, wanted, height / wanted, (below) => cuts[below] ?? 0);
  const columnOf = new Map(columns.flatMap(({ keys }, at) => keys.map((key) => [key, at] as const)));
  const move = ({ x, y }: Point, at: number): Point => ({
    x: x + at * (width + GUTTER),
    y: y - (columns[at]?.top ?? 0) + GUTTER / 2,
  });
  const placed = new Map([...corners].map(([key, corner]) => [key, move(corner, columnOf.get(key) ?? 0)]));
  const deepest = Math.max(...columns.map(({ top, bottom }) => bottom - top)) + GUTTER;
  let led = 0;
  const between = (arrow: T, at: number): Point[] => {
    // Beside each other where they would lie on one another.
    const lane = (led++ % LANES) - (LANES - 1) / 2;
    const [start, end] = [middleOf(placed, boxes, arrow.from), middleOf(placed, boxes, arrow.to)];
    const gutter = (at + 1) * (width + GUTTER) - GUTTER / 2 + lane * 6;
    const [below, above] = [start.bottom + GUTTER / 4 + lane * 2, GUTTER / 8 + lane * 2];
    const [left, right] = [start.x + lane * 10, end.x + lane * 10];
    return turning([
      { x: left, y: start.bottom },
      { x: left, y: below },
      { x: gutter, y: below },
      { x: gutter, y: above },
      { x: right, y: above },
      { x: right, y: end.top },
    ]);
  };
  const moved = [...routes].map(([arrow, points]): [T, readonly Point[]] => {
    const [from, to] = [columnOf.get(arrow.from) ?? 0, columnOf.get(arrow.to) ?? 0];
    return [arrow, from === to ? points.map((point) => move(point, from)) : between(arrow, from)];
  });
  const size = { width: columns.length * (width + GUTTER) - GUTTER, height: deepest };
  return { ...size, corners: placed, routes: new Map(moved) };
}

function rowsOf(corners: ReadonlyMap<number, Point>, boxes: ReadonlyMap<number, Size>): Row[] {
  const rows: Row[] = [];
  for (const [key, { y }] of [...corners].sort(([, a], [, b]) => a.y - b.y)) {
    const bottom = y + (boxes.get(key)?.height ?? 0);
    const row = rows.at(-1);
    if (row === undefined || y >= row.bottom) rows.push({ keys: [key], top: y, bottom });
    else {
      row.keys.push(key);
      row.bottom = Math.max(row.bottom, bottom);
    }
  }
  return rows;
}

/** About equally long, broken where the fewest arrows are cut, those that changed last. */
function columnsOf(rows: readonly Row[], most: number, height: number, cost: (below: number) => number): Column[] {
  const columns: Column[] = [];
  let start = 0;
  while (start < rows.length) {
    const top = rows[start]?.top ?? 0;
    const fits = (at: number, share: number) => (rows[at]?.bottom ?? 0) - top <= height * share;
    const isLast = columns.length === most - 1 || (rows.at(-1)?.bottom ?? 0) - top <= height * 1.15;
    const ends = isLast ? [] : [...rows.keys()].filter((at) => at > start && fits(at, 1.4) && !fits(at, 0.5));
    const found = ends.reduce((best, at) => (cost(at) <= cost(best) ? at : best), ends[0] ?? rows.length - 1);
    const end = isLast ? rows.length - 1 : found;
    const taken = rows.slice(start, end + 1);
    columns.push({ keys: taken.flatMap(({ keys }) => keys), top, bottom: taken.at(-1)?.bottom ?? top });
    start = end + 1;
  }
  return columns;
}

/** How much is cut by breaking below each row: an arrow that changed counts like several. */
function cutsBelow(rows: readonly Row[], arrows: Iterable<Ends>): number[] {
  const rowOf = new Map(rows.flatMap(({ keys }, at) => keys.map((key) => [key, at] as const)));
  const begun = new Array<number>(rows.length + 1).fill(0);
  for (const { from, to, state } of arrows) {
    const [one, other] = [rowOf.get(from) ?? 0, rowOf.get(to) ?? 0];
    const weight = state === 'same' ? 1 : CHANGED_WEIGHT;
    begun[Math.min(one, other)] = (begun[Math.min(one, other)] ?? 0) + weight;
    begun[Math.max(one, other)] = (begun[Math.max(one, other)] ?? 0) - weight;
  }
  let open = 0;
  return begun.map((more) => (open += more));
}

function middleOf(corners: ReadonlyMap<number, Point>, boxes: ReadonlyMap<number, Size>, key: number) {
  const { x, y } = corners.get(key) ?? { x: 0, y: 0 };
  const { width, height } = boxes.get(key) ?? { width: 0, height: 0 };
  return { x: x + width / 2, top: y, bottom: y + height };
}

/** Points close before and after each corner, so that the line is straight between them and round there. */
function turning(points: readonly Point[]): Point[] {
  return points.flatMap((point, at) => {
    const [before, after] = [points[at - 1], points[at + 1]];
    if (before === undefined || after === undefined) return [point];
    return [towards(point, before), point, towards(point, after)];
  });
}

function towards({ x, y }: Point, to: Point): Point {
  const length = Math.hypot(to.x - x, to.y - y) || 1;
  const step = Math.min(TURN, length / 3) / length;
  return { x: x + (to.x - x) * step, y: y + (to.y - y) * step };
}
