import { BADGE, DETAIL_SIZE, LABEL_SIZE, LINE_HEIGHT, PADDING } from './box-of.ts';
import type { Layout, PlacedArrow, PlacedBox, PlacedFrame } from './lay-out.ts';
import type { Point, Size } from './lay-out-component.ts';
import { ARROW_DASHES, FAINT_INK, LEGEND, LOOKS } from './picture-style.ts';
import { arrowLine, badge, escapeXml, number, rectangle, textAt } from './svg-parts.ts';
import { breakLines, widthOf } from './text-size.ts';

/** A picture as text, with its size in pixels. */
export interface Drawing extends Size {
  readonly svg: string;
}

/** Never wider, so that it can be read where it is shown as wide as a phone. */
export const MOST_WIDTH = 2_000;
const MOST_HEIGHT = 10_000;
/** What takes about 40 MB to draw. */
const MOST_PIXELS = 10_000_000;
/** Sharp on screens that have two dots for a pixel. */
const ZOOM = 2;
const MARGIN = 16;
const LEAST_WIDTH = 356;

/** Draws what is laid out, with a legend below. `notes` are lines below that. */
export function writeSvg(layout: Layout, alt: string, notes: readonly string[]): Drawing {
  const width = Math.max(LEAST_WIDTH, layout.width + 2 * MARGIN);
  const legend = legendOf(layout, notes, width, MARGIN + layout.height + MARGIN);
  const height = legend.bottom + MARGIN;
  const zoom = Math.min(ZOOM, MOST_WIDTH / width, MOST_HEIGHT / height, Math.sqrt(MOST_PIXELS / (width * height)));
  const size = { width: Math.max(1, Math.floor(width * zoom)), height: Math.max(1, Math.floor(height * zoom)) };
  const saidByBox = new Set(
    layout.boxes.flatMap(({ node }) => (node.state === 'added' || node.state === 'removed' ? [node.key] : [])),
  );
  const isOpen = ({ node }: PlacedBox) => node.scenes.length > 0;
  const parts = [
    rectangle({ x: 0, y: 0, width, height }, 0, { fill: '#ffffff' }),
    `<g transform="translate(${number((width - layout.width) / 2)} ${MARGIN})">`,
    ...layout.boxes.filter(isOpen).map(drawBox),
    ...layout.frames.map(drawFrame),
    ...layout.arrows.map((placed) => drawArrow(placed, saidByBox)),
    ...layout.boxes.filter((placed) => !isOpen(placed)).map(drawBox),
    '</g>',
    ...legend.parts,
  ];
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="0 0 ${number(width)} ${number(height)}" role="img" font-family="Noto Sans, sans-serif">`;
  return { ...size, svg: `${head}<title>${escapeXml(alt)}</title>${parts.join('')}</svg>\n` };
}

function drawBox({ node, box, x, y, width, height }: PlacedBox): string {
  const look = LOOKS[node.state];
  const isFold = node.shown === null;
  const hasInside = node.scenes.length > 0;
  const line = isFold ? '#c3cad1' : look.line;
  const frame = rectangle({ x, y, width, height }, isFold ? 14 : 8, {
    fill: isFold ? '#ffffff' : hasInside && node.state === 'same' ? '#fbfcfd' : look.fill,
    stroke: line,
    width: node.state === 'same' ? 1.2 : 2,
    dashes: isFold ? '2 3' : look.dashes,
  });
  const left = x + PADDING + (box.mark === '' ? 0 : BADGE);
  const top = y + PADDING / 2;
  const mark = box.mark === '' ? '' : badge({ x: x + PADDING + 8, y: y + box.height / 2 }, 10, box.mark, look.line);
  const size = isFold ? DETAIL_SIZE : LABEL_SIZE;
  const ink = isFold ? FAINT_INK : look.ink;
  const lines = box.lines.map((text, row) =>
    textAt({ x: left, y: top + LINE_HEIGHT * row + 16 }, text, { size, ink, isBold: !isFold }),
  );
  const detail = { x: left, y: top + LINE_HEIGHT * box.lines.length + 14 };
  const below = box.detail === '' ? '' : textAt(detail, box.detail, { size: DETAIL_SIZE, ink: look.ink });
  return `${frame}${mark}${lines.join('')}${below}`;
}

function drawFrame({ role, x, y, width, height }: PlacedFrame): string {
  const frame = rectangle({ x, y, width, height }, 6, { stroke: '#c3cad1', width: 1 });
  return `${frame}${textAt({ x: x + PADDING, y: y + 16 }, role, { size: DETAIL_SIZE, ink: FAINT_INK })}`;
}

/** Where one of its ends came or went, that box has the mark. */
function drawArrow({ arrow, points }: PlacedArrow, saidByBox: ReadonlySet<number>): string {
  const { state } = arrow;
  const stroke = state === 'same' ? '#7d8790' : LOOKS[state].line;
  const line = arrowLine(points, { stroke, width: state === 'same' ? 1.4 : 2.2, dashes: ARROW_DASHES[state] });
  const mark = LEGEND.find((entry) => entry.state === state)?.mark;
  const middle = middleOf(points);
  const isSaid = saidByBox.has(arrow.from) || saidByBox.has(arrow.to);
  return isSaid || mark === undefined || middle === null ? line : `${line}${badge(middle, 7, mark, stroke)}`;
}

/** On the line as it is drawn, which goes past the points at its bends. */
function middleOf(points: readonly Point[]): Point | null {
  const half = (points.length - 1) / 2;
  const [a, b] = [points[Math.floor(half)], points[Math.ceil(half)]];
  if (a === undefined || b === undefined) return null;
  if (a !== b) return between(a, b, 0.5);
  const share = points.length === 3 ? 0.5 : 0.25;
  return between(a, between(points[half - 1] ?? a, points[half + 1] ?? a, 0.5), share);
}

function between(a: Point, b: Point, share: number): Point {
  return { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share };
}

/** What the marks mean that are in the picture, in as many rows as the width asks for, then the notes. */
function legendOf({ boxes, arrows }: Layout, notes: readonly string[], width: number, top: number) {
  const states = new Set<string>([...boxes.map(({ node }) => node.state), ...arrows.map(({ arrow }) => arrow.state)]);
  const isMovedAndChanged = boxes.some(({ box }) => box.mark.length > 1);
  const entries = LEGEND.filter(({ state }) => states.has(state) || (isMovedAndChanged && state === 'changed'));
  const parts: string[] = [];
  let [x, y] = [MARGIN, top + 10];
  for (const { state, mark, words } of entries) {
    const room = 31 + widthOf(words, DETAIL_SIZE);
    if (x > MARGIN && x + room > width - MARGIN) [x, y] = [MARGIN, y + 24];
    parts.push(badge({ x: x + 8, y }, 8, mark, LOOKS[state].line));
    parts.push(textAt({ x: x + 21, y: y + 4.5 }, words, { size: DETAIL_SIZE, ink: FAINT_INK }));
    x += room;
  }
  const lines = notes.flatMap((note) => breakLines(note, width - 2 * MARGIN, DETAIL_SIZE, 3));
  const start = entries.length === 0 ? top : y + 26;
  parts.push(
    ...lines.map((line, row) =>
      textAt({ x: MARGIN, y: start + row * 18 }, line, { size: DETAIL_SIZE, ink: FAINT_INK }),
    ),
  );
  return { parts, bottom: lines.length === 0 ? y + 10 : start + (lines.length - 1) * 18 + 4 };
}
