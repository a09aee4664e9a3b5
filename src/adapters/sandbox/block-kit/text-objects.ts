import { z } from 'zod';

/** Lengths are counted in UTF-16 units: never fewer than Slack counts. */
export const text = (max: number) => z.string().min(1).max(max);

export const plainText = (max: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: text(max), emoji: z.boolean().optional() });

export const mrkdwn = (max: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: text(max), verbatim: z.boolean().optional() });

export const eitherText = (max: number) => z.discriminatedUnion('type', [plainText(max), mrkdwn(max)]);

/** A link somebody opens: any scheme a browser knows, as Slack allows. */
export const linkUrl = z.string().max(3_000).refine(URL.canParse, 'must be a valid URL');

/** Slack fetches images itself when they are posted, so an address of this machine or of a private network fails. */
export const imageUrl = z
  .string()
  .max(3_000)
  .refine((value) => /^https?:/.test(value) && URL.canParse(value), 'must be a valid URL')
  .refine((value) => !URL.canParse(value) || !isPrivateHost(new URL(value).hostname), 'downloading image failed');

function isPrivateHost(host: string): boolean {
  return /^(localhost|.*\.local|.*\.internal|127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|0\.|\[)/.test(
    host,
  );
}

const style = z.enum(['primary', 'danger']);

export const colourStyle = style.optional();

export const confirmation = z.strictObject({
  title: plainText(100),
  text: eitherText(300),
  confirm: plainText(30),
  deny: plainText(30),
  style: colourStyle,
});

export const slackFile = z.union([
  z.strictObject({ id: z.string().min(1) }),
  z.strictObject({ url: z.string().min(1).max(3_000) }),
]);

const option = <T extends z.ZodType>(label: T) =>
  z.strictObject({ text: label, value: text(150), description: plainText(75).optional() });

/** Of select and multi-select menus. */
export const menuOption = option(plainText(75));
/** Of radio buttons and checkboxes, which take formatted text. */
export const boxOption = option(eitherText(75)).extend({ description: eitherText(75).optional() });
/** Of overflow menus, whose entries may be links. */
export const overflowOption = menuOption.extend({ url: linkUrl.optional() });

export const menuOptions = z.array(menuOption).min(1).max(100);
export const menuOptionGroups = z
  .array(z.strictObject({ label: plainText(75), options: menuOptions }))
  .min(1)
  .max(100);
