/** Longer than any client's header; what comes after is not looked at. */
const LONGEST_HEADER = 1_000;

/**
 * The media type to answer with, by the request's Accept header (RFC 9110, 12.5.1): of those that the client likes best, the
 * first that is offered. Null where it takes none of them. Parameters other than `q` are not looked at.
 */
export function negotiate<Type extends string>(accept: string | undefined, offered: readonly Type[]): Type | null {
  const ranges = (accept ?? '')
    .slice(0, LONGEST_HEADER)
    .split(',')
    .map(readRange)
    .filter((range) => range !== null);
  if (ranges.length === 0) return offered[0] ?? null;
  let best: { type: Type; quality: number } | null = null;
  for (const type of offered) {
    const quality = qualityOf(type, ranges);
    if (quality > (best?.quality ?? 0)) best = { type, quality };
  }
  return best?.type ?? null;
}

interface Range {
  type: string;
  quality: number;
}

function readRange(text: string): Range | null {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  if (!/^[^\s/]+\/[^\s/]+$/.test(type)) return null;
  const q = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = q === undefined ? 1 : Number(q.slice(2));
  return { type, quality: quality >= 0 && quality <= 1 ? quality : 0 };
}

/** By the most specific range that fits, whatever others say. */
function qualityOf(type: string, ranges: readonly Range[]): number {
  const main = type.split('/', 1)[0];
  for (const wanted of [type, `${main}/*`, '*/*']) {
    const range = ranges.find((one) => one.type === wanted);
    if (range !== undefined) return range.quality;
  }
  return 0;
}
