import { LRUCache } from 'lru-cache';
import { Refusal } from '../../domain/refusal.ts';
import type { InEffect, Reading } from '../ports.ts';
import { readAside } from '../with-documents.ts';
import type { SettingsInForce } from './settings-in-force.ts';

// Neither versions nor revisions of settings ever change. Losing this costs one comparison.
const comparisons = new LRUCache<string, { inEffect: InEffect | null }>({ max: 500 });

/**
 * What changes once both versions are filled with the settings of one environment. Null where that is what the versions
 * themselves say, where no settings were ever given, or where one of the two can't be filled or is too large.
 */
export async function compareInEffect(
  tx: Reading,
  from: string | null,
  to: string,
  { effective, key }: SettingsInForce,
): Promise<InEffect | null> {
  if (key === null) return null;
  const name = `${from ?? ''}>${to}@${key}`;
  const known = comparisons.get(name);
  if (known !== undefined) return known.inEffect;
  return readAside(tx, `in effect ${name}`, [from, to], async (documents, [before, after]) => {
    if (after == null) throw new Error('A version to compare is missing.');
    try {
      const inEffect = await documents.inEffect(before ?? null, after, effective);
      comparisons.set(name, { inEffect });
      return inEffect;
    } catch (error) {
      if (error instanceof Refusal && error.code === 'too_large') return null;
      throw error;
    }
  });
}
