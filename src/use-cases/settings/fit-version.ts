import { LRUCache } from 'lru-cache';
import { Refusal } from '../../domain/refusal.ts';
import type { Fit, Reading } from '../ports.ts';
import { readAside } from '../with-documents.ts';
import type { SettingsInForce } from './settings-in-force.ts';

/** Characters of all that is remembered. */
const MOST_REMEMBERED = 16 * 1024 * 1024;

// Neither versions nor revisions of settings ever change. Losing this costs reading a version.
const fits = new LRUCache<string, Fit>({
  max: 500,
  maxSize: MOST_REMEMBERED,
  sizeCalculation: (fit) => JSON.stringify(fit).length,
});

/**
 * What a version reads of the settings, and what it lacks there. One too large to be read here is taken to read all of them and
 * to lack none: nobody is kept from deciding.
 */
export async function fitVersion(tx: Reading, versionId: string, { effective, key }: SettingsInForce): Promise<Fit> {
  const name = `${versionId}@${key ?? ''}`;
  const known = fits.get(name);
  if (known !== undefined) return known;
  return readAside(tx, `fit ${name}`, [versionId], async (documents, [stored]) => {
    if (stored == null) throw new Error('A version to read is missing.');
    try {
      const fit = await documents.fit(stored, effective);
      fits.set(name, fit);
      return fit;
    } catch (error) {
      if (!(error instanceof Refusal && error.code === 'too_large')) throw error;
      return { read: { ...effective }, problems: [] };
    }
  });
}
