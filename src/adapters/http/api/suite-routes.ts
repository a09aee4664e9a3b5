import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { SUITE_LIMITS } from '../../../domain/suite/suite.ts';
import { takes } from '../takes.ts';
import { type ApiContext, type ApiServer, actorOf } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { given } from './present.ts';
import { cursor, environmentName, limit, onBehalfOf, pageOf, versionName, workflowName } from './schemas.ts';
import * as shapes from './suite-schema.ts';

/** As JSON text a suite grows by its escapes. */
const LONGEST_ENVELOPE = 2 * SUITE_LIMITS.characters + 64 * 1024;
const tags = ['checks'];
const params = z.object({ name: workflowName });
const oneRun = z.object({ name: workflowName, id: z.uuid() });

/** Suites that workflows keep, and runs of them. */
export function suiteRoutes(app: ApiServer, context: ApiContext): void {
  const { useCases, workspaceId } = context;
  app.put(
    '/workflows/:name/suite',
    {
      bodyLimit: LONGEST_ENVELOPE,
      config: takes('push'),
      schema: {
        ...{ tags, operationId: 'saveSuite', summary: 'Save the suite of a workflow' },
        description: 'In the place of the one before. The same again changes nothing.',
        params,
        body: closedObject({
          source: z.string().min(1).max(SUITE_LIMITS.characters).describe('The text of the suite, YAML or JSON.'),
          fileName: z.string().min(1).max(500).optional().describe('Names problems.'),
          onBehalfOf: onBehalfOf.optional(),
        }),
        response: { 200: shapes.savedSuite, ...refusals(404, 413, 422) },
      },
    },
    async (request) => {
      const { source, fileName, onBehalfOf: whom } = request.body;
      const actor = actorOf(context, request, whom);
      const saved = { actor, workflow: request.params.name, source, ...given({ fileName }) };
      return shapes.presentSaved(await useCases.saveSuite(saved));
    },
  );

  app.get(
    '/workflows/:name/suite',
    {
      config: takes('read'),
      schema: {
        ...{ tags, operationId: 'showSuite', summary: 'The suite of a workflow', params },
        response: { 200: shapes.suiteSchema, ...refusals(404) },
      },
    },
    async (request) => shapes.presentSuite(await useCases.showSuite({ workspaceId, workflow: request.params.name })),
  );

  app.post(
    '/workflows/:name/tests',
    {
      config: takes('push'),
      schema: {
        ...{ tags, operationId: 'testVersion', summary: 'Have a version’s suite run', params },
        description:
          'With what the environment gives it. Answers at once; look at the run to see how far it is. One that waits or runs for the same already is answered in its place.',
        body: closedObject({
          version: versionName.optional().describe('Left out, the one that is proposed there, else the newest.'),
          environment: environmentName.optional().describe('Left out, the first.'),
          onBehalfOf: onBehalfOf.optional(),
        }),
        response: { 200: shapes.askedSuiteRun, 202: shapes.askedSuiteRun, ...refusals(404, 409, 422) },
      },
    },
    async (request, reply) => {
      const { onBehalfOf: whom, ...asked } = request.body;
      const actor = actorOf(context, request, whom);
      const run = await useCases.testVersion({ actor, workflow: request.params.name, ...given(asked) });
      return reply.code(run.already ? 200 : 202).send({ ...shapes.presentRun(run), already: run.already });
    },
  );

  app.get(
    '/workflows/:name/tests',
    {
      config: takes('read'),
      schema: {
        ...{ tags, operationId: 'listSuiteRuns', summary: 'Runs of a workflow’s suites, newest first', params },
        querystring: closedObject({ environment: environmentName.optional(), limit, cursor: cursor.optional() }),
        response: { 200: pageOf(shapes.suiteRunSummary), ...refusals(404, 422) },
      },
    },
    async (request) => {
      const { environment, ...page } = request.query;
      const asked = { workspaceId, workflow: request.params.name, ...given({ environment }), page: given(page) };
      const { items, cursor: next } = await useCases.listSuiteRuns(asked);
      return { items: items.map(shapes.presentSummary), cursor: next };
    },
  );

  app.get(
    '/workflows/:name/tests/:id',
    {
      config: takes('read'),
      schema: {
        ...{ tags, operationId: 'showSuiteRun', summary: 'A run of a suite, with its cases', params: oneRun },
        response: { 200: shapes.suiteRunSchema, ...refusals(404) },
      },
    },
    async ({ params: { name, id } }) => {
      const run = await useCases.showSuiteRun({ workspaceId, id });
      return shapes.presentRun(of(name, run));
    },
  );

  app.delete(
    '/workflows/:name/tests/:id',
    {
      config: takes('push'),
      schema: {
        ...{ tags, operationId: 'stopSuiteRun', summary: 'Stop a run of a suite', params: oneRun },
        querystring: closedObject({ onBehalfOf: onBehalfOf.optional() }),
        response: { 200: shapes.stoppedSuiteRun, ...refusals(404) },
      },
    },
    async (request) => {
      const { name, id } = request.params;
      of(name, await useCases.showSuiteRun({ workspaceId, id }));
      const actor = actorOf(context, request, request.query.onBehalfOf);
      const run = await useCases.stopSuiteRun({ actor, id });
      return { ...shapes.presentRun(run), changed: run.changed };
    },
  );
}

/** @throws Refusal unknown_suite_run for one of another workflow */
function of<Run extends { workflow: { slug: string } }>(name: string, run: Run): Run {
  if (run.workflow.slug === name.toLowerCase()) return run;
  throw new Refusal(
    'unknown_suite_run',
    'The workflow has no such run. It may have been forgotten: the newest 50 are kept.',
  );
}
