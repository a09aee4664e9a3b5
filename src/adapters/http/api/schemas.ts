import { z } from 'zod';
import { RISK_LEVELS } from '../../../domain/diff/risk.ts';
import { ROLES } from '../../../domain/person.ts';

/** Shapes that several routes share. Dates are ISO 8601 in UTC; a workflow and an environment are named by their names. */

export const date = z.iso.datetime().describe('ISO 8601, UTC');
export const userId = z.string().describe('A Slack user id; `api` or `clock` where nobody in particular acted.');

export const versionRef = z
  .object({
    number: z.number().int(),
    label: z.string().nullable(),
  })
  .meta({ id: 'VersionRef', description: 'A version as people name it.' });

export const diffSummary = z
  .object({
    sentences: z.array(z.string()).describe('What changed, the most important first.'),
    more: z.number().int().describe('How many sentences were left out.'),
    functional: z.boolean().describe('False: only layout, bindings or noise changed.'),
    risk: z
      .object({ level: z.enum(RISK_LEVELS), reasons: z.array(z.string()).describe('Why, the gravest first.') })
      .describe('How much care the change asks for.'),
  })
  .meta({ id: 'DiffSummary' });

export const approval = z.object({ by: userId, role: z.enum(ROLES), at: date }).meta({ id: 'Approval' });

/** One page of a list, newest first. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    cursor: z.string().nullable().describe('Pass it on to get the next page; null on the last one.'),
  });
}

export const limit = z.coerce
  .number({ error: 'has to be a whole number from 1 to 100' })
  .int()
  .min(1)
  .max(100)
  .default(50)
  .describe('Items a page.');
export const cursor = z.string().min(1).max(500).describe('From the page before.');

export const workflowName = z.string().min(1).max(200).describe("The workflow's name, such as summarize-flow.");
export const environmentName = z.string().min(1).max(200).describe('Its name, an alias, or the beginning of one.');
export const versionName = z.string().min(1).max(200).describe('12, v12 or a label.');
export const reason = z.string().trim().min(1).max(10_000).describe('Why, for those who review it.');

/** Rule 4: the operator's token has no person of its own; any other acts in the name of whoever made it. */
export const onBehalfOf = z
  .string()
  .regex(/^[UW][A-Z0-9]{2,30}$/, { error: 'has to be a Slack user id, such as U012ABCDEF' })
  .describe(
    'Slack user id of the person in whose name this is done: their role is checked, and they cannot approve it. Needed to deploy, promote or roll back with TOWPATH_API_TOKEN; any other token acts in the name of whoever made it.',
  );
