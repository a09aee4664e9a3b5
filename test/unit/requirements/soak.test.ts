import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SoakPolicy } from '../../../src/domain/policy/soak-policy.ts';
import { soakRequirement } from '../../../src/domain/requirements/soak.ts';
import { lengthOf, longestStretch, type RunFigures, type Stretch, unbroken } from '../../../src/domain/soak.ts';
import { afterNoon, DAY, NOON } from '../../support/domain-builders.ts';
import { factsOf } from '../../support/facts.ts';

const judge = (soak: SoakPolicy, stretches: Stretch[], now = NOON) =>
  soakRequirement.evaluate(factsOf({ soak }, { stretches, now }));
const since = (milliseconds: number, figures?: RunFigures): Stretch => ({
  ...{ from: afterNoon(-milliseconds), to: null },
  ...(figures !== undefined && { figures }),
});
const runs = (all: number, failed = 0, divergence: number | null = null): RunFigures => ({
  runs: all,
  failed,
  divergence,
});

describe('a soak of 24 hours', () => {
  const asked = { for: DAY };

  it('is met after exactly 24 hours, and a millisecond earlier says when', () => {
    expect(judge(asked, [since(DAY)])).toEqual({ state: 'met', summary: 'Soaked for 24 h' });
    expect(judge(asked, [since(DAY - 1)])).toEqual({
      state: 'pending',
      summary: 'Soak of 24 h',
      detail: '23 h 59 min so far',
      retryAt: afterNoon(1),
    });
  });

  it('is not put together from two stretches', () => {
    const before = { from: afterNoon(-2 * DAY), to: afterNoon(-DAY - 2) };
    expect(judge(asked, [before, since(DAY - 1)]).state).toBe('pending');
  });

  it('is met by a stretch that has ended', () => {
    expect(judge(asked, [{ from: afterNoon(-9 * DAY), to: afterNoon(-8 * DAY) }, since(1)]).state).toBe('met');
    expect(judge(asked, [{ from: afterNoon(-9 * DAY), to: afterNoon(-8 * DAY - 1) }])).toMatchObject({
      state: 'pending',
    });
  });

  it('waits for nobody’s clock where the version is not active there', () => {
    const { retryAt } = judge(asked, [{ from: afterNoon(-1_000), to: afterNoon(-1) }]);
    expect(retryAt).toBeUndefined();
    expect(judge(asked, []).detail).toBe('it was not active there');
  });

  it('gains nothing from a clock that goes back, or from a stretch that begins or ends in the future', () => {
    expect(judge(asked, [since(-1)])).toMatchObject({ state: 'pending', retryAt: afterNoon(DAY) });
    expect(judge(asked, [{ from: afterNoon(-1), to: afterNoon(DAY) }]).state).toBe('pending');
    expect(judge(asked, [since(DAY)], afterNoon(-1)).state).toBe('pending');
  });
});

describe('what runs say of a soak', () => {
  const asked: SoakPolicy = { for: DAY, minRuns: 50, maxErrorRate: 0.02, maxDivergence: 0.1 };

  it('is enough at exactly the number and the rates', () => {
    expect(judge(asked, [since(DAY, runs(100, 2, 0.1))]).state).toBe('met');
    expect(judge(asked, [since(DAY, runs(51, 1, 0.1))]).state).toBe('met');
    expect(judge(asked, [since(DAY, runs(50, 1, 0.1))])).toMatchObject({ detail: '49 of 50 healthy runs' });
    expect(judge(asked, [since(DAY, runs(100, 3, 0.1))]).state).toBe('pending');
    expect(judge(asked, [since(DAY, runs(100, 2, 0.1000001))]).state).toBe('pending');
  });

  it('is asked for where nobody looked it up, and where there was no run to have a rate', () => {
    expect(judge(asked, [since(DAY)]).state).toBe('pending');
    expect(judge({ for: DAY, maxErrorRate: 1 }, [since(DAY, runs(0))]).state).toBe('pending');
    expect(judge({ for: DAY, maxDivergence: 1 }, [since(DAY, runs(9))]).state).toBe('pending');
    expect(judge({ for: DAY, minRuns: 1 }, [since(DAY, runs(3, 4))]).state).toBe('pending');
    expect(judge({ for: DAY, maxErrorRate: 0.5 }, [since(DAY, runs(Number.NaN, 0))]).state).toBe('pending');
  });

  it('does not wait for the clock where time is not what is missing', () => {
    expect(judge(asked, [since(DAY, runs(1))]).retryAt).toBeUndefined();
  });

  it('of an earlier stretch does not count where it does badly now', () => {
    const good: Stretch = { from: afterNoon(-9 * DAY), to: afterNoon(-8 * DAY), figures: runs(100, 0, 0) };
    expect(judge(asked, [good, since(1, runs(0))]).state).toBe('met');
    expect(judge(asked, [good, since(1, runs(2, 1, 0))])).toMatchObject({ state: 'pending' });
    expect(judge(asked, [good, since(1)]).state).toBe('pending');
  });
});

describe('stretches', () => {
  const minute = fc.integer({ min: -200, max: 50 });
  const stretch = fc
    .tuple(minute, fc.option(fc.integer({ min: 0, max: 60 })))
    .map(([from, length]) => ({ from: afterNoon(from), to: length === null ? null : afterNoon(from + length) }));

  it('have the longest one found, whatever order they come in', () => {
    fc.assert(
      fc.property(fc.array(stretch, { minLength: 1, maxLength: 8 }), (stretches) => {
        const longest = longestStretch(stretches, NOON);
        const lengths = stretches.map((one) => {
          let length = 0;
          for (let at = -250; at < 0; at++)
            if (one.from <= afterNoon(at) && (one.to === null || one.to > afterNoon(at))) length++;
          return length;
        });
        expect(longest === null ? null : lengthOf(longest, NOON)).toBe(Math.max(...lengths));
      }),
      { numRuns: 1_000 },
    );
  });

  it('that touch or overlap are one, and nothing is gained or lost by it', () => {
    fc.assert(
      fc.property(fc.array(stretch, { maxLength: 8 }), (stretches) => {
        const merged = unbroken(stretches);
        const covers = (all: typeof merged, at: Date) =>
          all.some(({ from, to }) => from <= at && (to === null || at < to));
        for (let at = -210; at <= 120; at++)
          expect(covers(merged, afterNoon(at))).toBe(covers(stretches, afterNoon(at)));
        merged.slice(1).forEach((next, i) => {
          expect(Number(merged[i]?.to)).toBeLessThan(next.from.getTime());
          expect(merged[i]?.to).not.toBeNull();
        });
      }),
      { numRuns: 500 },
    );
  });
});
