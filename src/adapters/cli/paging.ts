import type { Command } from 'commander';
import { UsageError } from './terminal.ts';

/** Options of every command that lists. */
export interface PagingOptions {
  limit: string;
  cursor?: string;
}

const MOST = 100;

export function listsPages(command: Command): Command {
  return command
    .option('--limit <count>', `how many to show, at most ${MOST}`, '20')
    .option('--cursor <cursor>', 'the next page, as the page before names it');
}

/** @throws UsageError */
export function limitOf({ limit }: PagingOptions): string {
  if (/^\d{1,3}$/.test(limit) && Number(limit) >= 1 && Number(limit) <= MOST) return limit;
  throw new UsageError(`--limit “${limit}” is no whole number from 1 to ${MOST}.`);
}
