/** Characters of what a runner says that are shown. */
const SHOWN = 300;

/**
 * What an endpoint says of its refusal, from the places where they say it: `error.message`, `message`, `error`, `detail`; else the
 * beginning of its text. On one line, and empty where it is a page or nothing.
 */
export function wordsOf(body: string): string {
  const said = saidIn(parse(body)) ?? (/^\s*</.test(body) ? '' : body);
  const line = said.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length <= SHOWN ? line.toWellFormed() : `${line.slice(0, SHOWN - 1).toWellFormed()}…`;
}

function saidIn(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  for (const name of ['error', 'message', 'detail']) {
    const inner: unknown = (value as Record<string, unknown>)[name];
    if (typeof inner === 'string') return inner;
    const deeper = name === 'error' ? saidIn(inner) : null;
    if (deeper !== null) return deeper;
  }
  return null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
