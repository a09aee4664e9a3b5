import type { SourceScan, SourceVisitor } from './source-scan.ts';

/**
 * Scans JSON text that `JSON.parse` has accepted, for what `JSON.parse` does not tell: where things stand, and which keys come twice.
 * Without recursion, so that depth costs nothing.
 */
export function scanJson(source: string): SourceScan {
  return (visitor) => {
    const open: ('map' | 'list')[] = [];
    let expectsKey = false;
    for (let at = 0; at < source.length; ) {
      const character = source.charAt(at);
      if (character === '"') {
        const end = endOfString(source, at);
        if (expectsKey) visitor.key(decodeString(source, at, end), at);
        else visitor.scalar(at);
        expectsKey = false;
        at = end;
      } else if (character === '{' || character === '[') {
        const kind = character === '{' ? 'map' : 'list';
        visitor.open(kind, at++);
        open.push(kind);
        expectsKey = kind === 'map';
      } else if (character === '}' || character === ']') {
        visitor.close();
        open.pop();
        expectsKey = false;
        at++;
      } else if (character === ',') {
        expectsKey = open.at(-1) === 'map';
        at++;
      } else if (character === ':' || character <= ' ') at++;
      else at = scanLiteral(source, at, visitor);
    }
  };
}

function endOfString(source: string, start: number): number {
  let at = start + 1;
  while (at < source.length) {
    const code = source.charCodeAt(at);
    if (code === 0x22) return at + 1;
    at += code === 0x5c ? 2 : 1;
  }
  return at;
}

function decodeString(source: string, start: number, end: number): string {
  const raw = source.slice(start, end);
  return raw.includes('\\') ? String(JSON.parse(raw)) : raw.slice(1, -1);
}

/** A number, `true`, `false` or `null`. */
function scanLiteral(source: string, start: number, visitor: SourceVisitor): number {
  visitor.scalar(start);
  let at = start + 1;
  while (at < source.length && !',]}'.includes(source.charAt(at)) && source.charAt(at) > ' ') at++;
  return at;
}
