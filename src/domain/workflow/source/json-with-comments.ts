import { createScanner } from 'jsonc-parser';

/** Kinds of tokens, as the scanner numbers them: its own names are constants that only a compiler could fill in. */
const TOKEN = { closeBrace: 2, closeBracket: 4, comma: 5, lineComment: 12, blockComment: 13, lineBreak: 14, blank: 15 };
const END = 17;

/** Plain JSON of the same length, what comments and trailing commas stood in being blank; null where there are none of them. */
export function blankComments(source: string): string | null {
  if (!/^\s*(?:[{[]|\/[/*])/.test(source)) return null;
  const scanner = createScanner(source, false);
  const blanks: [start: number, end: number][] = [];
  let comma = -1;
  for (let token: number = scanner.scan(); token !== END; token = scanner.scan()) {
    const start = scanner.getTokenOffset();
    if (token === TOKEN.lineComment || token === TOKEN.blockComment) blanks.push([start, scanner.getPosition()]);
    else if (token === TOKEN.comma) comma = start;
    else if (token !== TOKEN.lineBreak && token !== TOKEN.blank) {
      if (comma >= 0 && (token === TOKEN.closeBrace || token === TOKEN.closeBracket)) blanks.push([comma, comma + 1]);
      comma = -1;
    }
  }
  return blanks.length === 0 ? null : withBlanks(source, blanks);
}

/** Line ends stay, so that lines and columns do. */
function withBlanks(source: string, blanks: readonly (readonly [number, number])[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const [start, end] of [...blanks].sort(([a], [b]) => a - b)) {
    parts.push(source.slice(at, start), source.slice(start, end).replace(/[^\r\n]/g, ' '));
    at = end;
  }
  return [...parts, source.slice(at)].join('');
}
