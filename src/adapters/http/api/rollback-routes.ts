import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import { takes } from '../takes.ts';
import { type ApiContext, type ApiServer, actorOf } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { given, presentDate, presentDiff, presentVersion } from './present.ts';
import { presentRolloutChange, rolloutChange } from './rollout-schema.ts';
import {
  date,
  diffSummary,
  environmentName,
  onBehalfOf,
  reason,
  userId,
  versionName,
  versionRef,
  workflowName,
} from './schemas.ts';

export const rollbackPreview = z
  .object({
    workflow: z.string(),
    environment: z.string(),
    kind: z
      .enum(['rolls-back', 'aborts'])
      .describe('aborts: only a canary (`removed`) would go, and what is live (`restored`) stays live.'),
    alsoAborts: versionRef.nullable().describe('A canary that would go beside.'),
    deployment: z.string().describe('Id of what would go: name it when you ask for the rollback.'),
    removed: versionRef,
    restored: versionRef,
    diff: diffSummary.describe('From what would go to what would come back.'),
  })
  .meta({ id: 'RollbackPreview' });

export const rollbackAnswer = z
  .object({
    outcome: z.literal('rolled-back'),
    rollback: z.string(),
    workflow: z.string(),
    environment: z.string(),
    removed: versionRef.describe('Barred from promotion until an admin lifts that.'),
    restored: versionRef,
    by: userId,
    at: date,
    reason: z.string().nullable(),
    lacks: z
      .string()
      .nullable()
      .describe(
        'What is wrong with the settings of today for the restored version, in words: it runs with those that it last ran with.',
      ),
    diff: diffSummary.describe('From what went to what came back.'),
    undoUntil: date.nullable().describe('Until when whoever did it may undo it, in Slack.'),
    aborted: versionRef.nullable().describe('A canary that went beside.'),
  })
  .meta({ id: 'Rollback' });

const body = closedObject({
  to: versionName.optional().describe('A version that was live there: 12, v12 or a label. Left out: the one before.'),
  deployment: z
    .uuid()
    .optional()
    .describe('Id of the deployment to take out, live or a canary: where another is there by now, nothing is done.'),
  onBehalfOf: onBehalfOf.optional(),
  reason: reason.optional(),
});

export function rollbackRoutes(app: ApiServer, context: ApiContext): void {
  app.post(
    '/workflows/:name/environments/:environment/rollback',
    {
      // It reaches every environment, as asking for a promotion does; `deploy` reaches the first alone.
      config: takes('promote'),
      schema: {
        tags: ['environments'],
        operationId: 'rollBack',
        summary: 'Take out what is live in an environment and bring back what was before',
        description:
          'Needs no approval, and works whatever is frozen or locked. The environment says which role it takes. While a canary runs, that alone goes, and the answer is 200: name an earlier version in `to`, or the `deployment` that is live, to take out both.',
        params: z.object({ name: workflowName, environment: environmentName }),
        body,
        response: { 200: rolloutChange, 201: rollbackAnswer, ...refusals(403, 404, 409, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const {
        params: { name, environment },
        body: { onBehalfOf: person, deployment, ...asked },
      } = request;
      const result = await context.useCases.rollBack({
        actor: actorOf(context, request, person),
        workflow: name,
        environment,
        ...given({ ...asked, expectedDeploymentId: deployment }),
      });
      if (result.kind === 'aborted') return presentRolloutChange(result.receipt);
      const { receipt: view, aborted } = result;
      reply.code(201);
      return {
        outcome: result.kind,
        aborted: aborted && presentVersion(aborted),
        rollback: view.rollbackId,
        workflow: view.workflow.slug,
        environment: view.environment.name,
        removed: presentVersion(view.removed),
        restored: presentVersion(view.restored),
        by: view.by,
        at: view.at.toISOString(),
        reason: view.reason,
        lacks: view.lacks,
        diff: presentDiff(view.diff),
        undoUntil: presentDate(view.undoUntil),
      };
    },
  );
}
