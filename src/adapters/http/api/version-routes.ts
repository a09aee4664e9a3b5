import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import { type ApiContext, type ApiServer, actorOf } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { presentDiff, presentVersion } from './present.ts';
import { date, diffSummary, userId, versionName, versionRef, workflowName } from './schemas.ts';

export const versionSchema = z
  .object({
    workflow: z.string(),
    version: versionRef.extend({ contentHash: z.string(), logicHash: z.string() }),
    author: userId,
    note: z.string().nullable(),
    format: z.string(),
    sourceCommit: z.string().nullable(),
    createdAt: date,
    stage: z.string().describe('draft, testing, staging, production, deprecated or reverted.'),
    definition: z.unknown().describe('The workflow, as it was pushed.'),
  })
  .meta({ id: 'Version' });

export const comparison = z
  .object({
    workflow: z.string(),
    from: versionRef.nullable(),
    to: versionRef,
    diff: diffSummary,
    changes: z
      .array(
        z.object({
          class: z.string(),
          kind: z.string(),
          path: z.string(),
          sentence: z.string(),
          before: z.unknown(),
          after: z.unknown(),
        }),
      )
      .describe('Every change, at most 1,000, the most important first.'),
    code: z.object({ text: z.string().describe('A unified diff.'), truncated: z.boolean() }),
  })
  .meta({ id: 'Comparison' });

const either = versionName.describe('A version (12, v12 or a label), or an environment: what is live there.');

export function versionRoutes(app: ApiServer, context: ApiContext): void {
  const { useCases, workspaceId } = context;
  app.get(
    '/workflows/:name/versions/:version',
    {
      schema: {
        tags: ['workflows'],
        operationId: 'showVersion',
        summary: 'One version, with its definition',
        params: z.object({ name: workflowName, version: versionName }),
        response: { 200: versionSchema, ...refusals(404) },
      },
    },
    async ({ params }) => {
      const found = await useCases.showVersion({ workspaceId, workflow: params.name, version: params.version });
      const { note, format, sourceCommit, stage, contentHash, logicHash } = found;
      return {
        ...{ note, format, sourceCommit, stage },
        workflow: found.workflow.slug,
        version: { ...presentVersion(found.version), contentHash, logicHash },
        author: found.version.author,
        createdAt: found.createdAt.toISOString(),
        definition: found.definition,
      };
    },
  );

  app.get(
    '/workflows/:name/diff',
    {
      schema: {
        tags: ['workflows'],
        operationId: 'compareVersions',
        summary: 'What changed between two versions or environments',
        params: z.object({ name: workflowName }),
        querystring: closedObject({ from: either, to: either }),
        response: { 200: comparison, ...refusals(404, 422) },
      },
    },
    async ({ params, query }) => {
      const { workflow, from, to, summary, changes, code } = await useCases.compareVersions({
        actor: actorOf(context),
        workflow: params.name,
        ...query,
      });
      return {
        workflow: workflow.slug,
        from: from && presentVersion(from),
        to: presentVersion(to),
        diff: presentDiff(summary),
        changes: changes.map(({ before, after, ...change }) => ({
          ...change,
          before: before ?? null,
          after: after ?? null,
        })),
        code,
      };
    },
  );
}
