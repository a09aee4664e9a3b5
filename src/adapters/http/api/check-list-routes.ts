import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import { takes } from '../takes.ts';
import type { ApiContext, ApiServer } from './api-context.ts';
import { checkSchema, oneCheck, presentCheck } from './check-schema.ts';
import { refusals } from './describe-route.ts';
import { given, presentVersion } from './present.ts';
import { environmentName, versionName, versionRef, workflowName } from './schemas.ts';

const environmentChecks = z.object({
  environment: z.string(),
  results: z.array(checkSchema),
  live: z
    .object({ version: versionRef, results: z.array(checkSchema) })
    .nullable()
    .describe('What is known of the version that is live there; null where nothing else is.'),
});

export const checkList = z
  .object({ workflow: z.string(), version: versionRef, items: z.array(environmentChecks) })
  .meta({ id: 'Checks' });
const tags = ['checks'];

/** What was found out about versions. */
export function checkListRoutes(app: ApiServer, context: ApiContext): void {
  const { useCases, workspaceId } = context;
  app.get(
    '/workflows/:name/versions/:version/checks',
    {
      config: takes('read'),
      schema: {
        tags,
        operationId: 'listChecks',
        summary: 'What was found out about a version, beside what is live',
        description: 'The newest result of each kind and name, by environment.',
        params: z.object({ name: workflowName, version: versionName }),
        querystring: closedObject({ environment: environmentName.optional() }),
        response: { 200: checkList, ...refusals(404, 422) },
      },
    },
    async ({ params, query }) => {
      const asked = { workspaceId, workflow: params.name, version: params.version, ...given(query) };
      const view = await useCases.listChecks(asked);
      return {
        workflow: view.workflow.slug,
        version: presentVersion(view.version),
        items: view.environments.map(({ environment, results, live }) => ({
          environment: environment.name,
          results: results.map(presentCheck),
          live: live && { version: presentVersion(live.version), results: live.results.map(presentCheck) },
        })),
      };
    },
  );

  app.get(
    '/checks/:id',
    {
      config: takes('read'),
      schema: {
        tags,
        operationId: 'showCheck',
        summary: 'One result with its cases',
        description: 'Those that did not pass come first.',
        params: z.object({ id: z.uuid() }),
        response: { 200: oneCheck, ...refusals(404) },
      },
    },
    async ({ params }) => {
      const { workflow, version, environment, result, cases } = await useCases.showCheck({
        workspaceId,
        id: params.id,
      });
      return {
        ...presentCheck(result),
        ...{ workflow: workflow.slug, version: presentVersion(version), environment: environment.name, cases },
      };
    },
  );
}
