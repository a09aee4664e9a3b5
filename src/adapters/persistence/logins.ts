import { z } from 'zod';
import type { Login } from '../../domain/login.ts';
import type { LoginWriter } from '../../use-cases/ports.ts';
import { type Context, isUuid, parseFirst } from './context.ts';
import { Prisma } from './generated/client.ts';

const LoginRow: z.ZodType<Login> = z.object({
  id: z.string(),
  device: z.string(),
  startedAt: z.date(),
  expiresAt: z.date(),
  state: z.enum(['waiting', 'confirmed', 'refused', 'collected']),
  decidedBy: z.string().nullable(),
  tokenName: z.string().nullable(),
});

const COLUMNS = Prisma.sql`
  id, device, started_at AS "startedAt", expires_at AS "expiresAt", state, decided_by AS "decidedBy", token_name AS "tokenName"`;

export function loginWriter({ db, workspaceId, clock }: Context): LoginWriter {
  /** Read after the lock, not with it. */
  const lock = (what: string) =>
    db.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`login ${workspaceId} ${what}`}, 0))`;
  const locked = (which: Prisma.Sql) =>
    parseFirst(
      db.$queryRaw`SELECT ${COLUMNS} FROM login_request WHERE workspace_id = ${workspaceId} AND ${which} FOR UPDATE`,
      LoginRow,
    );
  return {
    async countOpenLocked() {
      await lock('open');
      return db.loginRequest.count({ where: { workspaceId, state: 'waiting', expiresAt: { gt: clock.now } } });
    },
    async start(login) {
      return LoginRow.parse(await db.loginRequest.create({ data: { workspaceId, startedAt: clock.now, ...login } }));
    },
    async findByCode(codeHash) {
      const row = await db.loginRequest.findFirst({
        where: { workspaceId, codeHash, state: 'waiting', expiresAt: { gt: clock.now } },
      });
      return row && LoginRow.parse(row);
    },
    findLocked: async (id) => (isUuid(id) ? locked(Prisma.sql`id = ${id}::uuid`) : null),
    findByDeviceLocked: (deviceHash) => locked(Prisma.sql`device_hash = ${deviceHash}`),
    async decide(id, decision) {
      await db.loginRequest.update({ where: { id, workspaceId }, data: decision });
    },
    async collect(id, tokenName) {
      await db.loginRequest.update({ where: { id, workspaceId }, data: { state: 'collected', tokenName } });
    },
    async countMissesLocked(userId, since) {
      await lock(`by ${userId}`);
      return db.loginMiss.count({ where: { workspaceId, userId, at: { gt: since } } });
    },
    async miss(userId) {
      await db.loginMiss.create({ data: { workspaceId, userId, at: clock.now } });
    },
    async forget(before) {
      await db.loginRequest.deleteMany({ where: { workspaceId, expiresAt: { lt: before } } });
      await db.loginMiss.deleteMany({ where: { workspaceId, at: { lt: before } } });
    },
  };
}
