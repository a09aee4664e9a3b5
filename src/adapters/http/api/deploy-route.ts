import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import { takes } from '../takes.ts';
import { type ApiContext, type ApiServer, personBehind } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { given, presentDiff, presentVersion } from './present.ts';
import { date, diffSummary, onBehalfOf, reason, userId, versionName, versionRef, workflowName } from './schemas.ts';

export const deploymentAnswer = z
  .object({
    workflow: z.string(),
    environment: z.string(),
    version: versionRef,
    replaced: versionRef.nullable(),
    deployment: z.object({ id: z.string(), deployedAt: date, deployedBy: userId, reason: z.string().nullable() }),
    diff: diffSummary.describe('Against what was live there before.'),
    next: z.string().nullable().describe('The environment that it can be promoted to.'),
  })
  .meta({ id: 'Deployment' });

export function deployRoute(app: ApiServer, context: ApiContext): void {
  app.post(
    '/workflows/:name/deployments',
    {
      config: takes('deploy'),
      schema: {
        tags: ['environments'],
        operationId: 'deployVersion',
        summary: 'Put a version live in the first environment',
        params: z.object({ name: workflowName }),
        body: closedObject({
          version: versionName.optional().describe('12, v12 or a label. Left out: the newest.'),
          onBehalfOf: onBehalfOf.optional(),
          reason: reason.optional(),
        }),
        response: { 201: deploymentAnswer, ...refusals(403, 404, 409, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const { params, body } = request;
      const { onBehalfOf: person, ...asked } = body;
      const { workflow, environment, version, replaced, deployment, diff, next } = await context.useCases.deployVersion(
        { actor: personBehind(context, request, person), workflow: params.name, ...given(asked) },
      );
      reply.code(201);
      return {
        workflow: workflow.slug,
        environment: environment.name,
        version: presentVersion(version),
        replaced: replaced && presentVersion(replaced),
        deployment: {
          id: deployment.id,
          deployedAt: deployment.deployedAt.toISOString(),
          deployedBy: deployment.deployedBy,
          reason: deployment.reason,
        },
        diff: presentDiff(diff),
        next: next?.name ?? null,
      };
    },
  );
}
