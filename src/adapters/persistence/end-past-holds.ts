import type { PrismaClient } from './generated/client.ts';
import { type FailureLog, translated } from './transaction.ts';

/** At one go, so that no statement holds many rows for long; the next tick goes on. */
const MOST_AT_ONCE = 5000;

/**
 * Ends locks and freezes whose time was over an hour ago, at that time: nobody has to, and the indexes of what is held hold what was not
 * ended. Those that somebody works on are left to the next time. Returns how many.
 */
export function endPastHolds(prisma: PrismaClient, log: FailureLog): Promise<number> {
  return translated(log, async () => {
    const locks = await prisma.$executeRaw`
      UPDATE resource_lock SET ended_at = until, ended_by = 'clock' WHERE id IN (
        SELECT id FROM resource_lock WHERE ended_at IS NULL AND until < now() - interval '1 hour'
        LIMIT ${MOST_AT_ONCE} FOR UPDATE SKIP LOCKED)`;
    const freezes = await prisma.$executeRaw`
      UPDATE "freeze" SET ended_at = until, ended_by = 'clock' WHERE id IN (
        SELECT id FROM "freeze" WHERE ended_at IS NULL AND until < now() - interval '1 hour'
        LIMIT ${MOST_AT_ONCE} FOR UPDATE SKIP LOCKED)`;
    return locks + freezes;
  });
}
