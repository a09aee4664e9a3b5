/** What a command is given of the process it runs in. */
export interface Terminal {
  /** Without the program's own name. */
  arguments: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  /** Writes to standard output. */
  print: (text: string) => void;
  /** Writes to standard error. */
  complain: (text: string) => void;
  /** Marks a text for standard output; left out where that shows no colours. */
  colour?: (colour: Colour, text: string) => string;
  /** Puts a question to whoever sits there, beside standard output; null when they leave. Left out where nobody does. */
  ask?: (question: string) => Promise<string | null>;
  /** All that standard input holds, as UTF-8 text; left out where there is none. */
  stdin?: () => Promise<string>;
  /** Lets milliseconds pass. */
  pause: (ms: number) => Promise<void>;
  /** Milliseconds since any one moment. */
  now: () => number;
}

export type Colour = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';

/** What every command but `diff` ends with. */
export const EXIT = {
  ok: 0,
  refused: 1,
  usage: 2,
  unreachable: 3,
  rejected: 4,
  expired: 5,
  undecided: 6,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What `towpath diff` ends with, as `diff` does. */
export const DIFF_EXIT = { same: 0, differs: 1, trouble: 2 } as const;
export type DiffExitCode = (typeof DIFF_EXIT)[keyof typeof DIFF_EXIT];

/** The command line asks for something that can't be tried at all. */
export class UsageError extends Error {}

/** Text from elsewhere, with nothing in it that a terminal would obey. */
export function harmless(text: string): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (character) => (character === '\n' ? ' ' : '\ufffd'));
}

/** The same JSON, on one line, with nothing in it that a terminal would obey. */
export function harmlessJson(document: unknown): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(document).replace(/[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, escaped);
}

/** A line of output: every control character in it goes before it is written. */
export type Line = string | readonly [Colour, string];

export function printLines(terminal: Pick<Terminal, 'print' | 'colour'>, lines: readonly Line[]): void {
  for (const line of lines) {
    const [colour, text] = typeof line === 'string' ? [null, line] : line;
    const shown = harmless(text.replaceAll('\t', '  '));
    terminal.print(`${colour === null || shown === '' ? shown : (terminal.colour?.(colour, shown) ?? shown)}\n`);
  }
}

/** Beside the answer: progress, questions and what led to them. */
export function complainLines(terminal: Pick<Terminal, 'complain'>, lines: readonly Line[]): void {
  for (const line of lines) terminal.complain(`${harmless(typeof line === 'string' ? line : line[1])}\n`);
}
