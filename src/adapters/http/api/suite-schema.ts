import { z } from 'zod';
import { SUITE_RUN_KINDS, SUITE_RUN_STATES } from '../../../domain/suite/suite-run.ts';
import type { SavedSuite, SuiteRunSummary, SuiteRunView, SuiteView } from '../../../use-cases/suite/suite-views.ts';
import { checkSchema, oneCheck, presentCheck } from './check-schema.ts';
import { presentDate, presentVersion } from './present.ts';
import { maskedSecrets, presentMasked } from './push-route.ts';
import { date, userId, versionRef } from './schemas.ts';

export const suiteSchema = z
  .object({
    workflow: z.string(),
    number: z.int().describe('Counted from 1: which of the workflow’s suites it is.'),
    name: z.string().describe('What its results are called.'),
    cases: z.int().describe('How many.'),
    source: z.string().describe('As it was saved, its secrets masked.'),
    fileName: z.string().nullable(),
    savedBy: userId,
    savedAt: date,
  })
  .meta({ id: 'Suite' });

export const savedSuite = z
  .object({
    ...{ workflow: z.string(), number: z.int(), name: z.string(), cases: z.int() },
    created: z.boolean().describe('False: it was the workflow’s suite already.'),
    masked: maskedSecrets,
  })
  .meta({ id: 'SavedSuite' });

const count = z.int();
export const suiteRunSummary = z
  .object({
    id: z.string(),
    kind: z.enum(SUITE_RUN_KINDS).describe('shadow: inputs replayed on the version and on what is live.'),
    ...{ workflow: z.string(), version: versionRef, environment: z.string() },
    suite: z.int().nullable().describe('Number of the suite; null: inputs of runs were replayed.'),
    promotion: z.string().nullable().describe('That it was asked for.'),
    state: z.enum(SUITE_RUN_STATES),
    ...{ total: count, done: count, passed: count, failed: count, notJudged: count, errored: count },
    cost: z.number().describe('US dollars so far, as far as it is told.'),
    budget: z.number().nullable().describe('US dollars that it may cost; null: as much as it takes.'),
    askedBy: userId,
    ...{ askedAt: date, startedAt: date.nullable(), endedAt: date.nullable() },
    detail: z.string().nullable().describe('Why it failed or was stopped, or what is to be known of how it ended.'),
  })
  .meta({ id: 'SuiteRunSummary' });

export const suiteRunSchema = suiteRunSummary
  .extend({
    results: z.array(checkSchema).describe('What it found out; of one that runs, how far it is.'),
    live: z
      .object({ version: versionRef, results: z.array(checkSchema) })
      .nullable()
      .describe('What is known of the version that is live there; null where nothing else is.'),
    cases: oneCheck.shape.cases.describe('Those that did not pass first. Empty while it runs.'),
  })
  .meta({ id: 'SuiteRun' });

export const askedSuiteRun = suiteRunSchema
  .extend({ already: z.boolean().describe('True: one for the same waited or ran already, and is this.') })
  .meta({ id: 'AskedSuiteRun' });
export const stoppedSuiteRun = suiteRunSchema
  .extend({ changed: z.boolean().describe('False: it had ended already.') })
  .meta({ id: 'StoppedSuiteRun' });

export function presentSuite({ workflow, savedAt, ...suite }: SuiteView): z.infer<typeof suiteSchema> {
  return { ...suite, workflow: workflow.slug, savedAt: savedAt.toISOString() };
}

export function presentSaved({ workflow, masked, ...saved }: SavedSuite): z.infer<typeof savedSuite> {
  return { ...saved, workflow: workflow.slug, masked: presentMasked(masked) };
}

export function presentSummary(run: SuiteRunSummary): z.infer<typeof suiteRunSummary> {
  const { id, kind, suite, state, total, done, passed, failed, notJudged, errored, cost, budget, askedBy } = run;
  return {
    ...{ id, kind, workflow: run.workflow.slug, version: presentVersion(run.version) },
    ...{ environment: run.environment.name, suite, promotion: run.promotionId, state },
    ...{ total, done, passed, failed, notJudged, errored, cost, budget, askedBy, detail: run.detail },
    ...{ askedAt: run.askedAt.toISOString(), startedAt: presentDate(run.startedAt), endedAt: presentDate(run.endedAt) },
  };
}

export function presentRun(run: SuiteRunView): z.infer<typeof suiteRunSchema> {
  const { results, live, cases } = run;
  return {
    ...presentSummary(run),
    ...{ results: results.map(presentCheck), cases: [...cases] },
    live: live && { version: presentVersion(live.version), results: live.results.map(presentCheck) },
  };
}
