import { z } from 'zod';
import { viewBlocks } from './blocks.ts';
import { plainText, text } from './text-objects.ts';

const anyView = {
  blocks: viewBlocks,
  private_metadata: z.string().max(3_000).optional(),
  callback_id: text(255).optional(),
  external_id: z.string().max(255).optional(),
};

export const modalView = z.strictObject({
  type: z.literal('modal'),
  title: plainText(24),
  close: plainText(24).optional(),
  submit: plainText(24).optional(),
  clear_on_close: z.boolean().optional(),
  notify_on_close: z.boolean().optional(),
  ...anyView,
});

export const homeView = z.strictObject({ type: z.literal('home'), ...anyView });
