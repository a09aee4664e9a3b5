import { z } from 'zod';
import type { LivePart, LiveParts, LiveReader } from '../../use-cases/ports.ts';
import { type Context, isUuid, parseRows } from './context.ts';
import { ManagedFields, SettingsJson } from './settings.ts';

const MOST_STRETCHES = 10;

const Layer = z.object({ number: z.int(), settings: SettingsJson, managed: ManagedFields }).nullable();
const Handed = z.object({
  status: z.enum(['active', 'candidate']),
  share: z.int().nullable(),
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
});
/** A workflow that nothing of is handed out has one row with nulls in all columns of `Handed`. */
const Row = z.object({
  workflowId: z.string(),
  slug: z.string(),
  handed: Handed.nullable(),
  environmentLayer: Layer,
  workflowLayer: Layer,
});
const RowWithHanded = z.preprocess((row) => {
  const columns = row as Record<string, unknown>;
  return { ...columns, handed: columns['deploymentId'] === null ? null : columns };
}, Row);

export function liveReader({ db, workspaceId }: Context): LiveReader {
  return {
    async find(environmentId, slug) {
      if (!isUuid(environmentId)) return null;
      return partsOf(await parseRows(read(db, workspaceId, environmentId, slug), RowWithHanded));
    },
  };
}

function partsOf(rows: readonly z.infer<typeof Row>[]): LiveParts | null {
  const [first] = rows;
  if (first === undefined) return null;
  const handed = rows.flatMap((row) => row.handed ?? []);
  const live = handed.find(({ status }) => status === 'active');
  const candidate = handed.find(({ status }) => status === 'candidate');
  return {
    workflow: { id: first.workflowId, slug: first.slug },
    live: live === undefined ? null : partOf(live),
    candidate: candidate === undefined ? null : { ...partOf(candidate), share: candidate.share ?? 0 },
    layers: { environment: first.environmentLayer, workflow: first.workflowLayer },
  };
}

function partOf({ deploymentId, deployedAt, versionId, ...part }: z.infer<typeof Handed>): LivePart {
  const { number, label, contentHash, source, fileName, format, endedAt } = part;
  return {
    deployment: { id: deploymentId, deployedAt },
    version: { id: versionId, number, label, contentHash },
    stored: { source, fileName, format },
    endedAt,
  };
}

/** One row for the version that is live and one for what is rolled out beside it, of one snapshot. Each is found by its own index. */
function read(db: Context['db'], workspaceId: string, environmentId: string, slug: string): PromiseLike<unknown> {
  return db.$queryRaw`
    SELECT w.id AS "workflowId", w.slug, d.status, d.share, d.id AS "deploymentId", d.deployed_at AS "deployedAt",
      v.id AS "versionId", v.number, v.label, v.content_hash AS "contentHash", v.source, v.file_name AS "fileName", v.format,
      ARRAY(
        SELECT s.ended_at FROM deployment_stretch s WHERE s.deployment_id = d.id AND s.ended_at IS NOT NULL
        ORDER BY s.ended_at DESC LIMIT ${MOST_STRETCHES}
      ) AS "endedAt",
      (
        SELECT jsonb_build_object('number', r.number, 'settings', r.settings, 'managed', r.managed) FROM settings_revision r
        WHERE r.workspace_id = w.workspace_id AND r.environment_id = ${environmentId}::uuid AND r.workflow_id IS NULL
        ORDER BY r.number DESC LIMIT 1
      ) AS "environmentLayer",
      (
        SELECT jsonb_build_object('number', r.number, 'settings', r.settings, 'managed', r.managed) FROM settings_revision r
        WHERE r.workspace_id = w.workspace_id AND r.environment_id = ${environmentId}::uuid AND r.workflow_id = w.id
        ORDER BY r.number DESC LIMIT 1
      ) AS "workflowLayer"
    FROM workflow w
    LEFT JOIN LATERAL (
      SELECT id, status, share, version_id, deployed_at FROM deployment
      WHERE workflow_id = w.id AND environment_id = ${environmentId}::uuid AND workspace_id = w.workspace_id AND status = 'active'
      UNION ALL
      SELECT id, status, share, version_id, deployed_at FROM deployment
      WHERE workflow_id = w.id AND environment_id = ${environmentId}::uuid AND workspace_id = w.workspace_id AND status = 'candidate'
    ) d ON true
    LEFT JOIN version v ON v.id = d.version_id AND v.workspace_id = w.workspace_id
    WHERE w.workspace_id = ${workspaceId} AND w.slug = ${slug}`;
}
