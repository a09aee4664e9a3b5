import { begun, ended, mayBegin, openBudget } from '../../domain/suite/budget.ts';
import type { SuiteEnd } from '../../domain/suite/suite-outcome.ts';

/** What a number of pieces of work may take in all. */
export interface Bounds {
  /** Pieces at a time; at least one. */
  readonly places: number;
  /** Milliseconds. */
  readonly timeMs: number;
  /** US dollars; null: as much as it takes. */
  readonly budget: number | null;
  /** US dollars that one piece may cost at most; null: unknown. */
  readonly mostPerPiece: number | null;
  readonly signal: AbortSignal;
}

/** Does one piece, and says what it cost; undefined: unknown. Never throws, and ends soon once its signal does. */
export type Piece<Item> = (item: Item, index: number, signal: AbortSignal) => Promise<number | undefined>;

/**
 * Does pieces of work in order, so many at a time, until they are through, the money or the time is up, or the signal stops them.
 * Pieces that run when the money is spent are let end; otherwise their signal is aborted.
 */
export async function inBounds<Item>(items: readonly Item[], bounds: Bounds, work: Piece<Item>): Promise<SuiteEnd> {
  const stop = new AbortController();
  let end: SuiteEnd = 'completed';
  const endWith = (why: SuiteEnd): void => {
    if (end === 'completed') end = why;
    stop.abort();
  };
  const onStop = () => endWith('stopped');
  if (bounds.signal.aborted) onStop();
  bounds.signal.addEventListener('abort', onStop, { once: true });
  const clock = setTimeout(() => endWith('time'), bounds.timeMs);
  try {
    const isSpent = await doAll(items, bounds, work, stop.signal);
    return isSpent && end === 'completed' ? 'budget' : end;
  } finally {
    clearTimeout(clock);
    bounds.signal.removeEventListener('abort', onStop);
  }
}

/** Begins pieces as places and money become free. True: the money was spent before all had begun. */
async function doAll<Item>(
  items: readonly Item[],
  { places, budget: limit, mostPerPiece }: Bounds,
  work: Piece<Item>,
  signal: AbortSignal,
): Promise<boolean> {
  let budget = openBudget(limit, mostPerPiece);
  const running = new Set<Promise<void>>();
  let isSpent = false;
  for (const [index, item] of items.entries()) {
    while (running.size > 0 && (running.size >= places || mayBegin(budget) === 'wait')) await Promise.race(running);
    isSpent = mayBegin(budget) === 'spent';
    if (signal.aborted || isSpent) break;
    budget = begun(budget);
    const piece = work(item, index, signal).then((cost) => {
      running.delete(piece);
      budget = ended(budget, cost);
    });
    running.add(piece);
  }
  await Promise.all(running);
  return isSpent && !signal.aborted;
}
