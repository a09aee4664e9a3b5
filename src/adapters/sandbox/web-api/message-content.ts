import type { KnownBlock } from '@slack/types';
import { z } from 'zod';
import { checkMessageBlocks } from '../block-kit/check-blocks.ts';
import type { MessageMetadata } from '../state/messages.ts';
import type { SlackState } from '../state/slack-state.ts';
import { parseJsonArgument } from './argument-types.ts';
import { isShowableFile } from './file-json.ts';
import { SlackApiError } from './slack-api-error.ts';

const MAX_TEXT = 40_000;
const MAX_METADATA = 16_000;

/** Arguments that every method posting a message shares. */
export const contentArguments = {
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  attachments: z.unknown().optional(),
};

/**
 * Checks what a message is to show. Absent parts stay undefined; a message with neither text nor blocks throws `no_text`.
 * Attachments, which Slack calls legacy, are refused here; an empty list of them is let through.
 */
export function checkContent(
  state: SlackState,
  given: { text?: string | undefined; blocks?: unknown; attachments?: unknown },
): { text: string | undefined; blocks: KnownBlock[] | undefined } {
  const attachments = parseJsonArgument(given.attachments, 'invalid_attachments');
  if (attachments !== undefined && !(Array.isArray(attachments) && attachments.length === 0))
    throw new SlackApiError('invalid_attachments');
  const raw = parseJsonArgument(given.blocks, 'invalid_blocks_format');
  if (raw !== undefined && raw !== null && !Array.isArray(raw)) throw new SlackApiError('invalid_blocks_format');
  const blocks = raw ? checkMessageBlocks(raw, (reference) => isShowableFile(state, reference)) : undefined;
  if (!given.text && !blocks?.length) throw new SlackApiError('no_text');
  if ((given.text ?? '').length > MAX_TEXT) throw new SlackApiError('msg_too_long');
  return { text: given.text, blocks };
}

const plainValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const flatObject = z.record(z.string(), plainValue);
const metadataSchema = z.strictObject({
  event_type: z.string().min(1).max(255),
  event_payload: z.record(z.string(), z.union([plainValue, flatObject, z.array(z.union([plainValue, flatObject]))])),
});

/** Checks a message's metadata. An empty object means "remove it" and becomes null. */
export function checkMetadata(given: unknown): MessageMetadata | null | undefined {
  if (given === undefined) return undefined;
  const raw = parseJsonArgument(given, 'invalid_metadata_format');
  if (typeof raw === 'object' && raw !== null && Object.keys(raw).length === 0) return null;
  const parsed = metadataSchema.safeParse(raw);
  if (!parsed.success) throw new SlackApiError('invalid_metadata_schema');
  if (JSON.stringify(raw).length > MAX_METADATA) throw new SlackApiError('metadata_too_large');
  return parsed.data;
}
