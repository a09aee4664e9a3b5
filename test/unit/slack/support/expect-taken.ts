import type { KnownBlock, ModalView } from '@slack/types';
import { expect } from 'vitest';
import { checkMessageBlocks, checkView } from '../../../../src/adapters/sandbox/block-kit/check-blocks.ts';
import { MAX_BLOCKS, MAX_CHARACTERS } from '../../../../src/adapters/slack/blocks/fit-message.ts';

export const nothingToShow = () => false;

/** As Slack takes it: within the limits of each block and of all together, with no mention or link that a person forged. */
export function expectTaken(message: { text: string; blocks?: KnownBlock[] }): void {
  const blocks = message.blocks ?? [];
  checkMessageBlocks(blocks, nothingToShow);
  expect(blocks.length).toBeLessThanOrEqual(MAX_BLOCKS);
  expect(JSON.stringify(blocks).length).toBeLessThan(MAX_CHARACTERS);
  expect(message.text.length).toBeLessThanOrEqual(3_000);
  for (const text of [message.text, ...mrkdwnOf(blocks)]) expectNothingForged(text);
}

/** Every text that Slack reads its marks in. */
export function mrkdwnOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(mrkdwnOf);
  if (typeof value !== 'object' || value === null) return [];
  const { type, text } = value as { type?: unknown; text?: unknown };
  return [...(type === 'mrkdwn' && typeof text === 'string' ? [text] : []), ...Object.values(value).flatMap(mrkdwnOf)];
}

/** Only Towpath's own tokens: people, channels and dates. */
export function expectNothingForged(text: string): void {
  const rest = text.replace(/<(@[UW][A-Z0-9]+|#C[A-Z0-9]+|!date\^\d+\^\{date_short_pretty\} \{time\}\|[^<>]*)>/g, '');
  expect(rest).not.toMatch(/[<>]/);
}

/** The same of a modal. */
export function expectModalTaken(view: ModalView): void {
  checkView(view, 'modal', nothingToShow);
  for (const text of mrkdwnOf(view.blocks)) expectNothingForged(text);
}
