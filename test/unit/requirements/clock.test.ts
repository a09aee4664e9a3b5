import { describe, expect, it } from 'vitest';
import type { FreezeRule } from '../../../src/domain/freeze-calendar.ts';
import { evaluateAll, judgeAgainAt, waitsForTheClock } from '../../../src/domain/requirements/evaluate.ts';
import { type Freeze, freezeRequirement } from '../../../src/domain/requirements/freeze.ts';
import { type Lock, lockRequirement, locksOn } from '../../../src/domain/requirements/lock.ts';
import type { Facts } from '../../../src/domain/requirements/requirement.ts';
import { scheduleRequirement } from '../../../src/domain/requirements/schedule.ts';
import { afterNoon, DAY, NOON, promotion } from '../../support/domain-builders.ts';
import { factsOf } from '../../support/facts.ts';

const HOUR = 60 * 60_000;
const kinds = (facts: Facts) => evaluateAll(facts).map(({ kind }) => kind);

describe('a freeze set by hand', () => {
  const freeze = (but: Partial<Freeze> = {}): Freeze => ({
    ...{ environmentId: 'env-staging', reason: 'Trade fair', by: 'U1', at: NOON, until: afterNoon(HOUR) },
    ...but,
  });
  const judge = (freezes: Freeze[], now = NOON) => freezeRequirement.evaluate(factsOf({}, { freezes, now }));

  it('holds until its very end, and says why, by whom and when to look again', () => {
    expect(judge([freeze()], afterNoon(HOUR - 1))).toEqual({
      state: 'pending',
      summary: 'staging is frozen',
      detail: 'Trade fair',
      people: ['U1'],
      retryAt: afterNoon(HOUR),
    });
    expect(kinds(factsOf({}, { freezes: [freeze()], now: afterNoon(HOUR) }))).toEqual(['approvals']);
  });

  it('is of one environment', () => {
    expect(kinds(factsOf({}, { freezes: [freeze({ environmentId: 'env-production' })] }))).toEqual(['approvals']);
  });

  it('holds until the last of several has ended; without an end the clock changes nothing', () => {
    expect(judge([freeze(), freeze({ until: afterNoon(2 * HOUR) })]).retryAt).toEqual(afterNoon(2 * HOUR));
    expect(judge([freeze(), freeze({ until: null, reason: 'Audit' })])).toMatchObject({ detail: 'Audit' });
    expect(judge([freeze({ until: null })]).retryAt).toBeUndefined();
  });
});

describe('freeze windows', () => {
  const monday: FreezeRule = {
    rrule: 'FREQ=WEEKLY;BYDAY=MO',
    timeZone: 'UTC',
    lasts: 'P1D',
    kind: 'deny',
    reason: 'No Mondays',
  };
  const judge = (freezes: FreezeRule[], now = NOON) => freezeRequirement.evaluate(factsOf({ freezes }, { now }));

  it('hold until their end', () => {
    expect(judge([monday])).toEqual({
      state: 'pending',
      summary: 'staging is frozen',
      detail: 'No Mondays',
      retryAt: afterNoon(DAY / 2),
    });
    expect(judge([monday], afterNoon(DAY / 2))).toEqual({ state: 'met', summary: 'staging is not frozen' });
  });

  it('that allow tell when the next one opens', () => {
    const tuesday: FreezeRule = { ...monday, rrule: 'FREQ=WEEKLY;BYDAY=TU', kind: 'allow', reason: 'Tuesdays only' };
    expect(judge([tuesday])).toMatchObject({ state: 'pending', retryAt: afterNoon(DAY / 2) });
    expect(judge([tuesday], afterNoon(DAY / 2)).state).toBe('met');
  });

  it('that can’t be followed let nothing through', () => {
    expect(judge([{ ...monday, rrule: 'FREQ=NONSENSE' }]).state).toBe('failed');
    expect(judge([{ ...monday, timeZone: 'Mars/Olympus' }]).state).toBe('failed');
  });
});

describe('a lock', () => {
  const lock = (but: Partial<Lock> = {}): Lock => ({
    ...{ id: 'l1', workflowId: null, environmentId: 'env-staging', reason: 'Investigating', by: 'U1' },
    ...{ at: afterNoon(-3 * HOUR), until: null, promotionId: null },
    ...but,
  });

  it('holds what is in its scope', () => {
    const held = (one: Lock) => locksOn([one], 'wf', 'env-staging', NOON).length === 1;
    expect(held(lock())).toBe(true);
    expect(held(lock({ environmentId: null }))).toBe(true);
    expect(held(lock({ environmentId: null, workflowId: 'wf' }))).toBe(true);
    expect(held(lock({ environmentId: null, workflowId: 'other' }))).toBe(false);
    expect(held(lock({ environmentId: 'env-production' }))).toBe(false);
    expect(held(lock({ environmentId: 'env-production', workflowId: 'wf' }))).toBe(false);
  });

  it('is shown with its owner and its reason, and ends to the millisecond', () => {
    const judge = (now: Date) =>
      lockRequirement.evaluate(factsOf({}, { locks: [lock({ until: afterNoon(HOUR) })], now }));
    expect(judge(NOON)).toEqual({
      state: 'pending',
      summary: 'staging is locked',
      detail: 'Investigating',
      people: ['U1'],
      retryAt: afterNoon(HOUR),
    });
    expect(judge(afterNoon(HOUR - 1)).state).toBe('pending');
    expect(judge(afterNoon(HOUR)).state).toBe('met');
  });

  it('without an end waits for a person', () => {
    expect(lockRequirement.evaluate(factsOf({}, { locks: [lock()] })).retryAt).toBeUndefined();
  });
});

describe('a scheduled promotion', () => {
  const judge = (deployAt: Date) => scheduleRequirement.evaluate(factsOf({}, { promotion: promotion({ deployAt }) }));

  it('waits until its very time', () => {
    expect(judge(afterNoon(1))).toEqual({ state: 'pending', summary: 'Scheduled for later', retryAt: afterNoon(1) });
    expect(judge(NOON).state).toBe('met');
  });

  it('is one that was given a time', () => {
    expect(kinds(factsOf({}, { promotion: promotion({ deployAt: null }) }))).toEqual(['approvals']);
  });
});

describe('judging again', () => {
  const verdict = (state: 'met' | 'pending' | 'failed', minutes?: number) => ({
    ...{ state, summary: '' },
    ...(minutes !== undefined && { retryAt: afterNoon(minutes * 60_000) }),
  });

  it('is done when the first of what is not met may be otherwise', () => {
    expect(judgeAgainAt([verdict('met', 1), verdict('pending', 3), verdict('pending', 2), verdict('pending')])).toEqual(
      afterNoon(120_000),
    );
    expect(judgeAgainAt([verdict('met', 1), verdict('pending')])).toBeNull();
  });

  it('is all that is left where every other thing is met', () => {
    expect(waitsForTheClock([verdict('met'), verdict('pending', 1)])).toBe(true);
    expect(waitsForTheClock([verdict('pending'), verdict('pending', 1)])).toBe(false);
    expect(waitsForTheClock([verdict('met')])).toBe(false);
    expect(waitsForTheClock([{ kind: 'approvals', ...verdict('pending', 1) }])).toBe(false);
  });

  it('is never due already', () => {
    const facts = factsOf(
      { soak: { for: DAY } },
      {
        stretches: [{ from: afterNoon(-1), to: null }],
        freezes: [{ environmentId: 'env-staging', reason: '', by: 'U1', at: NOON, until: afterNoon(1) }],
        promotion: promotion({ deployAt: afterNoon(2) }),
      },
    );
    for (const { retryAt } of evaluateAll(facts)) if (retryAt) expect(retryAt > facts.now).toBe(true);
    expect(judgeAgainAt(evaluateAll(facts))).toEqual(afterNoon(1));
  });
});
