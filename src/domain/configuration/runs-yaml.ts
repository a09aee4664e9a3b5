import ms from 'ms';
import { z } from 'zod';
import { closedObject } from './closed-object.ts';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
/** Records come up to seven days late, and whole days are forgotten: what is kept for less would be forgotten as it comes. */
const SHORTEST = 8 * DAY;
const LONGEST = 400 * DAY;

/** How long run records are kept, in milliseconds; inputs and outputs no longer than the record. */
export interface RunsConfiguration {
  keep: number;
  keepPayloads: number;
}

const WORDS = 'has to be a number of days, weeks or hours, such as 30d, 2w or 12h';
const period = z
  .string({ error: WORDS })
  .regex(/^\d{1,5} ?(h|hours?|d|days?|w|weeks?)$/, { error: WORDS, abort: true })
  .transform((text) => ms(text as ms.StringValue));

/** `runs` of `towpath.yaml`. */
export const runsYamlSchema = closedObject({
  keep: z
    .string({ error: WORDS })
    .default('30d')
    .pipe(period)
    .refine((length) => length >= SHORTEST && length <= LONGEST, { error: 'has to be between 8d and 400d' })
    .describe('How long run records are kept: 30d, 12w.'),
  keepPayloads: z
    .string({ error: WORDS })
    .default('7d')
    .pipe(period)
    .refine((length) => length >= HOUR && length <= LONGEST, { error: 'has to be between 1h and 400d' })
    .describe('How long their inputs and outputs are kept, where an environment has runPayloads: true.'),
}).refine(({ keep, keepPayloads }) => keepPayloads <= keep, {
  path: ['keepPayloads'],
  error: 'is longer than `keep`; inputs and outputs go with their record at the latest',
});

/** What applies where nothing is said: records for 30 days, inputs and outputs for 7. */
export const DEFAULT_RUNS: RunsConfiguration = { keep: 30 * DAY, keepPayloads: 7 * DAY };
