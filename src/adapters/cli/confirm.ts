import { complainLines, type Line, type Terminal, UsageError } from './terminal.ts';

/** What asking came to. */
export type Confirmation = 'yes' | 'no';

/**
 * Refuses to go on where nobody can be asked and nothing says that nobody need be.
 * @throws UsageError
 */
export function assertCanAsk({ ask }: Terminal, yes: boolean | undefined, act: string): void {
  if (yes === true || ask !== undefined) return;
  throw new UsageError(
    `Nobody can be asked here whether to ${act}: this is no terminal. Add --yes to do it without being asked.`,
  );
}

/** Shows what would be done and asks. Only a yes is one. */
export async function confirm(terminal: Terminal, lines: readonly Line[], question: string): Promise<Confirmation> {
  complainLines(terminal, lines);
  const answer = (await terminal.ask?.(`${question} [y/N] `)) ?? null;
  // They left in the middle of the line.
  if (answer === null) terminal.complain('\n');
  return /^\s*y(es)?\s*$/i.test(answer ?? '') ? 'yes' : 'no';
}
