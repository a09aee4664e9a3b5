import { flatten } from '../quote.ts';

/** Characters as wide as the text is high: Chinese, Japanese, Korean, full-width forms and pictures. */
const FULL_WIDTH =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFF60]|[\u{1F000}-\u{3FFFF}]/u;
const NARROW = /[ijlI.,:;'|!()[\]{}‘’·\-ftr ]/u;
const WIDE = /[mwMW@%&—…+→]/u;
const CAPITAL = /\p{Lu}/u;
const NO_WIDTH = /\p{M}|\u200D|\u200C/u;

/** Beyond it, a label is cut before anything looks at it. */
const MOST_UNITS = 300;

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** About how wide a text is drawn, in pixels: the font itself is only known where the picture is made. */
export function widthOf(text: string, size: number): number {
  let width = 0;
  for (const character of text) width += emsOf(character);
  return width * size;
}

function emsOf(character: string): number {
  if (NO_WIDTH.test(character)) return 0;
  if (FULL_WIDTH.test(character)) return 1.02;
  if (NARROW.test(character)) return 0.34;
  if (WIDE.test(character)) return 0.92;
  return CAPITAL.test(character) ? 0.68 : 0.58;
}

/** One line without anything invisible in it, cut to the width; an ellipsis says so. */
export function cutLine(text: string, width: number, size: number): string {
  return breakLines(text, width, size, 1)[0] ?? '';
}

/** At most `most` lines of at most the width, broken between words where there are any; an ellipsis ends what is cut. */
export function breakLines(text: string, width: number, size: number, most: number): string[] {
  const units = [...segmenter.segment(flatten(text.slice(0, MOST_UNITS)).trim())].map(({ segment }) => segment);
  const lines: string[] = [];
  let at = 0;
  while (at < units.length && lines.length < most) {
    const end = fitting(units, at, width, size);
    if (end >= units.length && text.length <= MOST_UNITS) {
      lines.push(units.slice(at).join(''));
      break;
    }
    const isLast = lines.length === most - 1;
    const stop = isLast ? fitting(units, at, width - size, size) : wordEnd(units, at, end);
    lines.push(`${units.slice(at, stop).join('').trimEnd()}${isLast ? '…' : ''}`);
    at = stop;
    while (units[at] === ' ') at++;
  }
  return lines;
}

/** Where the units that fit end; at least one. */
function fitting(units: readonly string[], start: number, width: number, size: number): number {
  let end = start;
  for (let used = 0; end < units.length; end++) {
    used += widthOf(units[end] ?? '', size);
    if (used > width && end > start) break;
  }
  return end;
}

/** After the last blank or hyphen, unless that leaves the line nearly empty; the whole line where there is none. */
function wordEnd(units: readonly string[], start: number, end: number): number {
  if (units[end] === ' ') return end;
  for (let at = end; at > start + (end - start) / 4; at--) if (/[\s_\-/.:]/.test(units[at - 1] ?? '')) return at;
  return end;
}
