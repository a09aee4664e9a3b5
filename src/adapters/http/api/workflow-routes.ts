import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { percentOf } from '../../../domain/rollout.ts';
import type { StatusView } from '../../../use-cases/views.ts';
import { takes } from '../takes.ts';
import { type ApiContext, type ApiServer, actorOf } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { presentVersion } from './present.ts';
import { cursor, date, pageOf, userId, versionRef, workflowName } from './schemas.ts';

export const workflowSchema = z
  .object({
    name: z.string(),
    department: z.string().nullable(),
    owner: userId,
    newest: versionRef.extend({
      stage: z.string().describe('draft, testing, staging, production, deprecated or reverted.'),
    }),
    environments: z
      .array(
        z.object({
          environment: z.string(),
          live: z.object({ version: versionRef, deployedBy: userId, since: date }).nullable(),
          candidate: z
            .object({ version: versionRef, share: z.number(), since: date })
            .nullable()
            .describe('What runs beside it as a canary, for `share` percent of all keys.'),
          open: z
            .object({ promotion: z.string(), version: versionRef, requestedBy: userId })
            .nullable()
            .describe('The promotion into it that is under review.'),
        }),
      )
      .describe('In the order of the pipeline.'),
    quarantined: z.array(versionRef).describe('Rolled back, and barred from promotion until an admin lifts it.'),
  })
  .meta({ id: 'Workflow' });

const tags = ['workflows'];

export function workflowRoutes(app: ApiServer, context: ApiContext): void {
  app.get(
    '/workflows',
    {
      config: takes('read'),
      schema: {
        tags,
        operationId: 'listWorkflows',
        summary: 'Every workflow, and what of it is live where',
        querystring: closedObject({ cursor: cursor.optional() }),
        response: { 200: pageOf(workflowSchema), ...refusals(422) },
      },
    },
    async (request) => {
      const { cursor: from } = request.query;
      const page = await context.useCases.showStatus({
        actor: actorOf(context, request),
        ...(from === undefined ? {} : { cursor: from }),
      });
      return { items: page.items.map(presentWorkflow), cursor: page.cursor };
    },
  );

  app.get(
    '/workflows/:name',
    {
      config: takes('read'),
      schema: {
        tags,
        operationId: 'showWorkflow',
        summary: 'One workflow',
        params: z.object({ name: workflowName }),
        response: { 200: workflowSchema, ...refusals(404) },
      },
    },
    async (request) => {
      const {
        items: [workflow],
      } = await context.useCases.showStatus({ actor: actorOf(context, request), workflow: request.params.name });
      if (workflow === undefined)
        throw new Refusal('unknown_workflow', 'There is no such workflow. GET /api/v1/workflows lists them.');
      return presentWorkflow(workflow);
    },
  );
}

function presentWorkflow({ workflow, newest, environments, quarantined }: StatusView): z.infer<typeof workflowSchema> {
  return {
    name: workflow.slug,
    department: workflow.department,
    owner: workflow.ownerId,
    newest: { ...presentVersion(newest), stage: newest.stage },
    environments: environments.map(({ environment, live, candidate, open }) => ({
      environment: environment.name,
      live: live && {
        version: presentVersion(live.version),
        deployedBy: live.deployedBy,
        since: live.since.toISOString(),
      },
      candidate: candidate && {
        version: presentVersion(candidate.version),
        share: percentOf(candidate.share),
        since: candidate.since.toISOString(),
      },
      open: open && {
        promotion: open.promotionId,
        version: presentVersion(open.version),
        requestedBy: open.requestedBy,
      },
    })),
    quarantined: quarantined.map(presentVersion),
  };
}
