import { z } from 'zod';
import type { LiveParts, LiveReader } from '../../use-cases/ports.ts';
import { type Context, isUuid, parseFirst } from './context.ts';
import { SettingsJson } from './settings.ts';

const MOST_STRETCHES = 10;

const Layer = z.object({ number: z.int(), settings: SettingsJson }).nullable();
const Row = z.object({
  workflowId: z.string(),
  slug: z.string(),
  live: z
    .object({
      deploymentId: z.string(),
      deployedAt: z.date(),
      versionId: z.string(),
      number: z.int(),
      label: z.string().nullable(),
      contentHash: z.string(),
      source: z.string(),
      fileName: z.string().nullable(),
      format: z.string(),
      endedAt: z.array(z.date()),
    })
    .nullable(),
  environmentLayer: Layer,
  workflowLayer: Layer,
});

export function liveReader({ db, workspaceId }: Context): LiveReader {
  return {
    async find(environmentId, slug) {
      if (!isUuid(environmentId)) return null;
      const found = await parseFirst(read(db, workspaceId, environmentId, slug), WithLive);
      return found === null ? null : partsOf(found);
    },
  };
}

/** A row without anything live has nulls in all of its columns. */
const WithLive = z.preprocess((row) => {
  const columns = row as Record<string, unknown>;
  return { ...columns, live: columns['deploymentId'] === null ? null : columns };
}, Row);

function partsOf({ workflowId, slug, live, environmentLayer, workflowLayer }: z.infer<typeof Row>): LiveParts {
  return {
    workflow: { id: workflowId, slug },
    live: live && {
      deployment: { id: live.deploymentId, deployedAt: live.deployedAt },
      version: { id: live.versionId, number: live.number, label: live.label, contentHash: live.contentHash },
      stored: { source: live.source, fileName: live.fileName, format: live.format },
      endedAt: live.endedAt,
    },
    layers: { environment: environmentLayer, workflow: workflowLayer },
  };
}

function read(db: Context['db'], workspaceId: string, environmentId: string, slug: string): PromiseLike<unknown> {
  return db.$queryRaw`
    SELECT w.id AS "workflowId", w.slug, d.id AS "deploymentId", d.deployed_at AS "deployedAt", v.id AS "versionId", v.number,
      v.label, v.content_hash AS "contentHash", v.source, v.file_name AS "fileName", v.format,
      ARRAY(
        SELECT s.ended_at FROM deployment_stretch s WHERE s.deployment_id = d.id AND s.ended_at IS NOT NULL
        ORDER BY s.ended_at DESC LIMIT ${MOST_STRETCHES}
      ) AS "endedAt",
      (
        SELECT jsonb_build_object('number', r.number, 'settings', r.settings) FROM settings_revision r
        WHERE r.workspace_id = w.workspace_id AND r.environment_id = ${environmentId}::uuid AND r.workflow_id IS NULL
        ORDER BY r.number DESC LIMIT 1
      ) AS "environmentLayer",
      (
        SELECT jsonb_build_object('number', r.number, 'settings', r.settings) FROM settings_revision r
        WHERE r.workspace_id = w.workspace_id AND r.environment_id = ${environmentId}::uuid AND r.workflow_id = w.id
        ORDER BY r.number DESC LIMIT 1
      ) AS "workflowLayer"
    FROM workflow w
    LEFT JOIN deployment d ON d.workflow_id = w.id AND d.environment_id = ${environmentId}::uuid AND d.status = 'active'
      AND d.workspace_id = w.workspace_id
    LEFT JOIN version v ON v.id = d.version_id AND v.workspace_id = w.workspace_id
    WHERE w.workspace_id = ${workspaceId} AND w.slug = ${slug}`;
}
