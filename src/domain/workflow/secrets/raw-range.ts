import type { Writing } from './source-text.ts';

/** Hexadecimal digits after a backslash and one of these. */
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

interface Step {
  /** Units of the raw text that were read. */
  readonly raw: number;
  /** Units of the decoded text that they stand for. */
  readonly decoded: number;
}

interface Range {
  readonly from: number;
  readonly to: number;
}
type Stepping = (raw: string, at: number, decoded: string, there: number) => Step | null;

/**
 * Where parts of a decoded text stand in the raw text that it was decoded from, all end-exclusive. The parts come in order and
 * do not overlap; they are found in one pass. Null where the two texts can't be laid side by side.
 */
export function rawRanges(raw: string, decoded: string, parts: readonly Range[], writing: Writing): Range[] | null {
  if (raw === decoded) return parts.map(({ from, to }) => ({ from, to }));
  if (writing === 'escaped') return alongside(raw, decoded, parts, escapedStep);
  return alongside(raw, decoded, parts, singleQuotedStep) ?? alongside(raw, decoded, parts, foldedStep);
}

function alongside(raw: string, decoded: string, parts: readonly Range[], next: Stepping): Range[] | null {
  const ranges: Range[] = [];
  let from = -1;
  for (let at = 0, there = 0; ranges.length < parts.length; ) {
    const part = parts[ranges.length];
    const step = next(raw, at, decoded, there);
    if (step === null || part === undefined) return null;
    if (from < 0 && step.decoded > 0 && there + step.decoded > part.from) from = at;
    at += step.raw;
    there += step.decoded;
    if (from >= 0 && there >= part.to) {
      ranges.push({ from, to: at });
      from = -1;
    }
  }
  return ranges;
}

/** Between double quotes: JSON's and YAML's escapes, and YAML's lines. */
function escapedStep(raw: string, at: number, decoded: string, there: number): Step | null {
  if (raw[at] !== '\\') return foldedStep(raw, at, decoded, there);
  const letter = raw[at + 1] ?? '';
  const digits = HEX_DIGITS[letter];
  if (digits !== undefined) {
    const code = Number.parseInt(raw.slice(at + 2, at + 2 + digits), 16);
    return { raw: 2 + digits, decoded: code > 0xffff ? 2 : 1 };
  }
  if (letter !== '\n' && letter !== '\r') return { raw: 2, decoded: 1 };
  // A line continued: its break and the next line's indentation stand for nothing.
  const indentation = /^\\\r?\n[ \t]*/.exec(raw.slice(at, at + 1_000));
  return indentation === null ? null : { raw: indentation[0].length, decoded: 0 };
}

/** Between single quotes: a quote is written twice. */
function singleQuotedStep(raw: string, at: number, decoded: string, there: number): Step | null {
  if (raw[at] !== "'") return foldedStep(raw, at, decoded, there);
  return raw[at + 1] === "'" && decoded[there] === "'" ? { raw: 2, decoded: 1 } : null;
}

/** Lines folded or indented: whatever else differs, blanks do not count. */
function foldedStep(raw: string, at: number, decoded: string, there: number): Step | null {
  const [is, means] = [raw[at], decoded[there]];
  if (is !== undefined && is === means) return { raw: 1, decoded: 1 };
  if (isBlank(is)) return { raw: 1, decoded: 0 };
  return isBlank(means) ? { raw: 0, decoded: 1 } : null;
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\n' || character === '\t' || character === '\r';
}
