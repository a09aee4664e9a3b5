import { z } from 'zod';
import { DEPLOYMENT_STATUSES, type Deployment, type Rollback } from '../../domain/deployment.ts';
import type { ActiveDeployment, Candidate, DeploymentReader } from '../../use-cases/ports.ts';
import { byId, type Context, isUuid, parseFirst, parseRows, uuidsOf } from './context.ts';
import { after, pageSize, timeCursor, toPage } from './paging.ts';

const status = z.enum(DEPLOYMENT_STATUSES);
const fields = {
  id: z.string(),
  workflowId: z.string(),
  environmentId: z.string(),
  versionId: z.string(),
  status,
  share: z.int().nullable(),
  promotionId: z.string().nullable(),
  replacesId: z.string().nullable(),
  deployedBy: z.string(),
  deployedAt: z.date(),
  endedAt: z.date().nullable(),
  endedBy: z.string().nullable(),
  reason: z.string().nullable(),
  changes: z.array(z.string()),
};
export const DeploymentRow: z.ZodType<Deployment> = z.object(fields);
export const CandidateRow: z.ZodType<Candidate> = z.object({ ...fields, share: z.int() });
const ActiveRow: z.ZodType<ActiveDeployment> = z.object({ ...fields, since: z.date() });

export const RollbackRow: z.ZodType<Rollback> = z.object({
  id: z.string(),
  workflowId: z.string(),
  environmentId: z.string(),
  removedDeploymentId: z.string(),
  restoredDeploymentId: z.string(),
  restoredBefore: z.object({ status, endedAt: z.string().nullable(), endedBy: z.string().nullable() }),
  by: z.string(),
  at: z.date(),
  reason: z.string().nullable(),
  undoneAt: z.date().nullable(),
});

/** What rule 9 chooses from: a rollback further back than this many deployments names a version. */
const MOST_HISTORY = 500;
const NEWEST_FIRST = [{ deployedAt: 'desc' as const }, { id: 'desc' as const }];

export function deploymentReader(context: Context): DeploymentReader {
  const { db, workspaceId } = context;
  return {
    findActive: (workflowId, environmentId) => findActive(context, workflowId, environmentId),
    listActive: (workflowIds) => listActive(context, workflowIds),
    findCandidate: (workflowId, environmentId) => findCandidate(context, workflowId, environmentId),
    async listCandidates(workflowIds) {
      const where = { workspaceId, workflowId: { in: uuidsOf(workflowIds) }, status: 'candidate' };
      const rows = await db.deployment.findMany({ where, orderBy: NEWEST_FIRST });
      return rows.map((row) => CandidateRow.parse(row));
    },
    listCandidatesIn: (environmentIds, limit) =>
      parseRows(
        db.$queryRaw`
          SELECT id, promotion_id AS "promotionId" FROM deployment
          WHERE workspace_id = ${workspaceId} AND environment_id = ANY(${uuidsOf(environmentIds)}::uuid[]) AND status = 'candidate'
          ORDER BY deployed_at DESC, id DESC LIMIT ${limit}`,
        z.object({ id: z.string(), promotionId: z.string().nullable() }),
      ),
    async listActiveHolding(environmentId, workflowId, words, limit) {
      if (!isUuid(environmentId) || !isUuid(workflowId ?? environmentId)) return [];
      return parseRows(
        db.$queryRaw`
          SELECT d.id, d.workflow_id AS "workflowId", d.version_id AS "versionId", d.status
          FROM deployment d JOIN version v ON v.workspace_id = d.workspace_id AND v.id = d.version_id
          WHERE d.workspace_id = ${workspaceId} AND d.environment_id = ${environmentId}::uuid
            AND d.status IN ('active', 'candidate')
            AND (${workflowId}::uuid IS NULL OR d.workflow_id = ${workflowId}::uuid)
            AND EXISTS (SELECT 1 FROM unnest(${[...words]}::text[]) AS word WHERE strpos(v.source, word) > 0)
          ORDER BY d.workflow_id, d.status LIMIT ${limit}`,
        z.object({ id: z.string(), workflowId: z.string(), versionId: z.string(), status }),
      );
    },
    async getById(id) {
      const row = isUuid(id) ? await db.deployment.findFirst({ where: { id, workspaceId } }) : null;
      if (row === null) throw new Error(`There is no deployment ${id} in this workspace.`);
      return DeploymentRow.parse(row);
    },
    async findByPromotion(promotionId) {
      const row = isUuid(promotionId) ? await db.deployment.findFirst({ where: { promotionId, workspaceId } }) : null;
      return row === null ? null : DeploymentRow.parse(row);
    },
    async getMany(ids) {
      const rows = await db.deployment.findMany({ where: { workspaceId, id: { in: uuidsOf(ids) } } });
      return byId(rows.map((row) => DeploymentRow.parse(row)));
    },
    async history(workflowId, environmentId) {
      if (!isUuid(workflowId) || !isUuid(environmentId)) return [];
      const where = { workspaceId, workflowId, environmentId };
      const rows = await db.deployment.findMany({ where, orderBy: NEWEST_FIRST, take: MOST_HISTORY });
      return rows.map((row) => DeploymentRow.parse(row));
    },
    async list(workflowId, environmentId, page) {
      const cursor = timeCursor(page);
      if (!isUuid(workflowId) || !isUuid(environmentId ?? workflowId)) return { items: [], cursor: null };
      const rows = await db.deployment.findMany({
        where: {
          workspaceId,
          workflowId,
          ...(environmentId === null ? {} : { environmentId }),
          ...after('deployedAt', cursor),
        },
        orderBy: NEWEST_FIRST,
        take: pageSize(page.limit) + 1,
      });
      return toPage(
        rows.map((row) => DeploymentRow.parse(row)),
        page.limit,
        (last) => [last.deployedAt.toISOString(), last.id],
      );
    },
    ranFor: (deploymentId, before) => ranFor(context, deploymentId, before),
    async findRollback(id) {
      const row = isUuid(id) ? await db.rollback.findFirst({ where: { id, workspaceId } }) : null;
      return row === null ? null : RollbackRow.parse(row);
    },
  };
}

export async function findCandidate(
  { db, workspaceId }: Context,
  workflowId: string,
  environmentId: string,
): Promise<Candidate | null> {
  if (!isUuid(workflowId) || !isUuid(environmentId)) return null;
  const row = await db.deployment.findFirst({ where: { workspaceId, workflowId, environmentId, status: 'candidate' } });
  return row === null ? null : CandidateRow.parse(row);
}

export async function findActive(
  context: Context,
  workflowId: string,
  environmentId: string,
): Promise<ActiveDeployment | null> {
  const active = await listActive(context, [workflowId]);
  return active.find((deployment) => deployment.environmentId === environmentId) ?? null;
}

async function listActive({ db, workspaceId }: Context, workflowIds: readonly string[]): Promise<ActiveDeployment[]> {
  return parseRows(
    db.$queryRaw`
      SELECT d.id, d.workflow_id AS "workflowId", d.environment_id AS "environmentId", d.version_id AS "versionId", d.status,
        d.share, d.promotion_id AS "promotionId", d.replaces_id AS "replacesId", d.deployed_by AS "deployedBy", d.deployed_at AS "deployedAt",
        d.ended_at AS "endedAt", d.ended_by AS "endedBy", d.reason, d.changes, s.started_at AS since
      FROM deployment d JOIN deployment_stretch s ON s.deployment_id = d.id AND s.ended_at IS NULL
      WHERE d.workspace_id = ${workspaceId} AND d.workflow_id = ANY(${uuidsOf(workflowIds)}::uuid[]) AND d.status = 'active'
      ORDER BY d.workflow_id, d.environment_id`,
    ActiveRow,
  );
}

/** All stretches that began before the moment, each up to its end or the moment. */
async function ranFor({ db, workspaceId }: Context, deploymentId: string, before: Date): Promise<number> {
  if (!isUuid(deploymentId)) return 0;
  const total = await parseFirst(
    db.$queryRaw`
      SELECT COALESCE(round(sum(EXTRACT(EPOCH FROM LEAST(COALESCE(ended_at, ${before}), ${before}) - started_at)) * 1000), 0)::float8 AS ms
      FROM deployment_stretch
      WHERE workspace_id = ${workspaceId} AND deployment_id = ${deploymentId}::uuid AND started_at < ${before}`,
    z.object({ ms: z.number() }),
  );
  return total?.ms ?? 0;
}
