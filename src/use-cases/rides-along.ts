import { LRUCache } from 'lru-cache';
import { changesMadeBy } from '../domain/diff/changes-made-by.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Version } from '../domain/version.ts';
import { compareContents } from './compare.ts';
import { tagVersion } from './find-things.ts';
import type { Reading } from './ports.ts';
import type { RidesAlong } from './views.ts';

/** Versions that are named; the rest are counted. */
const MOST_NAMED = 5;

// Versions never change, so neither does which of them changed what. Losing this costs two comparisons.
const shares = new LRUCache<string, NonNullable<RidesAlong['share']>>({ max: 500 });

/** What goes along with a proposed version because it was pushed after what is live. Null where nothing lies between. */
export async function describeRidesAlong(
  tx: Reading,
  live: Version | null,
  proposed: Version,
): Promise<RidesAlong | null> {
  if (live === null || proposed.number - live.number < 2) return null;
  const numbers = { above: live.number, below: proposed.number };
  const { items, total } = await tx.versions.between(proposed.workflowId, numbers, MOST_NAMED);
  const [previous] = items;
  if (previous === undefined) return null;
  const share = await shareOfLast(tx, live, previous, proposed);
  return { versions: items.map(tagVersion), more: total - items.length, share };
}

/** Null where the versions are too large to be compared here: a card says the rest all the same. */
async function shareOfLast(
  tx: Reading,
  live: Version,
  previous: Version,
  proposed: Version,
): Promise<RidesAlong['share']> {
  const key = `${live.id}>${previous.id}>${proposed.id}`;
  const known = shares.get(key);
  if (known !== undefined) return known;
  try {
    const whole = await compareContents(tx, live.id, proposed.id);
    const last = await compareContents(tx, previous.id, proposed.id);
    const share = { madeByLast: changesMadeBy(last.diff, whole.diff), total: whole.diff.changes.length };
    shares.set(key, share);
    return share;
  } catch (error) {
    if (error instanceof Refusal && error.code === 'too_large') return null;
    throw error;
  }
}
