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
}

export type Colour = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';

/** What `towpath push` ends with. */
export const EXIT = { ok: 0, refused: 1, usage: 2, unreachable: 3 } as const;
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
