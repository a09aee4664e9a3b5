import { z } from 'zod';
import { CHECK_KINDS, CHECK_SOURCES, CHECK_STATES, isOwnResult } from '../../domain/check-result.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { KeptCheck, NewCheck } from '../../use-cases/ports.ts';
import { type Context, isUuid, parseFirst, parseRows, uuidsOf } from './context.ts';
import { Prisma } from './generated/client.ts';

export const CheckRow = z.object({
  id: z.string(),
  kind: z.enum(CHECK_KINDS),
  name: z.string(),
  environmentId: z.string(),
  versionId: z.string(),
  liveVersionId: z.string().nullable(),
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

/** Of two versions, more than there may be: none is left out. */
const MOST = 1_000;
/** Kinds and names of a version in an environment. */
const MOST_NAMES = 200;
/** Of one kind and name, run here or reported: the newest counts, the others are looked back at. */
const MOST_OF_A_NAME = 50;

/**
 * The newest of each kind and name, of those that were run here and those that were reported, down the index but for these two; of
 * replays beside each version.
 */
export async function newestChecks(
  { db, workspaceId }: Context,
  versionIds: readonly string[],
  environmentId: string,
): Promise<KeptCheck[]> {
  const ids = uuidsOf(versionIds);
  if (ids.length === 0 || !isUuid(environmentId)) return [];
  const rows = await parseRows(
    db.$queryRaw`
      SELECT DISTINCT ON (version_id, environment_id, kind, name, live_version_id, source = 'suite') id, kind, name, environment_id AS "environmentId",
        version_id AS "versionId", live_version_id AS "liveVersionId", at, state, source, passed, failed, not_judged AS "notJudged", score, "of",
        cost_per_run AS "costPerRun", p95, url, detail, by, received_at AS "receivedAt"
      FROM check_result
      WHERE workspace_id = ${workspaceId} AND version_id = ANY(${ids}::uuid[]) AND environment_id = ${environmentId}::uuid
      ORDER BY version_id, environment_id, kind, name, live_version_id, source = 'suite' DESC, at DESC, id DESC LIMIT ${MOST}`,
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
export function checkColumns(
  check: Omit<NewCheck, 'kind' | 'name' | 'environmentId' | 'versionId' | 'liveVersionId' | 'by'>,
) {
  const { at, state, source, passed, failed, notJudged, score, of, costPerRun, p95, url, detail, cases } = check;
  return {
    ...{ at, state, source },
    ...{ passed: passed ?? null, failed: failed ?? null, notJudged: notJudged ?? null },
    ...{ score: score ?? null, of: of ?? null, costPerRun: costPerRun ?? null, p95: p95 ?? null },
    ...{ url: url ?? null, detail: detail ?? null },
    cases: cases === undefined ? Prisma.DbNull : (cases as Prisma.InputJsonArray),
  };
}

const RoomRow = z.object({ names: z.int(), isKnown: z.boolean() });

/**
 * Forgets the oldest of a kind and name, and takes no more of them than people look at: one that was left out when a version is judged
 * could be the one that failed. @throws Refusal too_many
 */
export async function makeRoom(
  { db, workspaceId }: Context,
  check: Pick<NewCheck, 'kind' | 'name' | 'environmentId' | 'versionId' | 'source'>,
): Promise<void> {
  const { kind, name, environmentId, versionId } = check;
  if (!isUuid(versionId) || !isUuid(environmentId)) return;
  const place = Prisma.sql`workspace_id = ${workspaceId} AND version_id = ${versionId}::uuid AND environment_id = ${environmentId}::uuid`;
  const room = await parseFirst(
    db.$queryRaw`
      SELECT (SELECT count(*)::int FROM (SELECT DISTINCT kind, name FROM check_result WHERE ${place}) AS named) AS names,
        EXISTS (SELECT 1 FROM check_result WHERE ${place} AND kind = ${kind} AND name = ${name}) AS "isKnown"`,
    RoomRow,
  );
  if (room !== null && !room.isKnown && room.names >= MOST_NAMES)
    throw new Refusal(
      'too_many',
      `There are results of ${MOST_NAMES} different names for this version there already. Report under one of those names.`,
    );
  await db.$executeRaw`
    DELETE FROM check_result WHERE id IN (
      SELECT id FROM check_result WHERE ${place} AND kind = ${kind} AND name = ${name} AND (source = 'suite') = ${isOwnResult(check)}
      ORDER BY at DESC, id DESC OFFSET ${MOST_OF_A_NAME - 1}
    )`;
}
