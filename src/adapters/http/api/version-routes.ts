import { z } from 'zod';
import { takes } from '../takes.ts';
import type { ApiContext, ApiServer } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { presentVersion } from './present.ts';
import { date, userId, versionName, versionRef, workflowName } from './schemas.ts';

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

export function versionRoutes(app: ApiServer, context: ApiContext): void {
  const { useCases, workspaceId } = context;
  app.get(
    '/workflows/:name/versions/:version',
    {
      config: takes('read'),
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
}
