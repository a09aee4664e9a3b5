import ms from 'ms';
import { z } from 'zod';

const WORDS = 'has to be a duration with a unit, such as 7d, 12h, 30m or 90s';
const SHARE = 'has to be a number from 0 to 1, such as 0.9 for 90%';
const UNITS = /^\d{1,9}(\.\d{1,3})? ?(ms|s|secs?|m|min|mins|minutes?|h|hrs?|hours?|d|days?|w|weeks?)$/;

/** A duration as people write it, read as milliseconds. @param least such as `1m`, also the words of the refusal */
export function yamlDuration(least: ms.StringValue, most: ms.StringValue): z.ZodType<number, string> {
  return z
    .string({ error: ({ input }) => (input === undefined ? 'is missing' : WORDS) })
    .regex(UNITS, { error: WORDS, abort: true })
    .refine((text) => ms(text as ms.StringValue) >= ms(least) && ms(text as ms.StringValue) <= ms(most), {
      error: `has to be between ${least} and ${most}`,
      abort: true,
    })
    .transform((text) => Math.round(ms(text as ms.StringValue)));
}

/** A share from 0 to 1. */
export const yamlShare = z
  .number({ error: ({ input }) => (input === undefined ? 'is missing' : SHARE) })
  .min(0)
  .max(1);

/** How old a result may be that a promotion is judged by. */
export const maxAge = yamlDuration('1m', '400d')
  .prefault('7d')
  .describe('How old a result may be, such as 12h or 7d. Left out: 7d.');
