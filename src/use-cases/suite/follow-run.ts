import { setTimeout as wait } from 'node:timers/promises';
import type { Ports, SuiteRunCounts, SuiteRunRecord } from '../ports.ts';

/** Milliseconds between looks at whether a run is still wanted, and between what it tells of itself. */
const EVERY_MS = 1_000;
/** Messages of a run follow it no more often than that. */
const MESSAGES_EVERY_MS = 2_000;
/** A card says much more, and is drawn anew as a whole. */
const CARDS_EVERY_MS = 5_000;

/** A run that is worked on. */
export interface Followed {
  /** Aborted once nobody wants the run any more. */
  readonly signal: AbortSignal;
  /** Tells how far it is; written once a second. */
  tell(counts: SuiteRunCounts): void;
  /** Ends the following. */
  end(): Promise<void>;
}

/**
 * Says once a second that a run is worked on and how far it is, and notices that it was stopped or that its promotion was closed.
 * @param stop aborts it from outside, too
 */
export function followRun(
  { inTransaction }: Pick<Ports, 'inTransaction'>,
  workspaceId: string,
  run: SuiteRunRecord,
  stop: AbortSignal,
): Followed {
  const unwanted = new AbortController();
  const over = new AbortController();
  let told: SuiteRunCounts | undefined;
  let latest: SuiteRunCounts | undefined;

  async function look(): Promise<void> {
    const counts = latest === told ? undefined : latest;
    const goesOn = await inTransaction(workspaceId, async (tx) => {
      if (!(await tx.suites.progress(run.id, counts))) return false;
      const [first] = run.checkIds;
      if (counts === undefined || first === undefined) return true;
      const check = await tx.evidence.findCheck(first);
      if (check?.state === 'running') await tx.evidence.changeCheck(first, { ...asCheck(counts), at: check.at });
      await tx.announcements.refresh(run.id, nextFull(tx.now, MESSAGES_EVERY_MS));
      if (run.promotionId !== null) await tx.announcements.refresh(run.promotionId, nextFull(tx.now, CARDS_EVERY_MS));
      return true;
    });
    if (!goesOn) unwanted.abort();
    if (!goesOn || counts === undefined) return;
    told = counts;
    // By itself: whoever closes a promotion holds it before its runs.
    const { versionId, environmentId } = run;
    await inTransaction(workspaceId, (tx) => tx.promotions.markForJudging({ versionId, environmentId }));
  }

  async function goOn(): Promise<void> {
    while (!over.signal.aborted) {
      await wait(EVERY_MS, undefined, { signal: over.signal }).catch(() => undefined);
      if (over.signal.aborted) return;
      // Without the database it goes on: another process ends a run that was not seen for long, which this one notices then.
      await look().catch(() => undefined);
    }
  }
  const going = goOn();
  return {
    signal: AbortSignal.any([unwanted.signal, stop]),
    tell: (counts) => {
      latest = counts;
    },
    end: () => {
      over.abort();
      return going;
    },
  };
}

/** Updates that fall into the same stretch of time merge. */
function nextFull(now: Date, ms: number): Date {
  return new Date(Math.ceil(now.getTime() / ms) * ms);
}

function asCheck({ total, done, passed, failed, errored, notJudged }: SuiteRunCounts) {
  const detail = `${done} of ${total} so far`;
  return { source: 'suite', state: 'running', passed, failed: failed + errored, notJudged, detail } as const;
}
