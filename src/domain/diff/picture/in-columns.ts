import type { ComponentLayout, Point, Size } from './lay-out-component.ts';
import type { Ends } from './layout-edges.ts';

/** What a phone shows one below the other; a longer workflow goes on at the top of a next column. */
const TALL = 620;
/** Between columns, with the arrows that lead from one to the next. */
const GUTTER = 40;
const TURN = 8;

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
  const columns = columnsOf(rowsOf(corners, boxes), wanted, height / wanted);
  const columnOf = new Map(columns.flatMap(({ keys }, at) => keys.map((key) => [key, at] as const)));
  const move = ({ x, y }: Point, at: number): Point => ({
    x: x + at * (width + GUTTER),
    y: y - (columns[at]?.top ?? 0) + GUTTER / 2,
  });
  const placed = new Map([...corners].map(([key, corner]) => [key, move(corner, columnOf.get(key) ?? 0)]));
  const deepest = Math.max(...columns.map(({ top, bottom }) => bottom - top)) + GUTTER;
  const between = (arrow: T, at: number): Point[] => {
    const [start, end] = [middleOf(placed, boxes, arrow.from), middleOf(placed, boxes, arrow.to)];
    const gutter = (at + 1) * (width + GUTTER) - GUTTER / 2;
    const below = start.bottom + GUTTER / 4;
    return turning([
      { x: start.x, y: start.bottom },
      { x: start.x, y: below },
      { x: gutter, y: below },
      { x: gutter, y: GUTTER / 8 },
      { x: end.x, y: GUTTER / 8 },
      { x: end.x, y: end.top },
    ]);
  };
  const led = [...routes].map(([arrow, points]): [T, readonly Point[]] => {
    const [from, to] = [columnOf.get(arrow.from) ?? 0, columnOf.get(arrow.to) ?? 0];
    return [arrow, from === to ? points.map((point) => move(point, from)) : between(arrow, from)];
  });
  const size = { width: columns.length * (width + GUTTER) - GUTTER, height: deepest };
  return { ...size, corners: placed, routes: new Map(led) };
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

/** About equally long. */
function columnsOf(rows: readonly Row[], most: number, height: number): Column[] {
  const columns: Column[] = [];
  let current: Row[] = [];
  const end = (): void => {
    const [top, bottom] = [current[0]?.top ?? 0, current.at(-1)?.bottom ?? 0];
    columns.push({ keys: current.flatMap(({ keys }) => keys), top, bottom });
    current = [];
  };
  for (const row of rows) {
    current.push(row);
    if (columns.length < most - 1 && row.bottom - (current[0]?.top ?? 0) >= height) end();
  }
  if (current.length > 0) end();
  return columns;
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
