import type { PrismaClient } from './generated/client.ts';
import { type FailureLog, translated } from './transaction.ts';

/** What Slack sent and was handled, shared by all processes. */
export interface HandledRequests {
  /** Whether this key comes for the first time; from then on it has come. @throws Refusal unavailable */
  firstTime(key: string): Promise<boolean>;
  /** Forgets what is older. Returns how many there were. */
  sweep(olderThanHours: number): Promise<number>;
}

const KEY_LENGTH = 500;

export function makeHandledRequests(prisma: PrismaClient, log: FailureLog): HandledRequests {
  return {
    firstTime: (key) =>
      translated(log, async () => {
        const added =
          await prisma.$executeRaw`INSERT INTO handled_request (key) VALUES (${key.slice(0, KEY_LENGTH)}) ON CONFLICT DO NOTHING`;
        return added === 1;
      }),
    sweep: (olderThanHours) =>
      translated(
        log,
        () =>
          prisma.$executeRaw`DELETE FROM handled_request WHERE at < now() - make_interval(hours => ${olderThanHours}::int)`,
      ),
  };
}
