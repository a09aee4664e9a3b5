import type { Point, Size } from './lay-out-component.ts';

/** What XML can't hold, even escaped. */
const NOT_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeXml(text: string): string {
  return text.replace(NOT_XML, '').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** A place or length with at most one decimal, the same on every machine. */
export function number(value: number): string {
  return String(Math.round(value * 10) / 10 || 0);
}

export interface Stroke {
  readonly fill?: string;
  readonly stroke?: string;
  readonly width?: number;
  readonly dashes?: string;
}

function strokeOf({ fill = 'none', stroke, width = 1.5, dashes = '' }: Stroke): string {
  const line = stroke === undefined ? '' : ` stroke="${stroke}" stroke-width="${width}"`;
  return `fill="${fill}"${line}${dashes === '' ? '' : ` stroke-dasharray="${dashes}"`}`;
}

export function rectangle({ x, y, width, height }: Point & Size, radius: number, stroke: Stroke): string {
  return `<rect x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}" rx="${radius}" ${strokeOf(stroke)}/>`;
}

export interface TextLook {
  readonly size: number;
  readonly ink: string;
  readonly isBold?: boolean;
}

/** One line of text, its baseline at the point. */
export function textAt({ x, y }: Point, text: string, { size, ink, isBold }: TextLook): string {
  const weight = isBold === true ? ' font-weight="600"' : '';
  return `<text x="${number(x)}" y="${number(y)}" font-size="${size}" fill="${ink}"${weight}>${escapeXml(text)}</text>`;
}

/** Marks as lines, because not every font has them all; in a square from -1 to 1. */
const MARKS: Readonly<Record<string, string>> = {
  '+': 'M-1 0H1M0 -1V1',
  '−': 'M-1 0H1',
  '~': 'M-1 .25C-.6 -.6 -.3 -.4 0 0S.6 .6 1 -.25',
  '→': 'M-1 0H1M.3 -.7L1 0L.3 .7',
};

/** A mark in a disc; two marks side by side. */
export function badge({ x, y }: Point, radius: number, mark: string, colour: string): string {
  const disc = `<circle cx="${number(x)}" cy="${number(y)}" r="${radius}" fill="${colour}"/>`;
  const size = radius * (mark.length > 1 ? 0.36 : 0.52);
  const lines = [...mark].map((one, at) => {
    const place = `${number(x + (at - (mark.length - 1) / 2) * radius)} ${number(y)}`;
    const line = `stroke="#ffffff" stroke-width="${number(1.9 / size)}" stroke-linecap="round" stroke-linejoin="round"`;
    return `<path transform="translate(${place}) scale(${number(size)})" d="${MARKS[one] ?? ''}" fill="none" ${line}/>`;
  });
  return `${disc}${lines.join('')}`;
}

const HEAD = 8;

/** A line through the points, rounded at the corners, with a head at its end. */
export function arrowLine(points: readonly Point[], stroke: Stroke & { stroke: string }): string {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return '';
  const before = points.findLast(({ x, y }) => Math.hypot(last.x - x, last.y - y) > 0.5) ?? {
    x: last.x,
    y: last.y - 1,
  };
  const length = Math.hypot(last.x - before.x, last.y - before.y) || 1;
  const along = { x: (last.x - before.x) / length, y: (last.y - before.y) / length };
  const neck = { x: last.x - along.x * HEAD, y: last.y - along.y * HEAD };
  const side = { x: -along.y * HEAD * 0.5, y: along.x * HEAD * 0.5 };
  const head = [last, { x: neck.x + side.x, y: neck.y + side.y }, { x: neck.x - side.x, y: neck.y - side.y }];
  const path = curve([...points.slice(0, -1), neck]);
  return `<path d="${path}" ${strokeOf(stroke)}/><path d="M${head.map(pair).join('L')}Z" fill="${stroke.stroke}"/>`;
}

function curve(points: readonly Point[]): string {
  const [start, ...rest] = points;
  if (start === undefined) return '';
  const parts = rest.slice(0, -1).map((point, at) => {
    const next = rest[at + 1] ?? point;
    const end = at === rest.length - 2 ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${pair(point)} ${pair(end)}`;
  });
  const straight = rest.length === 1 && rest[0] !== undefined ? [`L${pair(rest[0])}`] : [];
  return [`M${pair(start)}`, ...parts, ...straight].join('');
}

function pair({ x, y }: Point): string {
  return `${number(x)} ${number(y)}`;
}
