import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import type { HistoryEntry } from '../../../use-cases/views.ts';
import { takes } from '../takes.ts';
import { type ApiContext, type ApiServer, actorOf } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { given, presentDate, presentVersion } from './present.ts';
import { presentShare } from './rollout-schema.ts';
import { approval, cursor, date, environmentName, limit, pageOf, userId, versionRef, workflowName } from './schemas.ts';
import { strongEtag } from './strong-etag.ts';

export const liveSchema = z
  .object({
    workflow: z.string(),
    environment: z.string(),
    version: versionRef.extend({ contentHash: z.string() }),
    deployment: z.object({
      id: z.string(),
      status: z.string(),
      deployedAt: date,
      deployedBy: userId,
      promotion: z.string().nullable(),
    }),
    definition: z.unknown().describe('The workflow that is live.'),
  })
  .meta({ id: 'Live' });

export const pastDeployment = z
  .object({
    environment: z.string(),
    version: versionRef,
    status: z.string().describe('active, superseded, rolled_back, candidate or aborted.'),
    share: z.number().nullable().describe('Percent of all keys that a candidate has, or an aborted one had.'),
    deployedBy: userId,
    deployedAt: date,
    endedAt: date.nullable(),
    endedBy: userId.nullable(),
    promotion: z.string().nullable(),
    approvals: z.array(approval),
    changes: z.array(z.string()).describe('What changed against what was live before, in sentences.'),
    reason: z.string().nullable(),
  })
  .meta({ id: 'PastDeployment' });

const tags = ['environments'];
const params = z.object({ name: workflowName, environment: environmentName });

export function environmentRoutes(app: ApiServer, context: ApiContext): void {
  const { useCases, workspaceId } = context;
  app.get(
    '/workflows/:name/environments/:environment',
    {
      onSend: strongEtag,
      config: takes(['read', 'resolve'], { environment: 'params' }),
      schema: {
        tags,
        operationId: 'showLive',
        summary: 'What is live in an environment',
        description: 'Has a strong ETag: with If-None-Match it answers 304 while nothing changed.',
        params,
        response: { 200: liveSchema, ...refusals(404, 422) },
      },
    },
    async ({ params: { name, environment } }) => {
      const live = await useCases.showLive({ workspaceId, workflow: name, environment });
      return {
        workflow: live.workflow.slug,
        environment: live.environment.name,
        version: { ...presentVersion(live.version), contentHash: live.version.contentHash },
        deployment: { ...live.deployment, deployedAt: live.deployment.deployedAt.toISOString() },
        definition: live.definition,
      };
    },
  );

  app.get(
    '/workflows/:name/environments/:environment/deployments',
    {
      config: takes('read'),
      schema: {
        tags,
        operationId: 'listDeployments',
        summary: 'What was live in an environment, newest first',
        params,
        querystring: closedObject({ limit, cursor: cursor.optional() }),
        response: { 200: pageOf(pastDeployment), ...refusals(404, 422) },
      },
    },
    async (request) => {
      const {
        params: { name, environment },
        query,
      } = request;
      const page = await useCases.showHistory({
        actor: actorOf(context, request),
        workflow: name,
        environment,
        page: given(query),
      });
      return { items: page.items.map(presentHistory), cursor: page.cursor };
    },
  );

  app.get(
    '/workflows/:name/deployments',
    {
      config: takes('read'),
      schema: {
        tags,
        operationId: 'listAllDeployments',
        summary: 'What was live in any environment, newest first',
        params: z.object({ name: workflowName }),
        querystring: closedObject({ limit, cursor: cursor.optional() }),
        response: { 200: pageOf(pastDeployment), ...refusals(404, 422) },
      },
    },
    async (request) => {
      const actor = actorOf(context, request);
      const page = await useCases.showHistory({ actor, workflow: request.params.name, page: given(request.query) });
      return { items: page.items.map(presentHistory), cursor: page.cursor };
    },
  );
}

function presentHistory(entry: HistoryEntry): z.infer<typeof pastDeployment> {
  const { status, deployedBy, endedBy, reason } = entry;
  return {
    ...{ status, deployedBy, endedBy, reason, share: presentShare(entry.share) },
    environment: entry.environment.name,
    version: presentVersion(entry.version),
    deployedAt: entry.deployedAt.toISOString(),
    endedAt: presentDate(entry.endedAt),
    promotion: entry.promotionId,
    approvals: entry.approvals.map(({ by, role, at }) => ({ by, role, at: at.toISOString() })),
    changes: [...entry.changes],
  };
}
