import { tellStory } from '../announce.ts';
import type { SuiteRunRecord, Transaction } from '../ports.ts';
import type { KeptOutcome } from './kept-outcome.ts';

/** Told of a run; the rest opens from the card. */
const MOST_TOLD = 5;
const MOST_EXAMPLES = 3;
const GOOD = new Set<unknown>(['passed', 'alike', 'skipped']);

/** Below the card of the promotion that a run was for: what did not pass, or examples of what diverged. Its card shows the rest. */
export async function tellFindings(
  tx: Transaction,
  { kind, promotionId }: Pick<SuiteRunRecord, 'kind' | 'promotionId'>,
  { counts, cases }: KeptOutcome,
): Promise<void> {
  if (promotionId === null) return;
  await tx.announcements.refresh(promotionId);
  const at = tx.now.toISOString();
  const bad = cases.filter(({ state }) => !GOOD.has(state));
  if (bad.length === 0) return;
  const { passed, failed: diverged, total } = counts;
  if (kind === 'shadow') {
    const examples = bad.slice(0, MOST_EXAMPLES).map(({ input, live, output, similarity }) => ({
      ...{ input: textOf(input), live: textOf(live), proposed: textOf(output) },
      similarity: typeof similarity === 'number' ? similarity : null,
    }));
    return tellStory(tx, promotionId, { event: 'diverged', at, diverged, compared: passed + diverged, examples });
  }
  const failed = bad.slice(0, MOST_TOLD).map(({ name, message }) => ({
    name: textOf(name),
    message: message === undefined ? null : textOf(message),
  }));
  await tellStory(tx, promotionId, { event: 'tests-failed', at, passed, total, failed });
}

function textOf(value: string | number | undefined): string {
  return value === undefined ? '' : String(value);
}
