import { z } from 'zod';
import { closedObject } from '../configuration/closed-object.ts';
import { DURATION_TEXT, durationOf } from '../settings/setting-name.ts';
import { isObject, type Json, type JsonObject } from '../workflow/json.ts';
import { SUITE_LIMITS } from './suite.ts';

const name = z
  .string()
  .trim()
  .min(1, { error: 'may not be empty' })
  .max(200, { error: 'is longer than 200 characters' });
const text = z.string().max(50_000, { error: 'is longer than 50,000 characters' });
const json = z.custom<Json>((value) => value !== undefined, { error: 'is missing' });
const fraction = z.number().min(0).max(1);
/** Where in the output to look: words between dots. */
const path = z
  .string()
  .max(500)
  .regex(/^[^.\s]+(?:\.[^.\s]+)*$/, { error: 'has to be words with dots between them, such as summary.title' })
  .transform((words) => words.split('.'))
  .optional();
const not = z.boolean().default(false);

const TIMEOUT = 'has to be a duration with a unit, such as 30s or 5m, between 1s and 30m';
const timeout = z
  .string({ error: TIMEOUT })
  .regex(DURATION_TEXT, { error: TIMEOUT, abort: true })
  .transform(durationOf)
  .refine((ms) => ms >= 1_000 && ms <= SUITE_LIMITS.caseTimeoutMs, { error: TIMEOUT });

const shapes = {
  contains: { value: text.min(1, { error: 'may not be empty' }), ignoreCase: z.boolean().default(false), not },
  exact: { value: json, not },
  regex: { value: text, flags: z.string().max(4).default(''), not },
  'json-schema': { value: json },
  similar: { value: text.min(1, { error: 'may not be empty' }), threshold: fraction.default(0.75) },
  'llm-rubric': {
    value: text.min(1, { error: 'may not be empty' }),
    threshold: fraction.optional(),
    scale: name.optional(),
    of: z.number().positive().max(1_000).optional(),
  },
} as const;

/** What an assertion may be, by its type; each is read on its own, so that what is wrong is said of the type that was meant. */
export const assertionSchemas = {
  contains: closedObject({ type: z.literal('contains'), path, ...shapes.contains }),
  exact: closedObject({ type: z.literal('exact'), path, ...shapes.exact }),
  regex: closedObject({ type: z.literal('regex'), path, ...shapes.regex }),
  'json-schema': closedObject({ type: z.literal('json-schema'), path, ...shapes['json-schema'] }),
  similar: closedObject({ type: z.literal('similar'), path, ...shapes.similar }),
  'llm-rubric': closedObject({ type: z.literal('llm-rubric'), path, ...shapes['llm-rubric'] }),
} as const;

export type AssertionType = keyof typeof assertionSchemas;
export type AssertionYaml = z.output<(typeof assertionSchemas)[AssertionType]>;

const assertion = z.custom<JsonObject>(isObject, { error: 'has to be a mapping such as { type: contains, value: … }' });

/** A suite as its file writes it, its assertions unread. */
export const suiteSchema = closedObject({
  name: name.optional().describe('How results name the suite; left out, “tests”.'),
  description: z.string().max(5_000).optional(),
  concurrency: z.number().int().min(1).max(SUITE_LIMITS.concurrency).optional().describe('Cases that run at a time.'),
  timeout: timeout.optional().describe('How long one case may take: 30s, 5m.'),
  budget: z.number().min(0).max(1_000_000).optional().describe('US dollars that all cases together may cost.'),
  cases: z
    .array(
      closedObject({
        name,
        input: json,
        assert: z
          .array(assertion)
          .min(1, { error: 'needs at least one assertion: a case without any proves nothing' })
          .max(SUITE_LIMITS.assertions, { error: `has more than ${SUITE_LIMITS.assertions} assertions` }),
      }),
    )
    .min(1, { error: 'needs at least one case' })
    .max(SUITE_LIMITS.cases, { error: `has more than ${SUITE_LIMITS.cases} cases; split it into several suites` }),
});

export type SuiteYaml = z.output<typeof suiteSchema>;
