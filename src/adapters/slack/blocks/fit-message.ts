import type { KnownBlock } from '@slack/types';
import { context, IMPORTANCE, type Part } from './parts.ts';
import { cut } from './text.ts';

/** What is sent to Slack: `text` is what notifications and screen readers say, `blocks` is what is seen. */
export interface SlackMessage {
  text: string;
  blocks: KnownBlock[];
}

/** Slack takes 50 blocks. */
export const MAX_BLOCKS = 50;
/** Slack refuses a message at about 13,200 characters of blocks in all, whatever each block may hold by itself. */
export const MAX_CHARACTERS = 12_000;
const MAX_TEXT = 3_000;
const SHORTENED = context('Shortened to fit into one message.', IMPORTANCE.essential);

/**
 * The message that Slack will take, whatever it shows: parts are left out by importance, the last of equals first, until
 * the rest fits; then a line says so. `text` is mrkdwn, already escaped.
 */
export function fitMessage(text: string, parts: readonly Part[]): SlackMessage {
  return { text: cut(text, MAX_TEXT), blocks: fitParts(parts, MAX_BLOCKS, MAX_CHARACTERS) };
}

/** Whether Slack takes the parts as they are. */
export function fitsMessage(parts: readonly Part[]): boolean {
  return fits(parts, MAX_BLOCKS, MAX_CHARACTERS);
}

/** The blocks of the parts that fit. */
export function fitParts(parts: readonly Part[], maxBlocks: number, maxCharacters: number): KnownBlock[] {
  if (fits(parts, maxBlocks, maxCharacters)) return blocksOf(parts);
  let kept = [...parts, SHORTENED];
  while (kept.length > 1 && !fits(kept, maxBlocks, maxCharacters)) {
    const least = kept
      .slice(0, -1)
      .reduce((found, part, i) => (part.importance <= (kept[found]?.importance ?? 0) ? i : found), 0);
    kept = kept.filter((_, i) => i !== least);
  }
  return blocksOf(kept);
}

function fits(parts: readonly Part[], maxBlocks: number, maxCharacters: number): boolean {
  return parts.length <= maxBlocks && JSON.stringify(blocksOf(parts)).length < maxCharacters;
}

function blocksOf(parts: readonly Part[]): KnownBlock[] {
  return parts.map((part) => part.block);
}
