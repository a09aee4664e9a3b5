import { INVISIBLE_IN_LINE } from './quote.ts';

export type CodeMark = ' ' | '+' | '-' | '>';

const LONGEST_LINE = 1_000;

/** Takes lines until a bound is reached. Writing on after that is allowed and does nothing; `isFull` saves the work. */
export interface CodeLines {
  add(mark: CodeMark, indent: number, text: string): void;
  isFull(): boolean;
  finish(): { text: string; truncated: boolean };
}

export function makeCodeLines(maxChars: number): CodeLines {
  const lines: string[] = [];
  let left = maxChars;
  let truncated = false;
  return {
    add: (mark, indent, text) => {
      const line = `${mark} ${'  '.repeat(indent)}${visible(text)}`.trimEnd();
      if (truncated || line.length + 1 > left) {
        truncated = true;
        return;
      }
      lines.push(line);
      left -= line.length + 1;
    },
    isFull: () => truncated,
    finish: () => ({ text: lines.join('\n'), truncated }),
  };
}

/** Bounded, with nothing in it that a terminal or a chat would act on; tabs stay. */
function visible(text: string): string {
  const bounded = text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE).toWellFormed()}…` : text;
  return bounded.replace(
    INVISIBLE_IN_LINE,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`,
  );
}
