import { describe, expect, it } from 'vitest';
import type { Policy } from '../../../src/domain/policy/policy.ts';
import {
  budgetOf,
  type LastRun,
  needsReplay,
  needsRun,
  suiteByItself,
} from '../../../src/domain/suite/runs-by-itself.ts';

const DAY = 86_400_000;
const AT = new Date('2026-11-23T09:00:00Z');
const ago = (milliseconds: number) => new Date(AT.getTime() - milliseconds);
const policy = (more: Partial<Policy> = {}): Policy => ({
  ...{ approvals: [], expireAfter: 7 * DAY, rollback: { role: 'member' } },
  ...more,
});
const last = (more: Partial<LastRun> = {}): LastRun => ({
  ...{ state: 'completed', promotionId: 'earlier', endedAt: ago(1_000), liveVersionId: 'v1' },
  ...more,
});

describe('a suite by itself', () => {
  it.each([
    ['tests', { tests: { minPassRate: 0.8, maxAge: 3 * DAY } }, 3 * DAY],
    ['a quality', { quality: [{ scale: 'tone', minScore: 4, of: 5, maxAge: DAY }] }, DAY],
    ['a cost', { cost: { maxCostPerRun: 1, maxAge: 2 * DAY } }, 2 * DAY],
    ['a latency', { latency: { maxP95: 1, maxAge: 2 * DAY }, tests: { minPassRate: 1, maxAge: DAY } }, DAY],
  ] as const)('runs where %s is asked for, for $5 at most', (_what, asked, maxAge) => {
    expect(suiteByItself(policy(asked as Partial<Policy>))).toEqual({ budget: 5, maxAge });
  });

  it('runs where the policy says so, and does not where it says so', () => {
    expect(suiteByItself(policy())).toBeNull();
    expect(suiteByItself(policy({ suites: { onOpen: true, budget: 2 } }))).toEqual({ budget: 2, maxAge: Infinity });
    const tests = { minPassRate: 0.8, maxAge: DAY };
    expect(suiteByItself(policy({ tests, suites: { onOpen: false, budget: 2 } }))).toBeNull();
  });

  it('costs what the policy lets it, also when somebody asks for it', () => {
    expect(budgetOf(policy())).toBe(5);
    expect(budgetOf(policy({ suites: { onOpen: false, budget: 0 } }))).toBe(0);
  });
});

describe('whether a promotion needs a run', () => {
  const needs = (one: LastRun | null) => needsRun(one, { promotionId: 'this', at: AT, maxAge: DAY });

  it('does where nothing ran yet, or what ran for another one came to no end', () => {
    expect(needs(null)).toBe(true);
    expect(needs(last({ state: 'failed' }))).toBe(true);
    expect(needs(last({ state: 'stopped' }))).toBe(true);
  });

  it('does not while one is under way, whoever asked for it', () => {
    expect(needs(last({ state: 'queued', endedAt: null }))).toBe(false);
    expect(needs(last({ state: 'running', endedAt: null }))).toBe(false);
  });

  it('has no second one of its own by itself where the first came to no end, however old that is', () => {
    for (const state of ['failed', 'stopped'] as const)
      expect(needs(last({ state, promotionId: 'this', endedAt: ago(9 * DAY) }))).toBe(false);
  });

  it.each(['this', 'earlier'])(
    'is content with one of %s that is exactly as old as it may be, and not a millisecond older',
    (promotionId) => {
      expect(needs(last({ promotionId, endedAt: ago(DAY) }))).toBe(false);
      expect(needs(last({ promotionId, endedAt: ago(DAY + 1) }))).toBe(true);
    },
  );

  it('is content with one that ended later than now', () => {
    expect(needs(last({ endedAt: ago(-DAY) }))).toBe(false);
  });
});

describe('whether a promotion needs a replay', () => {
  const needs = (one: LastRun | null, liveVersionId = 'v1') => needsReplay(one, { promotionId: 'this', liveVersionId });

  it('does where there was none, or something else is live by now', () => {
    expect(needs(null)).toBe(true);
    expect(needs(last({ promotionId: 'this' }), 'v2')).toBe(true);
  });

  it('does not while one is under way, even with something else live: its end has it looked at again', () => {
    expect(needs(last({ state: 'running' }), 'v2')).toBe(false);
  });

  it('does where the last one ended before what it is to be of began, and not at that very moment', () => {
    const since = (at: Date) => needsReplay(last(), { promotionId: 'this', liveVersionId: 'v1', since: at });
    expect(since(ago(999))).toBe(true);
    expect(since(ago(1_000))).toBe(false);
  });

  it('does not begin anew what failed for this very promotion', () => {
    expect(needs(last({ state: 'failed', promotionId: 'this' }))).toBe(false);
    expect(needs(last({ state: 'failed' }))).toBe(true);
    expect(needs(last())).toBe(false);
  });
});
