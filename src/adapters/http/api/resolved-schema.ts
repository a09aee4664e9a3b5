import { z } from 'zod';
import { date } from './schemas.ts';

const choice = {
  provider: z.string().optional(),
  model: z.string().optional(),
  modelParameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
};
const amount = z.number().optional();

/** As `ResolvedView`: described here, but sent as it was written once. */
export const resolvedSchema = z
  .object({
    workflow: z.string(),
    environment: z.string(),
    version: z.object({ number: z.number().int(), label: z.string().nullable(), contentHash: z.string() }),
    deployment: z.object({ id: z.string(), deployedAt: date }),
    rollout: z
      .object({ side: z.enum(['active', 'candidate']) })
      .nullable()
      .describe('Null while no canary runs. Otherwise which side of it this is: chosen by `key`, active without one.'),
    settingsRevision: z.number().int().describe('Number of the newest settings that were applied; 0: none.'),
    heldSettings: z
      .object({
        present: z.number().int().describe('Number of the present settings.'),
        reason: z.string(),
        problems: z.array(z.string()).describe('What the present settings lack, in sentences.'),
      })
      .nullable()
      .describe(
        'Null where the present settings were applied. Otherwise a rollback brought back a version that they do not fill: it runs with those it last ran with.',
      ),
    format: z.string().describe('towpath, or the format of another tool.'),
    definition: z
      .record(z.string(), z.unknown())
      .describe('The workflow, filled. Secrets stand in it as {{ secrets.NAME }}.'),
    overrides: z
      .object({ ...choice, steps: z.record(z.string(), z.object(choice)) })
      .describe('What to apply to a workflow in another format than Towpath’s own; by the id of a step.'),
    secrets: z
      .array(z.object({ name: z.string(), paths: z.array(z.string()) }))
      .describe('Which are needed, and where.'),
    limits: z
      .object({ timeout: amount, retries: amount, concurrency: amount, costPerRun: amount, costPerDay: amount })
      .describe(
        'What one run and all runs of a day may take: milliseconds and US dollars. What is left out has no limit. `costPerDay` counts what Towpath ran, suites included, and what was reported; a single run may end above it where its runner tells its cost only afterwards.',
      ),
    mcpServers: z.record(z.string(), z.object({ url: z.string(), transport: z.string() })).describe('By alias.'),
    dataSources: z.record(z.string(), z.record(z.string(), z.unknown())).describe('By alias.'),
    runner: z
      .union([z.string(), z.looseObject({ kind: z.string() })])
      .nullable()
      .describe('A name, or how Towpath itself can have it run.'),
    namespace: z
      .string()
      .describe('Prefix for memory and sessions, such as staging:summarize-flow:, so that environments stay apart.'),
    trace: z
      .record(z.string(), z.union([z.string(), z.number()]))
      .describe('Attributes for traces, by their OpenTelemetry names.'),
  })
  .meta({ id: 'Resolved' });
