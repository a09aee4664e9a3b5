import { randomBytes } from 'node:crypto';
import type { HomeView, KnownBlock, ModalView } from '@slack/types';
import type { z } from 'zod';
import { SlackApiError } from '../web-api/slack-api-error.ts';
import type { CheckedBlock } from './blocks.ts';
import { messageBlocks } from './blocks.ts';
import { interactiveElements } from './interactive-elements.ts';
import type { Complaint } from './rules-across-blocks.ts';
import { complaintsAboutView, complaintsAcross } from './rules-across-blocks.ts';
import { slackMessage, slackMessages } from './slack-messages.ts';
import { homeView, modalView } from './views.ts';

/** The most a message's blocks may weigh together, as JSON characters: measured at Slack, whatever single limits allow. */
const MAX_MESSAGE_BLOCKS = 13_200;
/** 250 KB. */
const MAX_VIEW = 250_000;

/** Says whether a file may be shown in an image block now. */
export type FileIsShowable = (reference: { id?: string; url?: string }) => boolean;

/**
 * Checks a message's blocks as Slack does and fills in the ids that were left out.
 * Throws `invalid_blocks` with messages that point at what is wrong, or `msg_blocks_too_long`.
 */
export function checkMessageBlocks(raw: unknown, isShowable: FileIsShowable): KnownBlock[] {
  const parsed = messageBlocks.safeParse(raw);
  if (!parsed.success) throw invalidBlocks(slackMessages(parsed.error.issues, raw, '/blocks'));
  refuse(complaintsAcross(parsed.data, isShowable), '/blocks', 'invalid_blocks');
  if (JSON.stringify(raw).length > MAX_MESSAGE_BLOCKS) throw new SlackApiError('msg_blocks_too_long');
  return withIds(parsed.data) as KnownBlock[];
}

/** Checks a modal or Home tab. Throws `view_too_large`, or `invalid_arguments` with messages that point at what is wrong. */
export function checkView(raw: unknown, type: 'modal', isShowable: FileIsShowable): ModalView;
export function checkView(raw: unknown, type: 'home', isShowable: FileIsShowable): HomeView;
export function checkView(raw: unknown, type: 'modal' | 'home', isShowable: FileIsShowable): ModalView | HomeView {
  if (JSON.stringify(raw ?? null).length > MAX_VIEW) throw new SlackApiError('view_too_large');
  const schema: z.ZodType<z.infer<typeof modalView> | z.infer<typeof homeView>> =
    type === 'modal' ? modalView : homeView;
  const parsed = schema.safeParse(raw);
  if (!parsed.success) throw invalidArguments(slackMessages(parsed.error.issues, raw, '/view'));
  refuse(complaintsAcross(parsed.data.blocks, isShowable), '/view/blocks', 'invalid_arguments');
  refuse(complaintsAboutView(parsed.data), '/view', 'invalid_arguments');
  return { ...parsed.data, blocks: withIds(parsed.data.blocks) } as ModalView | HomeView;
}

function refuse(complaints: readonly Complaint[], root: string, code: string): void {
  if (complaints.length === 0) return;
  throw new SlackApiError(code, { messages: complaints.map(({ text, path }) => slackMessage(text, root, path)) });
}

const invalidBlocks = (messages: string[]) => new SlackApiError('invalid_blocks', { messages });
const invalidArguments = (messages: string[]) => new SlackApiError('invalid_arguments', { messages });

/** Slack gives every block an id, and every element an action id, that the app did not give. */
function withIds(blocks: readonly CheckedBlock[]): CheckedBlock[] {
  const filled = structuredClone(blocks) as CheckedBlock[];
  for (const block of filled) block.block_id ??= randomBytes(4).toString('base64url');
  for (const { element } of interactiveElements(filled)) element.action_id ??= randomBytes(4).toString('base64url');
  return filled;
}
