import { isIPv6 } from 'node:net';
import { LRUCache } from 'lru-cache';

/** How often an address may ask for something that takes no token. */
export interface AddressWindow {
  /** Counts one more. False: that was too often. */
  take(address: string): boolean;
}

/** Addresses remembered at most; where there are more, those heard of last. What they can do together, the database bounds. */
const MOST = 10_000;

/** @param most in any `length` milliseconds since an address's first */
export function makeAddressWindow({
  most,
  length,
  now = Date.now,
}: {
  most: number;
  length: number;
  now?: () => number;
}): AddressWindow {
  const windows = new LRUCache<string, { since: number; count: number }>({ max: MOST });
  return {
    take(address) {
      const who = networkOf(address);
      const window = windows.get(who);
      if (window === undefined || now() - window.since >= length) {
        windows.set(who, { since: now(), count: 1 });
        return true;
      }
      window.count += 1;
      return window.count <= most;
    },
  };
}

/** Whoever has one address of IPv6 has the other 2^64 of its network as well. */
function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - last.length;
  return [...groups, ...Array<string>(Math.max(missing, 0)).fill('0'), ...last].slice(0, 4).join(':');
}
