import { hkdfSync } from 'node:crypto';

/** What each subkey is for. A new purpose gets a new name, so that what one signs means nothing to another. */
export type KeyPurpose = 'diff-links' | 'masked-values' | 'gate-answers';

/** 32 bytes for one purpose, from TOWPATH_KEY: the same in every process with that key, and telling nothing of it. */
export function deriveKey(key: string, purpose: KeyPurpose): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, '', `towpath/${purpose}`, 32));
}
