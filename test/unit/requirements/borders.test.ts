import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../../../src/domain/check-result.ts';
import type { Policy } from '../../../src/domain/policy/policy.ts';
import { approvalsRequirement } from '../../../src/domain/requirements/approvals.ts';
import { costRequirement } from '../../../src/domain/requirements/cost.ts';
import { latencyRequirement } from '../../../src/domain/requirements/latency.ts';
import { lockRequirement } from '../../../src/domain/requirements/lock.ts';
import { qualityRequirement } from '../../../src/domain/requirements/quality.ts';
import type { Facts } from '../../../src/domain/requirements/requirement.ts';
import { scheduleRequirement } from '../../../src/domain/requirements/schedule.ts';
import { soakRequirement } from '../../../src/domain/requirements/soak.ts';
import { parseSchedule } from '../../../src/domain/schedule.ts';
import { afterNoon, DAY, NOON, promotion } from '../../support/domain-builders.ts';
import { factsOf, liveResult, result } from '../../support/facts.ts';

const HOUR = 60 * 60_000;

describe('results that are old', () => {
  const maxAge = DAY;
  const kinds: [string, Partial<Policy>, CheckResult, (facts: Facts) => { state: string }][] = [
    [
      'quality',
      { quality: [{ scale: 'tone', minScore: 4, of: 5, maxAge }] },
      result('quality', { name: 'tone', score: 4, of: 5 }),
      qualityRequirement.evaluate,
    ],
    ['cost', { cost: { maxCostPerRun: 1, maxAge } }, result('cost', { costPerRun: 1 }), costRequirement.evaluate],
    ['latency', { latency: { maxP95: 1_000, maxAge } }, result('latency', { p95: 1_000 }), latencyRequirement.evaluate],
  ];
  it.each(kinds)(
    'of %s count for exactly as long as is said, and as long by a clock that went back',
    (_, asked, one, evaluate) => {
      const judge = (now: Date) => evaluate(factsOf(asked, { checks: [one], liveChecks: null, now })).state;
      expect(judge(afterNoon(DAY))).toBe('met');
      expect(judge(afterNoon(DAY + 1))).toBe('pending');
      expect(judge(afterNoon(-DAY))).toBe('met');
    },
  );
});

describe('latency beside what is live', () => {
  const judge = (p95: number, live: number | null | undefined) =>
    latencyRequirement.evaluate(
      factsOf(
        { latency: { maxIncrease: 0.5, maxAge: DAY } },
        {
          checks: [result('latency', { p95 })],
          liveChecks: live === null ? null : live === undefined ? [] : [liveResult('latency', { p95: live })],
        },
      ),
    ).state;

  it('may rise by exactly as much as is said', () => {
    expect(judge(1_500, 1_000)).toBe('met');
    expect(judge(1_501, 1_000)).toBe('failed');
  });

  it('rises by nothing where nothing is live, and is not judged where what is live has no figure', () => {
    expect(judge(99_000, null)).toBe('met');
    expect(judge(1, undefined)).toBe('pending');
  });
});

describe('where clocks are changed', () => {
  // In Berlin, clocks skip an hour on 29 March 2026, and show one twice on 25 October.
  it.each(['2026-03-28T12:00:00Z', '2026-10-24T12:00:00Z'])(
    'a soak of 24 h from %s is 24 times sixty minutes',
    (start) => {
      const from = new Date(start);
      const judge = (milliseconds: number) =>
        soakRequirement.evaluate(
          factsOf(
            { soak: { for: DAY } },
            { stretches: [{ from, to: null }], now: new Date(from.getTime() + milliseconds) },
          ),
        ).state;
      expect(judge(DAY - 1)).toBe('pending');
      expect(judge(DAY)).toBe('met');
    },
  );

  it('a schedule is met at the hour that clocks show there, to the millisecond', () => {
    const now = new Date('2026-10-24T12:00:00Z');
    const deployAt = parseSchedule('monday 09:00', { now, timeZone: 'Europe/Berlin' });
    expect(deployAt).toEqual(new Date('2026-10-26T08:00:00Z'));
    const judge = (at: Date) =>
      scheduleRequirement.evaluate(factsOf({}, { now: at, promotion: promotion({ deployAt }) })).state;
    expect(judge(new Date('2026-10-26T07:59:59.999Z'))).toBe('pending');
    expect(judge(new Date('2026-10-26T08:00:00Z'))).toBe('met');
  });
});

describe('a clock that goes back', () => {
  it('lets nothing through that was kept back: a lock, a schedule', () => {
    const lock = {
      id: 'l',
      workflowId: null,
      environmentId: null,
      reason: 'x',
      by: 'U1',
      at: NOON,
      until: afterNoon(HOUR),
      promotionId: null,
    };
    expect(lockRequirement.evaluate(factsOf({}, { locks: [lock], now: afterNoon(-HOUR) })).state).toBe('pending');
    const facts = factsOf({}, { now: afterNoon(-HOUR), promotion: promotion({ deployAt: NOON }) });
    expect(scheduleRequirement.evaluate(facts)).toMatchObject({ state: 'pending', retryAt: NOON });
  });
});

describe('approvals that nobody is asked for', () => {
  it('are met, where risk asks for nobody either', () => {
    expect(approvalsRequirement.evaluate(factsOf({})).state).toBe('met');
    expect(approvalsRequirement.evaluate(factsOf({ risk: { high: { count: 1 } } }, { risk: 'medium' })).state).toBe(
      'met',
    );
    expect(approvalsRequirement.evaluate(factsOf({ risk: { high: { count: 1 } } }, { risk: 'high' })).state).toBe(
      'pending',
    );
  });
});
