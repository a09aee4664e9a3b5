import { EXIT } from './terminal.ts';

const MEANING: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'done',
  refused: 'the server refused it, or you said no; nothing was done',
  usage: 'the command line, a file or a variable is wrong; nothing was asked for',
  unreachable: 'the server could not be reached, or could not work just now',
  rejected: 'the promotion was rejected or cancelled',
  expired: 'the promotion expired, or can’t be had any more (its version was rolled back, or another took its place)',
  undecided: '--timeout passed before anybody decided; the request stands',
};
const EVERY: readonly (keyof typeof EXIT)[] = ['ok', 'refused', 'usage', 'unreachable'];

/** The part of a command's help that says what it ends with. Every command but `diff` shares one table. */
export function exitCodes(meanings: Partial<typeof MEANING> = {}): string {
  const names = (Object.keys(EXIT) as (keyof typeof EXIT)[]).filter((name) => EVERY.includes(name) || name in meanings);
  const lines = names.map((name) => `  ${EXIT[name]}  ${meanings[name] ?? MEANING[name]}`);
  return ['Exit codes:', ...lines].join('\n');
}

/** All of them, for a command that may end with any. */
export const EVERY_MEANING: Readonly<typeof MEANING> = MEANING;
