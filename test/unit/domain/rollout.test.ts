import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  assertShare,
  isPartial,
  parseShare,
  percentOf,
  shareOf,
  shareText,
  sideOf,
  WHOLE,
} from '../../../src/domain/rollout.ts';
import { expectRefused, refusalOf } from '../../support/refusals.ts';

const aShare = fc.integer({ min: 0, max: WHOLE });
const aKey = fc.string({ maxLength: 40, unit: 'binary' });

describe('a share', () => {
  it.each([
    ['10%', 1_000],
    ['10', 1_000],
    ['0.5%', 50],
    ['0.05', 5],
    ['0%', 0],
    ['100%', 10_000],
    ['100.00 %', 10_000],
    [' 33.33% ', 3_333],
  ])('is read from ‘%s’', (typed, share) => {
    expect(parseShare(typed)).toBe(share);
  });

  it.each([
    ...[
      '',
      '%',
      'ten',
      '-1%',
      '+1%',
      '100.01%',
      '101',
      '1000',
      '0.005%',
      '1.',
      '.5',
      '1e1',
      '0x10',
      '10%%',
      '1 0%',
      '10 %%',
    ],
    ...['١٠%', '10%\n20%', 'NaN', '∞'],
  ])('is not read from %j', (typed) => {
    expect(parseShare(typed)).toBeNull();
  });

  it('is printed without what says nothing', () => {
    expect([0, 5, 50, 1_000, 3_333, 10_000].map(shareText)).toEqual(['0%', '0.05%', '0.5%', '10%', '33.33%', '100%']);
  });

  it('is read from what is printed of it, and from its number of percent', () => {
    fc.assert(
      fc.property(aShare, (share) => {
        expect(parseShare(shareText(share))).toBe(share);
        expect(shareOf(percentOf(share))).toBe(share);
      }),
    );
  });

  it.each([-0.01, 100.01, 0.005, Number.NaN, Number.POSITIVE_INFINITY])('is not %d percent', (percent) => {
    expect(shareOf(percent)).toBeNull();
  });

  it.each([-1, 10_001, 0.5, Number.NaN])('is refused as %d', (share) => {
    expectRefused(
      refusalOf(() => assertShare(share)),
      'invalid_input',
    );
  });

  it('needs keys to be told apart by unless it is nothing or everything', () => {
    expect([0, 1, 9_999, 10_000].map(isPartial)).toEqual([false, true, true, false]);
  });
});

describe('which side a key is on', () => {
  const side = (key: string | null, share: number, deploymentId = 'd1', workflowId = 'w1') =>
    sideOf({ workflowId, deploymentId, key }, share);
  const keys = Array.from({ length: 10_000 }, (_, i) => `customer-${i}`);
  const chosen = (share: number, deploymentId?: string) =>
    keys.filter((key) => side(key, share, deploymentId) === 'candidate');

  it.each([50, 500, 1_000, 2_500, 5_000, 9_000])(
    'is the candidate’s for %d hundredths of a percent of 10,000 keys, to one percent',
    (share) => {
      expect(Math.abs(chosen(share).length / keys.length - share / WHOLE)).toBeLessThan(0.01);
    },
  );

  it('is nobody’s at nothing and everybody’s at everything', () => {
    fc.assert(
      fc.property(aKey, (key) => {
        expect([side(key, 0), side(key, WHOLE)]).toEqual(['active', 'candidate']);
      }),
    );
  });

  it('stays the candidate’s while the share grows', () => {
    fc.assert(
      fc.property(aKey, aShare, aShare, (key, one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        if (side(key, less) === 'candidate') expect(side(key, more)).toBe('candidate');
      }),
      { numRuns: 500 },
    );
  });

  it('is the same each time it is asked', () => {
    // Pinned: another way of choosing would move people from one side to the other in the middle of a rollout.
    const forty = keys.slice(0, 40).map((key) => (side(key, 5_000) === 'candidate' ? 1 : 0));
    expect(forty.join('')).toBe('0111001110001111000110100111001011110001');
  });

  it('is chosen anew for each candidate and each workflow', () => {
    const [first, second] = [new Set(chosen(1_000, 'd1')), chosen(1_000, 'd2')];
    const both = second.filter((key) => first.has(key)).length;
    // A tenth of a tenth by chance.
    expect(both).toBeGreaterThan(50);
    expect(both).toBeLessThan(150);
    expect(keys.some((key) => side(key, 5_000, 'd1', 'w1') !== side(key, 5_000, 'd1', 'w2'))).toBe(true);
  });

  it('takes the three apart, however they are spelled', () => {
    const differs = (a: [string, string, string], b: [string, string, string]) =>
      Array.from({ length: 99 }, (_, i) => (i + 1) * 100).some(
        (share) => side(a[2], share, a[1], a[0]) !== side(b[2], share, b[1], b[0]),
      );
    expect(differs(['w', 'd1', '2'], ['w', 'd', '12'])).toBe(true);
    expect(differs(['w","d', 'x', 'k'], ['w', 'd","x', 'k'])).toBe(true);
  });

  it('is what is active without a key, until the candidate has everything', () => {
    expect(side(null, WHOLE - 1)).toBe('active');
    expect(side(null, WHOLE)).toBe('candidate');
  });

  it('is a key’s own, the empty one among them', () => {
    expect(Array.from({ length: 50 }, (_, i) => side('', 5_000, `d${i}`))).toContain('candidate');
  });
});
