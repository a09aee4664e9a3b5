import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import { RUN_LIMITS, RUN_OUTCOMES, type RunReport } from '../../../domain/run-record.ts';
import type { Json } from '../../../domain/workflow/json.ts';
import { date, environmentName, versionRef, workflowName } from './schemas.ts';

const outcome = z.enum(RUN_OUTCOMES);
const json = z.unknown().transform((value) => value as Json);

/** Only the types: what the values may be is the domain's to say, of each record by itself. */
export const runReport = closedObject({
  runId: z.string().max(RUN_LIMITS.runId).describe("The runner's own. With `started` it tells runs apart."),
  workflow: workflowName,
  version: z.number().describe('Its number.'),
  environment: environmentName.optional().describe('Left out: the one that the token is for.'),
  started: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .describe('ISO 8601: at most 7 days ago and a day ahead.'),
  durationMs: z.number().describe('Milliseconds.'),
  outcome,
  error: z
    .string()
    .max(16_000)
    .optional()
    .describe('Masked as inputs and outputs are; what is longer than 4,000 characters is cut off.'),
  cost: z.number().optional().describe('US dollars.'),
  tokens: z.object({ input: z.number().optional(), output: z.number().optional() }).optional(),
  key: z.string().optional().describe('What it was resolved with, where a rollout shares out runs.'),
  traceUrl: z.string().optional(),
  input: json.optional().describe('Any JSON of at most 64 KB. Kept, masked, only where the environment asks for it.'),
  output: json.optional().describe('As `input`.'),
});

/** In the document of the API a record has its shape; when it comes, each is checked by itself and keeps no other out. */
const shape = z.toJSONSchema(runReport, { io: 'input', unrepresentable: 'any' });
delete shape.$schema;
export const runsBody = closedObject({
  runs: z
    .array(z.unknown().meta({ ...shape, id: 'RunReport' }))
    .min(1, { error: 'is empty; send at least one run' })
    .max(1_000, { error: 'has more than 1,000 runs; send them in several batches' }),
});

/** The reports that have the right shape, and what is wrong with the others, each by its place. */
export function readReports(runs: readonly unknown[]): {
  reports: { index: number; report: RunReport }[];
  refused: { index: number; code: string; detail: string }[];
} {
  const reports: { index: number; report: RunReport }[] = [];
  const refused: { index: number; code: string; detail: string }[] = [];
  runs.forEach((run, index) => {
    const parsed = runReport.safeParse(run);
    // What was left out has no key, as the domain wants it.
    if (parsed.success) reports.push({ index, report: parsed.data as RunReport });
    else refused.push({ index, code: 'validation', detail: wrongWith(parsed.error) });
  });
  return { reports, refused };
}

function wrongWith({ issues }: z.ZodError): string {
  const told = issues.slice(0, 3).map(({ path, message }) => `${path.join('.') || 'the record'}: ${message}`);
  return `The record is not as the API describes it: ${told.join('; ').slice(0, 500)}.`;
}

export const runsAnswer = z
  .object({
    accepted: z.number().int().describe('How many were new, and are kept.'),
    duplicates: z.number().int().describe('How many were there already. They stay as they were.'),
    refused: z.array(
      z.object({
        index: z.number().int().describe('Place in `runs`, from 0.'),
        code: z.string().describe('Stable: branch on this. `validation` for a record of another shape.'),
        detail: z.string(),
      }),
    ),
  })
  .meta({ id: 'RunsAnswer' });

const tokens = z.object({ input: z.number().int().nullable(), output: z.number().int().nullable() });

export const runSchema = z
  .object({
    runId: z.string(),
    workflow: z.string(),
    environment: z.string(),
    version: versionRef,
    started: date,
    durationMs: z.number().int(),
    outcome,
    error: z.string().nullable(),
    cost: z.number().nullable(),
    tokens,
    key: z.string().nullable(),
    traceUrl: z.string().nullable(),
    input: z.unknown().describe('Null but with `payloads`, where it is kept.'),
    output: z.unknown().describe('As `input`.'),
  })
  .meta({ id: 'Run' });

export const runsSummary = z
  .object({
    workflow: z.string(),
    since: date,
    items: z.array(
      z.object({
        environment: z.string(),
        version: versionRef,
        runs: z.number().int(),
        failed: z.number().int(),
        cancelled: z.number().int(),
        errorRate: z.number().nullable().describe('Failed among those that were not cancelled, 0 to 1.'),
        latencyMs: z.object({ p50: z.number().int(), p95: z.number().int() }),
        cost: z.number().nullable().describe('US dollars in all; null where no run said.'),
        tokens,
        firstStarted: date,
        lastStarted: date,
      }),
    ),
  })
  .meta({ id: 'RunsSummary' });
