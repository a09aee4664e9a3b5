import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import { RUN_OUTCOMES } from '../../../domain/run-record.ts';
import type { RunFiguresView, RunView } from '../../../use-cases/views.ts';
import { RequestProblem } from '../request-problem.ts';
import { takes } from '../takes.ts';
import type { ApiContext, ApiServer } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { given, presentVersion } from './present.ts';
import { readReports, runSchema, runsAnswer, runsBody, runsSummary } from './run-schema.ts';
import { cursor, environmentName, limit, pageOf, versionName, workflowName } from './schemas.ts';

/** Bytes of one batch: some sixty runs with the largest input and output, or a thousand without. */
const LONGEST_BATCH = 8 * 1024 * 1024;
const tags = ['runs'];
const since = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .optional();
const asked = { environment: environmentName.optional(), version: versionName.optional() };

export function runRoutes(app: ApiServer, context: ApiContext): void {
  recordRoute(app, context);
  listRoute(app, context);
  summaryRoute(app, context);
}

function recordRoute(app: ApiServer, { useCases, workspaceId }: ApiContext): void {
  app.post(
    '/runs',
    {
      bodyLimit: LONGEST_BATCH,
      config: takes('runs', { environment: 'handler' }),
      schema: {
        tags,
        operationId: 'recordRuns',
        summary: 'Report runs of workflows, up to 1,000 at once',
        description:
          'Each record is taken or refused by itself: 200 where all were taken or known already, 207 where some were refused. Repeating a batch changes nothing. A batch may have 8 MB.',
        body: runsBody,
        response: { 200: runsAnswer, 207: runsAnswer, ...refusals(413, 415) },
      },
    },
    async ({ body, principal }, reply) => {
      const { reports, refused: misshapen } = readReports(body.runs);
      const within = principal.environment?.id ?? null;
      const taken = await useCases.recordRuns({ workspaceId, within, reports: reports.map(({ report }) => report) });
      // Told by their place among those that had the right shape.
      const judged = taken.refused.map((one) => ({ ...one, index: reports[one.index]?.index ?? one.index }));
      const refused = [...misshapen, ...judged].sort((a, b) => a.index - b.index);
      reply.code(refused.length === 0 ? 200 : 207);
      return { accepted: taken.accepted, duplicates: taken.duplicates, refused };
    },
  );
}

function listRoute(app: ApiServer, { useCases, workspaceId }: ApiContext): void {
  app.get(
    '/runs',
    {
      config: takes(['runs', 'read'], { environment: 'query' }),
      schema: {
        tags,
        operationId: 'listRuns',
        summary: 'Runs, newest first',
        querystring: closedObject({
          workflow: workflowName.optional(),
          ...asked,
          outcome: z.enum(RUN_OUTCOMES).optional().describe('How they ended.'),
          since: since.describe('Only runs that started no earlier.'),
          runId: z.string().min(1).max(128).optional().describe('Only runs of this id.'),
          payloads: z
            .enum(['true', 'false'])
            .default('false')
            .describe('Whether inputs and outputs come too, where they are kept. At most 10 a page then.'),
          limit,
          cursor: cursor.optional(),
        }),
        response: { 200: pageOf(runSchema), ...refusals(404, 422) },
      },
    },
    async ({ query: { payloads, limit, cursor, ...filter }, principal }) => {
      // What people are shown in Slack holds neither.
      if (payloads === 'true' && principal.token?.isPersonal === true)
        throw new RequestProblem(
          'insufficient_scope',
          'Inputs and outputs of runs take a token with the scope runs or read. An admin makes one with `/towpath token create`.',
        );
      const page = await useCases.listRuns({
        ...{ workspaceId, within: principal.environment?.id ?? null, ...given(filter) },
        ...{ payloads: payloads === 'true', page: given({ limit, cursor }) },
      });
      return { items: page.items.map(presentRun), cursor: page.cursor };
    },
  );
}

function summaryRoute(app: ApiServer, { useCases, workspaceId }: ApiContext): void {
  app.get(
    '/runs/summary',
    {
      config: takes(['runs', 'read'], { environment: 'query' }),
      schema: {
        tags,
        operationId: 'summarizeRuns',
        summary: "How a workflow's runs went, by version and environment",
        querystring: closedObject({
          workflow: workflowName,
          ...asked,
          since: since.describe('At most 30 days ago; 7 days ago where it is left out.'),
        }),
        response: { 200: runsSummary, ...refusals(404, 422) },
      },
    },
    async ({ query, principal }) => {
      const within = principal.environment?.id ?? null;
      const summary = await useCases.summarizeRuns({ workspaceId, within, ...given(query) });
      return {
        workflow: summary.workflow.slug,
        since: summary.since.toISOString(),
        items: summary.figures.map(presentFigures),
      };
    },
  );
}

function presentRun({ inputTokens, outputTokens, received: _received, ...run }: RunView): z.infer<typeof runSchema> {
  return {
    ...run,
    workflow: run.workflow.slug,
    environment: run.environment.name,
    version: presentVersion(run.version),
    started: run.started.toISOString(),
    tokens: { input: inputTokens, output: outputTokens },
    input: run.input === null ? null : JSON.parse(run.input),
    output: run.output === null ? null : JSON.parse(run.output),
  };
}

function presentFigures(figures: RunFiguresView): z.infer<typeof runsSummary>['items'][number] {
  const { runs, failed, cancelled, errorRate, p50, p95, cost, inputTokens, outputTokens } = figures;
  return {
    environment: figures.environment.name,
    version: presentVersion(figures.version),
    ...{ runs, failed, cancelled, errorRate, cost },
    latencyMs: { p50, p95 },
    tokens: { input: inputTokens, output: outputTokens },
    firstStarted: figures.firstStarted.toISOString(),
    lastStarted: figures.lastStarted.toISOString(),
  };
}
