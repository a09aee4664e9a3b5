import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import { takes } from '../takes.ts';
import { type ApiContext, type ApiServer, actorOf } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { given, presentDiff, presentVersion } from './present.ts';
import { presentPreview, promotionPreview } from './promotion-schema.ts';
import { rollbackPreview } from './rollback-routes.ts';
import { shareInQuery, toShare } from './rollout-schema.ts';
import { environmentName, onBehalfOf, versionName, workflowName } from './schemas.ts';

const params = z.object({ name: workflowName, environment: environmentName });

/** What an act would do, for whoever is asked whether to do it. */
export function previewRoutes(app: ApiServer, context: ApiContext): void {
  app.get(
    '/workflows/:name/environments/:environment/promotion',
    {
      config: takes(['read', 'promote']),
      schema: {
        tags: ['promotions'],
        operationId: 'previewPromotion',
        summary: 'What a request for a promotion would ask for and need',
        description: 'Changes nothing, and refuses what the request would be refused for.',
        params,
        querystring: closedObject({
          canary: shareInQuery.optional(),
          at: z.iso.datetime({ offset: true }).optional().describe('When it is to go live.'),
          onBehalfOf: onBehalfOf.optional(),
        }),
        response: { 200: promotionPreview, ...refusals(403, 404, 409, 422) },
      },
    },
    async (request) =>
      presentPreview(
        await context.useCases.previewPromotion({
          actor: actorOf(context, request, request.query.onBehalfOf),
          workflow: request.params.name,
          environment: request.params.environment,
          ...given({ canary: toShare(request.query.canary), at: toDate(request.query.at) }),
        }),
      ),
  );

  app.get(
    '/workflows/:name/environments/:environment/rollback',
    {
      config: takes(['read', 'promote']),
      schema: {
        tags: ['environments'],
        operationId: 'previewRollback',
        summary: 'What a rollback would take out and bring back',
        description: 'Changes nothing, and refuses what the rollback would be refused for.',
        params,
        querystring: closedObject({
          to: versionName.optional().describe('The version to bring back. Left out: the newest that can.'),
          deployment: z
            .uuid()
            .optional()
            .describe('Id of what is to go; of what is live, where a canary runs beside it.'),
          onBehalfOf: onBehalfOf.optional(),
        }),
        response: { 200: rollbackPreview, ...refusals(403, 404, 409, 422) },
      },
    },
    async (request) => {
      const {
        params: { name, environment },
        query: { onBehalfOf: person, deployment, ...query },
      } = request;
      const view = await context.useCases.previewRollback({
        actor: actorOf(context, request, person),
        workflow: name,
        environment,
        ...given({ ...query, expectedDeploymentId: deployment }),
      });
      return {
        workflow: view.workflow.slug,
        environment: view.environment.name,
        kind: view.kind,
        alsoAborts: view.alsoAborts && presentVersion(view.alsoAborts),
        deployment: view.deploymentId,
        removed: presentVersion(view.removed),
        restored: presentVersion(view.restored),
        diff: presentDiff(view.diff),
      };
    },
  );
}

function toDate(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}
