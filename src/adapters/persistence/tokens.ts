import { z } from 'zod';
import { type ApiToken, SCOPES } from '../../domain/token.ts';
import type { KnownToken, TokenReader, TokenWriter } from '../../use-cases/ports.ts';
import { type Context, parseFirst, uuidsOf } from './context.ts';
import { after, pageSize, timeCursor, toPage } from './paging.ts';

const TokenRow = z
  .object({
    id: z.string(),
    name: z.string(),
    environmentId: z.string().nullable(),
    scopes: z.array(z.enum(SCOPES)),
    createdBy: z.string(),
    createdAt: z.date(),
    expiresAt: z.date().nullable(),
    lastUsedAt: z.date().nullable(),
    revokedAt: z.date().nullable(),
    rotatedAt: z.date().nullable(),
    personId: z.string().nullable(),
  })
  .transform(({ personId, ...token }): ApiToken => ({ ...token, isPersonal: personId !== null }));
const KnownRow = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes: z.array(z.enum(SCOPES)),
    createdBy: z.string(),
    isPersonal: z.boolean(),
    expiresAt: z.date().nullable(),
    revokedAt: z.date().nullable(),
    environmentId: z.string().nullable(),
    environmentName: z.string().nullable(),
    aliases: z.array(z.string()),
    isArchived: z.boolean(),
    creatorStanding: z.enum(['member', 'guest', 'bot', 'foreign', 'deactivated']),
  })
  .transform(({ environmentId, environmentName, aliases, isArchived, ...token }): KnownToken => {
    const environment =
      environmentId === null ? null : { id: environmentId, name: environmentName ?? '', aliases, isArchived };
    return { ...token, environment };
  });

/** How often the last use of a token is written, at most. */
const TOUCHED_EVERY = 60_000;

export function tokenReader({ db, workspaceId, clock }: Context): TokenReader {
  return {
    findByHash: (hash) =>
      parseFirst(
        db.$queryRaw`
          SELECT t.id, t.name, t.scopes, t.created_by AS "createdBy", t.person_id IS NOT NULL AS "isPersonal", t.expires_at AS "expiresAt", t.revoked_at AS "revokedAt",
            t.environment_id AS "environmentId", e.name AS "environmentName", COALESCE(e.aliases, '{}') AS aliases,
            e.archived_at IS NOT NULL AS "isArchived", COALESCE(p.slack_standing, 'member') AS "creatorStanding"
          FROM api_token t
          LEFT JOIN environment e ON e.id = t.environment_id AND e.workspace_id = t.workspace_id
          LEFT JOIN person p ON p.workspace_id = t.workspace_id AND p.user_id = t.created_by
          WHERE t.hash = ${hash} AND t.workspace_id = ${workspaceId}`,
        KnownRow,
      ),
    async list(page, of) {
      const rows = await db.apiToken.findMany({
        where: {
          ...{ workspaceId, revokedAt: null, ...of },
          AND: [{ OR: [{ rotatedAt: null }, { expiresAt: { gt: clock.now } }] }, after('createdAt', timeCursor(page))],
        },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: pageSize(page.limit) + 1,
      });
      const found = rows.map((row) => TokenRow.parse(row));
      return toPage(found, page.limit, (last) => [last.createdAt.toISOString(), last.id]);
    },
  };
}

export function tokenWriter({ db, workspaceId, clock }: Context): TokenWriter {
  /** What is done with one name happens one after the other, also where no row has it yet. Read after the lock, not with it. */
  const lockName = (name: string) =>
    db.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`api_token ${workspaceId} ${name}`}, 0))`;
  return {
    async findCurrentLocked(name) {
      await lockName(name);
      const row = await db.apiToken.findFirst({ where: { workspaceId, name, revokedAt: null, rotatedAt: null } });
      return row && TokenRow.parse(row);
    },
    async create({ rotatesId = null, scopes, isPersonal = false, ...token }) {
      const personId = isPersonal ? token.createdBy : null;
      const row = await db.apiToken.create({
        data: { workspaceId, createdAt: clock.now, rotatesId, scopes: [...scopes], personId, ...token },
      });
      return TokenRow.parse(row);
    },
    async retire(id, expiresAt) {
      await db.apiToken.update({ where: { id, workspaceId }, data: { rotatedAt: clock.now, expiresAt } });
    },
    async revoke(name, by) {
      await lockName(name);
      const where = { workspaceId, name, revokedAt: null };
      const rows = await db.apiToken.findMany({ where, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] });
      const found = rows.map((row) => TokenRow.parse(row));
      await db.apiToken.updateMany({ where, data: { revokedAt: clock.now, revokedBy: by } });
      return found;
    },
    async countPersonalLocked(personId) {
      await lockName(`of ${personId}`);
      return db.apiToken.count({ where: { workspaceId, personId, revokedAt: null, expiresAt: { gt: clock.now } } });
    },
    async touch(ids) {
      const earlier = new Date(clock.now.getTime() - TOUCHED_EVERY);
      await db.apiToken.updateMany({
        where: {
          workspaceId,
          id: { in: uuidsOf(ids) },
          OR: [{ lastUsedAt: null }, { lastUsedAt: { lte: earlier } }],
        },
        data: { lastUsedAt: clock.now },
      });
    },
  };
}
