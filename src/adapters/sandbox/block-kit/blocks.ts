import { z } from 'zod';
import { actionsElement, imageElement, inputElement, sectionAccessory } from './elements.ts';
import { richTextBlock } from './rich-text.ts';
import { eitherText, imageUrl, plainText, slackFile, text } from './text-objects.ts';

/*
 * The blocks an app may send, with Slack's published limits. Unknown properties are refused, as Slack refuses them.
 * Left out on purpose, and refused as unsupported: video (wants its own scope and an allowed domain), remote files and the blocks for assistants.
 */

const blockId = { block_id: text(255).optional() };

const header = z.strictObject({ type: z.literal('header'), text: plainText(150), ...blockId });
const divider = z.strictObject({ type: z.literal('divider'), ...blockId });

const section = z.strictObject({
  type: z.literal('section'),
  text: eitherText(3_000).optional(),
  fields: z.array(eitherText(2_000)).min(1).max(10).optional(),
  accessory: sectionAccessory.optional(),
  expand: z.boolean().optional(),
  ...blockId,
});

const context = z.strictObject({
  type: z.literal('context'),
  elements: z
    .array(z.discriminatedUnion('type', [imageElement, ...eitherText(3_000).options]))
    .min(1)
    .max(10),
  ...blockId,
});

const actions = z.strictObject({
  type: z.literal('actions'),
  elements: z.array(actionsElement).min(1).max(25),
  ...blockId,
});

const image = z.strictObject({
  type: z.literal('image'),
  alt_text: text(2_000),
  title: plainText(2_000).optional(),
  image_url: imageUrl.optional(),
  slack_file: slackFile.optional(),
  ...blockId,
});

const input = z.strictObject({
  type: z.literal('input'),
  label: plainText(2_000),
  hint: plainText(2_000).optional(),
  element: inputElement,
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
  ...blockId,
});

const markdown = z.strictObject({ type: z.literal('markdown'), text: text(12_000), ...blockId });

const cell = z.discriminatedUnion('type', [
  richTextBlock,
  z.strictObject({ type: z.literal('raw_text'), text: z.string().min(1) }),
  z.strictObject({ type: z.literal('raw_number'), value: z.number(), text: z.string().min(1) }),
]);
const table = z.strictObject({
  type: z.literal('table'),
  rows: z.array(z.array(cell).min(1).max(20)).min(1).max(100),
  column_settings: z
    .array(
      z
        .strictObject({ align: z.enum(['left', 'center', 'right']).optional(), is_wrapped: z.boolean().optional() })
        .nullable(),
    )
    .max(20)
    .optional(),
  ...blockId,
});

const everywhere = [header, divider, section, context, actions, image, input, richTextBlock] as const;

export const messageBlock = z.discriminatedUnion('type', [...everywhere, markdown, table]);
export const viewBlock = z.discriminatedUnion('type', [...everywhere]);

export const messageBlocks = z.array(messageBlock).max(50);
export const viewBlocks = z.array(viewBlock).max(100);

export type CheckedBlock = z.infer<typeof messageBlock>;
