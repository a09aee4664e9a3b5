import { describe, expect, it } from 'vitest';
import { delayBefore } from '../../../src/client/delay-before.ts';

describe('waiting before the next attempt', () => {
  it('doubles from half a second to half a minute', () => {
    const longest = [1, 2, 3, 6, 7, 8, 1_000].map((failures) => delayBefore(failures, null, () => 1));
    expect(longest).toEqual([500, 1_000, 2_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('leaves up to half of it out, so that not all come at once', () => {
    expect(delayBefore(2, null, () => 0)).toBe(500);
  });

  it('waits as long as it was asked to, up to half a minute', () => {
    expect(delayBefore(1, 5_000, () => 0)).toBe(5_000);
    expect(delayBefore(1, 86_400_000, () => 0)).toBe(30_000);
  });
});
