import type { PrismaClient } from './generated/client.ts';
import { type FailureLog, translated } from './transaction.ts';

/** At one go, so that no statement holds many rows for long; the next tick goes on. */
const MOST_AT_ONCE = 5000;

/** Ended deliveries and their attempts. What happened stays in the audit; this is only how it was told. */
export function purgeDeliveries(prisma: PrismaClient, log: FailureLog, olderThanDays: number): Promise<number> {
  return translated(
    log,
    () => prisma.$executeRaw`
      DELETE FROM webhook_delivery WHERE id IN (
        SELECT id FROM webhook_delivery WHERE finished_at < now() - make_interval(days => ${olderThanDays}::int) ORDER BY finished_at LIMIT ${MOST_AT_ONCE})`,
  );
}
