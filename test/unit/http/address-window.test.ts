import { describe, expect, it } from 'vitest';
import { makeAddressWindow } from '../../../src/adapters/http/address-window.ts';

describe('an address', () => {
  it('may ask so often in a while, and again in the next', () => {
    let clock = 0;
    const { take } = makeAddressWindow({ most: 2, length: 1_000, now: () => clock });
    expect([take('10.0.0.1'), take('10.0.0.1'), take('10.0.0.1'), take('10.0.0.2')]).toEqual([true, true, false, true]);
    clock = 999;
    expect(take('10.0.0.1')).toBe(false);
    clock = 1_000;
    expect(take('10.0.0.1')).toBe(true);
  });

  it.each([
    ['10.0.0.1', '::ffff:10.0.0.1'],
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff'],
    ['2001:db8:1:2::', '2001:db8:1:2:0:0:0:9'],
    ['::1', '0:0:0:0:0:0:0:1'],
    ['fe80::1%eth0', 'fe80::2%eth1'],
  ])('%s is counted as %s', (one, same) => {
    const { take } = makeAddressWindow({ most: 1, length: 1_000, now: () => 0 });
    expect([take(one), take(same)]).toEqual([true, false]);
  });

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:3::1'],
    ['10.0.0.1', '10.0.0.11'],
  ])('%s is not counted as %s', (one, other) => {
    const { take } = makeAddressWindow({ most: 1, length: 1_000, now: () => 0 });
    expect([take(one), take(other)]).toEqual([true, true]);
  });
});
