import { withoutMasks } from './mask-words.ts';
import { spellOut } from './quote.ts';
import { cutNote, lengthOf, type Segment } from './word-marks.ts';

export type CodeMark = ' ' | '+' | '-' | '>';

/** One line of the code view. */
export interface CodeLine {
  readonly mark: CodeMark;
  /** Indented, without the mark. */
  readonly text: string;
  /** Where words changed inside the line: start and end in `text`, in code units, in order, apart from each other. */
  readonly words?: readonly (readonly [start: number, end: number])[];
}

/** Characters of one line; of a longer one, the rest is counted. */
export const LONGEST_LINE = 1_000;

/** Takes lines until a bound is reached. Writing on after that is allowed and does nothing; `isFull` saves the work. */
export interface CodeLines {
  add(mark: CodeMark, indent: number, text: string | readonly Segment[]): void;
  isFull(): boolean;
  finish(): { text: string; lines: readonly CodeLine[]; truncated: boolean };
}

export function makeCodeLines(maxChars: number): CodeLines {
  const lines: CodeLine[] = [];
  const texts: string[] = [];
  let left = maxChars;
  let truncated = false;
  return {
    add: (mark, indent, text) => {
      if (truncated) return;
      const line = lineOf(mark, indent, typeof text === 'string' ? [{ text, isMarked: false }] : text);
      const plain = plainTextOf(line);
      if (plain.length + 1 > left) {
        truncated = true;
        return;
      }
      lines.push(line);
      texts.push(plain);
      left -= plain.length + 1;
    },
    isFull: () => truncated,
    finish: () => ({ text: texts.join('\n'), lines, truncated }),
  };
}

function lineOf(mark: CodeMark, indent: number, segments: readonly Segment[]): CodeLine {
  let text = '  '.repeat(indent);
  const words: [number, number][] = [];
  for (const [index, { text: piece, isMarked }] of segments.entries()) {
    if (text.length > LONGEST_LINE) {
      text += cutNote(lengthOf(segments.slice(index)));
      break;
    }
    const start = text.length;
    text += visible(piece);
    if (isMarked && text.length > start) words.push([start, text.length]);
  }
  const end = text.trimEnd().length;
  const kept = words.flatMap(([start, stop]) => (start < end ? [[start, Math.min(stop, end)] as const] : []));
  return { mark, text: text.slice(0, end), ...(kept.length > 0 && { words: kept }) };
}

const BRACKETS: Readonly<Partial<Record<CodeMark, readonly [string, string]>>> = {
  '-': ['[-', '-]'],
  '+': ['{+', '+}'],
};

/** `- You are a [-kind-] lead`, `+ You are a {+brief+} lead`. */
function plainTextOf({ mark, text, words = [] }: CodeLine): string {
  const [open, close] = BRACKETS[mark] ?? ['', ''];
  let plain = `${mark} `;
  let at = 0;
  for (const [start, end] of words) {
    plain += `${text.slice(at, start)}${open}${text.slice(start, end)}${close}`;
    at = end;
  }
  return `${plain}${text.slice(at)}`.trimEnd();
}

/** Bounded, with nothing in it that a terminal or a chat would act on, nor any mask of a secret; tabs stay. */
function visible(text: string): string {
  const bounded =
    text.length > LONGEST_LINE
      ? `${text.slice(0, LONGEST_LINE).toWellFormed()}${cutNote(text.length - LONGEST_LINE)}`
      : text;
  return spellOut(withoutMasks(bounded));
}
