import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import { takes } from '../takes.ts';
import { type ApiContext, type ApiServer, actorOf, personBehind } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { given } from './present.ts';
import {
  presentRollout,
  presentRolloutChange,
  rolloutChange,
  rolloutSchema,
  sharePercent,
  toShare,
} from './rollout-schema.ts';
import { environmentName, onBehalfOf, reason, workflowName } from './schemas.ts';

const tags = ['rollouts'];
const path = '/workflows/:name/environments/:environment/rollout';
const params = z.object({ name: workflowName, environment: environmentName });
const deployment = z
  .uuid()
  .optional()
  .describe('Id of the candidate that is meant: where another one runs by now, or none, nothing is done.');
const response = { 200: rolloutChange, ...refusals(403, 404, 409, 413, 415, 422) };

/** A canary while it runs. Asking for one is a promotion with `canary`. */
export function rolloutRoutes(app: ApiServer, context: ApiContext): void {
  const { useCases, workspaceId } = context;
  app.get(
    path,
    {
      config: takes('read'),
      schema: {
        tags,
        operationId: 'showRollout',
        summary: 'The canary that runs in an environment, and how its runs go beside those of what is live',
        params,
        response: { 200: rolloutSchema, ...refusals(404, 422) },
      },
    },
    async ({ params: { name, environment } }) =>
      presentRollout(await useCases.showRollout({ workspaceId, workflow: name, environment })),
  );
  change(app, context);
  finishAndAbort(app, context);
}

function change(app: ApiServer, context: ApiContext): void {
  const { useCases } = context;
  app.patch(
    path,
    {
      config: takes('promote'),
      schema: {
        tags,
        operationId: 'changeRollout',
        summary: 'Give the canary to more or fewer',
        description: 'Whoever has it keeps it while the share grows. The same share again changes nothing.',
        params,
        body: closedObject({
          share: sharePercent.describe('Percent of all keys; at 100 runs without a key are given it, too.'),
          expectedShare: sharePercent
            .optional()
            .describe('The share that you were shown: where it is another by now, nothing is done.'),
          deployment,
          onBehalfOf: onBehalfOf.optional(),
        }),
        response,
      },
    },
    async (request) => {
      const { share, expectedShare, ...rest } = request.body;
      const choice = { ...chosen(request, rest), actor: personBehind(context, request, rest.onBehalfOf) };
      return presentRolloutChange(
        await useCases.changeRollout({
          ...choice,
          share: toShare(share) ?? 0,
          ...given({ expectedShare: toShare(expectedShare) }),
        }),
      );
    },
  );
}

function finishAndAbort(app: ApiServer, context: ApiContext): void {
  const { useCases } = context;
  app.post(
    `${path}/finish`,
    {
      config: takes('promote'),
      schema: {
        tags,
        operationId: 'finishRollout',
        summary: 'Put the canary in the place of what is live, for everybody and for good',
        params,
        body: closedObject({ deployment, onBehalfOf: onBehalfOf.optional() }),
        response,
      },
    },
    async (request) => {
      const actor = personBehind(context, request, request.body.onBehalfOf);
      return presentRolloutChange(await useCases.finishRollout({ ...chosen(request, request.body), actor }));
    },
  );

  app.post(
    `${path}/abort`,
    {
      // As a rollback: whoever may ask for one may take it back.
      config: takes('promote'),
      schema: {
        tags,
        operationId: 'abortRollout',
        summary: 'Take the canary out at once; what is live stays so',
        description:
          'Needs no approval. The version is not barred: it can be asked for again, with new approvals. What waits for this with all that it needs goes live by it: `waiting` of the rollout tells before, `followed` of the answer afterwards.',
        params,
        body: closedObject({ deployment, onBehalfOf: onBehalfOf.optional(), reason: reason.optional() }),
        response,
      },
    },
    async (request) => {
      const { reason: why, ...body } = request.body;
      const choice = { ...chosen(request, body), actor: actorOf(context, request, body.onBehalfOf) };
      return presentRolloutChange(await useCases.abortRollout({ ...choice, ...given({ reason: why }) }));
    },
  );
}

function chosen(
  { params: { name, environment } }: { params: z.infer<typeof params> },
  { deployment: expectedDeploymentId }: { deployment?: string | undefined },
) {
  return { workflow: name, environment, ...given({ expectedDeploymentId }) };
}
