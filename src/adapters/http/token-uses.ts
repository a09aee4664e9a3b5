import { LRUCache } from 'lru-cache';
import type { BaseLogger } from 'pino';

const MAX = 10_000;
/** Each token's last use is kept to the minute. */
const EVERY = 60_000;
/** Uses of many tokens go to the database together. */
const GATHERED_FOR = 1_000;

/** Notes when tokens were used, in no request's way. A use that can't be written is noted with one of a later minute. */
export function noteTokenUses({
  recordUses,
  log,
  now,
}: {
  recordUses: (tokenIds: string[]) => Promise<void>;
  log: Pick<BaseLogger, 'warn'>;
  now: () => number;
}): { note(tokenId: string): void; end(): Promise<void> } {
  const noted = new LRUCache<string, number>({ max: MAX });
  const waiting = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  async function write(): Promise<void> {
    timer = undefined;
    const ids = [...waiting];
    waiting.clear();
    if (ids.length === 0) return;
    await recordUses(ids).catch((error: unknown) => log.warn({ err: error }, 'the last use of tokens was not kept'));
  }

  return {
    note(tokenId) {
      const at = now();
      if (at - (noted.get(tokenId) ?? Number.NEGATIVE_INFINITY) < EVERY || waiting.size >= MAX) return;
      noted.set(tokenId, at);
      waiting.add(tokenId);
      timer ??= setTimeout(() => void write(), GATHERED_FOR).unref();
    },
    async end() {
      clearTimeout(timer);
      await write();
    },
  };
}
