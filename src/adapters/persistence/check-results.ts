import { z } from 'zod';
import { CHECK_KINDS, CHECK_SOURCES, CHECK_STATES } from '../../domain/check-result.ts';
import type { KeptCheck, NewCheck } from '../../use-cases/ports.ts';
import { type Context, isUuid, parseRows, uuidsOf } from './context.ts';
import { Prisma } from './generated/client.ts';

export const CheckRow = z.object({
  id: z.string(),
  kind: z.enum(CHECK_KINDS),
  name: z.string(),
  environmentId: z.string(),
  versionId: z.string(),
  at: z.date(),
  state: z.enum(CHECK_STATES),
  source: z.enum(CHECK_SOURCES),
  passed: z.int().nullable(),
  failed: z.int().nullable(),
  notJudged: z.int().nullable(),
  score: z.number().nullable(),
  of: z.number().nullable(),
  costPerRun: z.number().nullable(),
  p95: z.number().nullable(),
  url: z.string().nullable(),
  detail: z.string().nullable(),
  by: z.string(),
  receivedAt: z.date(),
});

/** Kinds and names of a version in an environment; more are nobody's to look at. */
const MOST = 500;

/** The newest of each kind and name, down the index that has them in that order. */
export async function newestChecks(
  { db, workspaceId }: Context,
  versionIds: readonly string[],
  environmentId: string,
): Promise<KeptCheck[]> {
  const ids = uuidsOf(versionIds);
  if (ids.length === 0 || !isUuid(environmentId)) return [];
  const rows = await parseRows(
    db.$queryRaw`
      SELECT DISTINCT ON (version_id, environment_id, kind, name) id, kind, name, environment_id AS "environmentId",
        version_id AS "versionId", at, state, source, passed, failed, not_judged AS "notJudged", score, "of",
        cost_per_run AS "costPerRun", p95, url, detail, by, received_at AS "receivedAt"
      FROM check_result
      WHERE workspace_id = ${workspaceId} AND version_id = ANY(${ids}::uuid[]) AND environment_id = ${environmentId}::uuid
      ORDER BY version_id, environment_id, kind, name, at DESC, id DESC LIMIT ${MOST}`,
    CheckRow,
  );
  return rows.map(toCheck);
}

/** What there is none of is left out, as `CheckResult` has it. */
export function toCheck(row: z.infer<typeof CheckRow>): KeptCheck {
  const { id, kind, name, environmentId, versionId, at, state, source, by, receivedAt, ...rest } = row;
  const told = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null));
  return { id, kind, name, environmentId, versionId, at, state, source, by, receivedAt, ...told };
}

export type CheckRowValues = ReturnType<typeof checkColumns>;

/** What of a result may change while it runs. */
export function checkColumns(check: Omit<NewCheck, 'kind' | 'name' | 'environmentId' | 'versionId' | 'by'>) {
  const { at, state, source, passed, failed, notJudged, score, of, costPerRun, p95, url, detail, cases } = check;
  return {
    ...{ at, state, source },
    ...{ passed: passed ?? null, failed: failed ?? null, notJudged: notJudged ?? null },
    ...{ score: score ?? null, of: of ?? null, costPerRun: costPerRun ?? null, p95: p95 ?? null },
    ...{ url: url ?? null, detail: detail ?? null },
    cases: cases === undefined ? Prisma.DbNull : (cases as Prisma.InputJsonArray),
  };
}
