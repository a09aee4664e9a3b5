import type { PrismaClient } from './generated/client.ts';
import { type FailureLog, translated } from './transaction.ts';

/** At one go, so that no statement holds many rows for long; the next tick goes on. */
const MOST_AT_ONCE = 5000;

/** How long evidence is of use to anybody, in days. */
export interface EvidenceAges {
  /** Since a promotion was closed: ticks, and what gates and the target said of it. Who did what stays in the audit. */
  closed: number;
  /** Since a result of checks was received, where its version is neither live there nor under review. */
  results: number;
}

/** Forgets evidence that no promotion can be judged by any more; returns how many rows went. */
export function purgeEvidence(
  prisma: PrismaClient,
  log: FailureLog,
  { closed, results }: EvidenceAges,
): Promise<number> {
  return translated(log, async () => {
    const counts = [
      await prisma.$executeRaw`
        DELETE FROM checklist_tick WHERE (promotion_id, item) IN (
          SELECT t.promotion_id, t.item FROM checklist_tick t JOIN promotion p ON p.id = t.promotion_id
          WHERE p.closed_at < now() - make_interval(days => ${closed}::int) LIMIT ${MOST_AT_ONCE})`,
      await prisma.$executeRaw`
        DELETE FROM gate_request WHERE id IN (
          SELECT g.id FROM gate_request g JOIN promotion p ON p.id = g.promotion_id
          WHERE p.closed_at < now() - make_interval(days => ${closed}::int) LIMIT ${MOST_AT_ONCE})`,
      await prisma.$executeRaw`
        DELETE FROM parity_report WHERE promotion_id IN (
          SELECT r.promotion_id FROM parity_report r JOIN promotion p ON p.id = r.promotion_id
          WHERE p.closed_at < now() - make_interval(days => ${closed}::int) LIMIT ${MOST_AT_ONCE})`,
      await prisma.$executeRaw`
        DELETE FROM check_result WHERE id IN (
          SELECT c.id FROM check_result c WHERE c.received_at < now() - make_interval(days => ${results}::int)
            AND NOT EXISTS (SELECT 1 FROM deployment d WHERE d.version_id = c.version_id AND d.status IN ('active', 'candidate'))
            AND NOT EXISTS (SELECT 1 FROM promotion p WHERE p.version_id = c.version_id AND p.status = 'open')
          LIMIT ${MOST_AT_ONCE})`,
    ];
    return counts.reduce((sum, count) => sum + count, 0);
  });
}
