import { z } from 'zod';
import { CASE_STATES, type CheckReport, REPORTED_KINDS } from '../../../domain/check-report.ts';
import { CHECK_KINDS, CHECK_SOURCES, CHECK_STATES } from '../../../domain/check-result.ts';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import type { KeptCheck } from '../../../use-cases/ports.ts';
import { date, environmentName, versionRef } from './schemas.ts';

/** A number that PostgreSQL's integer holds. */
const count = z.int().min(0).max(1_000_000_000);
const amount = z.number().min(0).max(1e12);
const text = (longest: number) => z.string().trim().min(1).max(longest);
export const checkName = text(200);
const address = z
  .url({ protocol: /^https?$/, error: 'has to be a web address' })
  .max(2_000)
  .refine((url) => new URL(url).username === '' && new URL(url).password === '', {
    error: 'has to be an address without a user name or password',
  });

const checkCase = closedObject({
  name: text(500),
  state: z.enum(CASE_STATES),
  message: z.string().max(2_000).optional().describe('Why it did not pass.'),
});

/** Towpath's own shape of a report. */
export const checkBody = closedObject({
  kind: z.enum(REPORTED_KINDS).describe('What it is a result of; `check` for anything else that a policy names.'),
  environment: environmentName.optional().describe('For which it was found out; here or in the address.'),
  name: checkName
    .optional()
    .describe('Of `quality` the scale, of `check` the name that the policy asks for; else tells two apart.'),
  state: z
    .enum(['passed', 'failed', 'errored', 'running'])
    .optional()
    .describe('Left out: passed where nothing failed. Figures go before it.'),
  passed: count.optional(),
  failed: count.optional(),
  notJudged: count.optional().describe('Cases that nothing could judge: they did not pass.'),
  score: z.number().min(0).max(1e9).optional(),
  of: z.number().positive().max(1e9).optional().describe('The best score that there is.'),
  costPerRun: amount.optional().describe('US dollars; beside another kind a result of its own.'),
  latency: amount.optional().describe('Milliseconds, the 95th percentile; beside another kind a result of its own.'),
  url: address.optional().describe('Where people read more.'),
  detail: text(2_000).optional().describe('One line: why it failed.'),
  cases: z.array(checkCase).max(500).optional().describe('Counted where the counts are left out.'),
}).meta({ id: 'CheckReport' });

export const checkSchema = z
  .object({
    id: z.string(),
    kind: z.enum(CHECK_KINDS),
    name: z.string(),
    state: z.enum(CHECK_STATES),
    source: z.enum(CHECK_SOURCES),
    at: date,
    passed: z.int().nullable(),
    failed: z.int().nullable(),
    notJudged: z.int().nullable(),
    score: z.number().nullable(),
    of: z.number().nullable(),
    costPerRun: z.number().nullable(),
    latency: z.number().nullable(),
    url: z.string().nullable(),
    detail: z.string().nullable(),
  })
  .meta({ id: 'Check' });

/** What a case came to, whoever found it out. */
const caseSchema = z
  .object({
    name: z.string(),
    state: z
      .enum(['passed', 'failed', 'errored', 'skipped', 'notJudged', 'notRun', 'diverged', 'alike'])
      .describe('diverged, alike: of replayed inputs.'),
    message: z.string().nullable().describe('One line: why.'),
    output: z.string().nullable().describe('The beginning of what it gave out.'),
    input: z.string().nullable().describe('Of a replayed input: its beginning.'),
    live: z.string().nullable().describe('Of a replayed input: what the live version gave out.'),
    similarity: z.number().nullable().describe('Of a replayed input, from 0 to 1.'),
    cost: z.number().nullable().describe('US dollars.'),
    latencyMs: z.number().nullable(),
  })
  .meta({ id: 'CheckCase' });

export const oneCheck = checkSchema
  .extend({ workflow: z.string(), version: versionRef, environment: z.string(), cases: z.array(caseSchema) })
  .meta({ id: 'CheckWithCases' });

export const checksAnswer = z
  .object({ workflow: z.string(), version: versionRef, environment: z.string(), results: z.array(checkSchema) })
  .meta({ id: 'RecordedChecks' });

/** What of a report's body is the report. */
export function ownReport({ environment: _environment, ...report }: z.infer<typeof checkBody>): CheckReport {
  return Object.fromEntries(
    Object.entries(report).filter(([, value]) => value !== undefined),
  ) as unknown as CheckReport;
}

export function presentCheck(check: KeptCheck): z.infer<typeof checkSchema> {
  const { id, kind, name, state, source, at } = check;
  const { passed = null, failed = null, notJudged = null, score = null, of = null, costPerRun = null } = check;
  const { p95: latency = null, url = null, detail = null } = check;
  return {
    ...{ id, kind, name, state, source, at: at.toISOString() },
    ...{ passed, failed, notJudged, score, of, costPerRun, latency, url, detail },
  };
}
