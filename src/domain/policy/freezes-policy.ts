import { z } from 'zod';
import { closedObject } from '../configuration/closed-object.ts';
import { type FreezeRule, freezeRuleProblem } from '../freeze-calendar.ts';
import type { PolicyPart } from './policy-part.ts';

const LASTS = 'has to be a duration such as 12h, 2d or 1d 12h, from 1m to 366d';
const PARTS = /^(?:(\d{1,3}) ?w)? ?(?:(\d{1,3}) ?d)? ?(?:(\d{1,4}) ?h)? ?(?:(\d{1,6}) ?m(?:in)?)?$/;

/** `1d 12h` as `P1DT12H`: a day is a day of the calendar, an hour always sixty minutes (RFC 5545, 3.3.6). */
function isoDuration(text: string): string | null {
  const [, weeks = 0, days = 0, hours = 0, minutes = 0] = (PARTS.exec(text.trim()) ?? []).map((part) =>
    Number(part ?? 0),
  );
  const length = ((weeks * 7 + days) * 24 + hours) * 60 + minutes;
  if (length < 1 || length > 366 * 24 * 60) return null;
  const time = `${hours > 0 ? `${hours}H` : ''}${minutes > 0 ? `${minutes}M` : ''}`;
  const calendar = weeks * 7 + days > 0 ? `${weeks * 7 + days}D` : '';
  return `P${calendar}${time === '' ? '' : `T${time}`}`;
}

const freeze = closedObject({
  rrule: z
    .string()
    .max(500)
    .describe('When it begins, as RFC 5545 has it: FREQ=WEEKLY;BYDAY=FR;BYHOUR=16. Times left out are midnight.'),
  timeZone: z.string().describe('Whose days and hours these are, such as Europe/Berlin.'),
  lasts: z.string({ error: LASTS }).describe('How long each one is: 12h, 2d, 1d 12h.'),
  kind: z
    .enum(['deny', 'allow'], { error: 'has to be deny or allow' })
    .default('deny')
    .describe('deny: nothing goes live meanwhile. allow: only meanwhile. Left out: deny.'),
  reason: z.string().trim().min(1).max(200).describe('Why, for whoever has to wait.'),
  from: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d(T\d\d:\d\d)?$/, { error: 'has to be a date such as 2026-12-24 or 2026-12-24T08:00' })
    .optional()
    .describe('The first day, from which COUNT and INTERVAL are counted. Left out: Monday, 1 January 2024.'),
}).transform(({ lasts, from, ...rest }, context): FreezeRule => {
  const duration = isoDuration(lasts);
  if (duration === null) {
    context.addIssue({ code: 'custom', path: ['lasts'], message: LASTS });
    return z.NEVER;
  }
  const rule: FreezeRule = { ...rest, lasts: duration, ...(from !== undefined && { from }) };
  const problem = freezeRuleProblem(rule);
  if (problem === null) return rule;
  context.addIssue({ code: 'custom', path: [problem.field], message: problem.message });
  return z.NEVER;
});

const kept: z.ZodType<FreezeRule> = z.looseObject({
  ...{ rrule: z.string(), timeZone: z.string(), lasts: z.string() },
  ...{ kind: z.enum(['deny', 'allow']), reason: z.string() },
  ...{ from: z.string().exactOptional(), layer: z.int().exactOptional() },
});

/**
 * All windows of both. Several windows that allow are each other's alternatives, so those of `b` become a layer of their own: one
 * of `a`'s and one of `b`'s has to be open.
 */
function stricterFreezes(a: readonly FreezeRule[], b: readonly FreezeRule[]): FreezeRule[] {
  const layers = 1 + Math.max(0, ...a.map(({ layer = 0 }) => layer));
  return [...a, ...b.map((rule) => (rule.kind === 'deny' ? rule : { ...rule, layer: (rule.layer ?? 0) + layers }))];
}

export const freezesPart: PolicyPart<readonly FreezeRule[]> = {
  yaml: z.array(freeze).max(20),
  kept: z.array(kept),
  stricter: stricterFreezes,
};
