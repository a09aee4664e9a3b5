import { scanJson } from '../source/scan-json.ts';
import type { SourceText, TextVisitor } from './source-text.ts';

/** Walks JSON text that `JSON.parse` takes. `base` is added to every offset. */
export function walkJson(source: string, visitor: TextVisitor, base = 0): void {
  scanJson(source)({
    open: (kind) => visitor.open(kind),
    close: () => visitor.close(),
    key: (text, offset) => visitor.key(quoted(source, offset, base, text)),
    scalar: (offset) =>
      visitor.value(source[offset] === '"' ? quoted(source, offset, base) : bare(source, offset, base)),
  });
}

function quoted(source: string, offset: number, base: number, known?: string): SourceText {
  const end = endOfString(source, offset + 1);
  const raw = source.slice(offset + 1, end);
  const isPlain = !raw.includes('\\');
  const text = known ?? (isPlain ? raw : String(JSON.parse(`"${raw}"`)));
  return { text, start: base + offset + 1, end: base + end, writing: isPlain ? 'plain' : 'escaped' };
}

function endOfString(source: string, from: number): number {
  let at = from;
  while (at < source.length && source.charCodeAt(at) !== 0x22) at += source.charCodeAt(at) === 0x5c ? 2 : 1;
  return Math.min(at, source.length);
}

function bare(source: string, offset: number, base: number): SourceText {
  let end = offset;
  while (end < source.length && !',]}'.includes(source.charAt(end)) && source.charAt(end) > ' ') end++;
  return { text: source.slice(offset, end), start: base + offset, end: base + end, writing: 'literal' };
}
