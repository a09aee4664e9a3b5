import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../../../src/domain/check-result.ts';
import { checklistRequirement } from '../../../src/domain/requirements/checklist.ts';
import { checksRequirement } from '../../../src/domain/requirements/checks.ts';
import { evaluateAll } from '../../../src/domain/requirements/evaluate.ts';
import { type GateAnswer, gatesRequirement } from '../../../src/domain/requirements/gates.ts';
import { type ParityFinding, parityRequirement } from '../../../src/domain/requirements/parity.ts';
import type { Facts } from '../../../src/domain/requirements/requirement.ts';
import { shadowRequirement } from '../../../src/domain/requirements/shadow.ts';
import { afterNoon, NOON, promotion } from '../../support/domain-builders.ts';
import { factsOf, result } from '../../support/facts.ts';

const HOUR = 60 * 60_000;

describe('named checks', () => {
  const judge = (checks: CheckResult[]) =>
    checksRequirement.evaluate(factsOf({ checks: ['security', 'licence'] }, { checks }));
  const check = (name: string, but: Partial<CheckResult> = {}) => result('check', { name, ...but });

  it('of one say no name twice', () => {
    const one = (checks: CheckResult[]) => checksRequirement.evaluate(factsOf({ checks: ['security'] }, { checks }));
    expect(one([])).toEqual({ state: 'pending', summary: 'Check security', detail: 'no result yet' });
    expect(one([check('security', { state: 'running' })])).toMatchObject({ state: 'pending', detail: 'it runs' });
  });

  it('all have to have passed, by their newest result', () => {
    expect(judge([check('security'), check('licence')])).toEqual({
      state: 'met',
      summary: 'Checks security, licence passed',
    });
    expect(judge([check('security')])).toMatchObject({ state: 'pending', detail: 'still open: licence' });
    expect(judge([check('security'), check('licence', { state: 'running' })]).state).toBe('pending');
    const failed = check('licence', { state: 'failed', at: afterNoon(-1), detail: 'GPL found' });
    expect(judge([check('security'), failed])).toMatchObject({ state: 'failed', detail: 'licence failed: GPL found' });
    expect(judge([check('security'), failed, check('licence')]).state).toBe('met');
  });

  it('are of this version in this environment, and of this kind', () => {
    const all = [check('security'), check('licence')];
    expect(judge(all.map((one) => ({ ...one, versionId: 'v1' }))).state).toBe('pending');
    expect(judge(all.map((one) => ({ ...one, environmentId: 'env-production' }))).state).toBe('pending');
    expect(judge(all.map((one) => ({ ...one, kind: 'tests' as const }))).state).toBe('pending');
  });
});

describe('gates', () => {
  const gate = { url: 'https://gate.example/ask', secretVariable: 'S', timeout: HOUR, allowPrivate: false };
  const judge = (gates: GateAnswer[], now = NOON, asked = [gate]) =>
    gatesRequirement.evaluate(factsOf({ gates: asked }, { gates, now }));
  const answer = (state: GateAnswer['state'], but: Partial<GateAnswer> = {}): GateAnswer => ({
    ...{ url: gate.url, state, askedAt: NOON },
    ...but,
  });

  it('have to say yes, and say no for good', () => {
    expect(judge([answer('approved')])).toEqual({ state: 'met', summary: 'gate.example said yes' });
    expect(judge([answer('rejected', { detail: 'Change window closed' })])).toEqual({
      state: 'failed',
      summary: 'gate.example said no',
      detail: 'Change window closed',
    });
    expect(judge([answer('unreachable')]).state).toBe('failed');
    expect(judge([])).toMatchObject({ state: 'pending' });
  });

  it('have exactly their time to answer', () => {
    expect(judge([answer('asked')], afterNoon(HOUR - 1))).toMatchObject({ state: 'pending', retryAt: afterNoon(HOUR) });
    expect(judge([answer('asked')], afterNoon(HOUR))).toEqual({
      state: 'failed',
      summary: 'gate.example did not answer within 1 h',
    });
    // A clock that goes back gives no more time than was said.
    expect(judge([answer('asked')], afterNoon(-HOUR)).retryAt).toEqual(NOON);
  });

  it('said yes to what is proposed now, and to nothing else', () => {
    const other = answer('approved', { fingerprint: 'f'.repeat(64) });
    expect(judge([other]).state).toBe('pending');
    expect(judge([other, answer('approved', { url: 'https://other.example/' })]).state).toBe('pending');
    expect(judge([answer('approved', { fingerprint: factsOf({}).fingerprint })]).state).toBe('met');
  });

  it('are judged by what they said last, and each of them', () => {
    expect(judge([answer('rejected', { askedAt: afterNoon(-1) }), answer('approved')]).state).toBe('met');
    const second = { ...gate, url: 'https://second.example/' };
    expect(judge([answer('approved')], NOON, [gate, second]).state).toBe('pending');
  });
});

describe('a shadow', () => {
  const shadow = { sample: 100, minSimilarity: 0.85, maxDivergence: 0.1 };
  const judge = (checks: CheckResult[], asked: typeof shadow | Omit<typeof shadow, 'maxDivergence'> = shadow) =>
    shadowRequirement.evaluate(factsOf({ shadow: asked }, { checks, liveChecks: [] }));
  const replay = (but: Partial<CheckResult>) => result('shadow', { score: 0.9, of: 1, ...but });

  it('may diverge at exactly the rate, a tenth where none is said', () => {
    expect(judge([replay({ passed: 90, failed: 10 })])).toEqual({
      state: 'met',
      summary: 'Shadow: 10% of 100 answers diverged',
    });
    expect(judge([replay({ passed: 89, failed: 11 })]).state).toBe('failed');
    const { maxDivergence: _, ...rest } = shadow;
    expect(judge([replay({ passed: 90, failed: 10 })], rest).state).toBe('met');
    expect(judge([replay({ passed: 89, failed: 11 })], rest).state).toBe('failed');
  });

  it('counts what nothing compared as diverged', () => {
    expect(judge([replay({ passed: 89, failed: 10, notJudged: 1 })]).state).toBe('failed');
  });

  it('takes as many inputs as were asked for', () => {
    expect(judge([replay({ passed: 99 })])).toMatchObject({
      state: 'pending',
      detail: 'only 99 of 100 inputs were replayed',
    });
    expect(judge([])).toMatchObject({ state: 'pending' });
    expect(judge([replay({ state: 'running', detail: '12 of 100' })])).toMatchObject({
      state: 'pending',
      detail: '12 of 100',
    });
    expect(judge([replay({ state: 'errored', passed: 100, detail: 'not shadowSafe' })]).state).toBe('failed');
  });

  it('is not passed by a mean below what is asked for now', () => {
    expect(judge([replay({ passed: 100, score: 0.85 })]).state).toBe('met');
    expect(judge([replay({ passed: 100, score: 0.8499 })]).state).toBe('failed');
  });

  it('has nothing to diverge from where nothing is live', () => {
    expect(shadowRequirement.evaluate(factsOf({ shadow }, { checks: [], liveChecks: null })).state).toBe('met');
  });
});

describe('parity of configuration', () => {
  const judge = (parity: ParityFinding[], probes = [{ tcp: 'db:5432' }]) =>
    parityRequirement.evaluate(factsOf({ parity: { probes } }, { parity }));
  const probe: ParityFinding = { what: 'probe', name: 'db:5432', isThere: true };

  it('is met where all is there and every probe answered', () => {
    expect(judge([probe, { what: 'variable', name: 'MODEL', isThere: true }]).state).toBe('met');
    expect(judge([])).toMatchObject({ state: 'pending', detail: 'not tried yet: db:5432' });
    expect(judge([], []).state).toBe('met');
  });

  it('is good enough to go live by for exactly ten minutes, and is looked at again then where it alone is missing', () => {
    const parityAfter = (milliseconds: number, but: Partial<Facts> = {}) =>
      evaluateAll(
        factsOf({ parity: { probes: [] } }, { parity: [], parityAt: NOON, now: afterNoon(milliseconds), ...but }),
      ).find(({ kind }) => kind === 'parity');
    expect(parityAfter(HOUR / 6)).toMatchObject({ state: 'met' });
    expect(parityAfter(HOUR / 6 + 1)).toMatchObject({
      state: 'pending',
      detail: expect.stringContaining('too long ago'),
    });
    expect(parityAfter(-HOUR)).toMatchObject({ state: 'met' });
    expect(parityAfter(HOUR, { promotion: promotion({ deployAt: afterNoon(2 * HOUR) }) })).toMatchObject({
      state: 'met',
    });
  });

  it('names what is missing, a few of them', () => {
    const secret: ParityFinding = { what: 'secret', name: 'API_KEY', isThere: false, detail: "can't be read" };
    expect(judge([probe, secret])).toMatchObject({ state: 'failed', detail: "secret API_KEY can't be read" });
    const many = Array.from(
      { length: 7 },
      (_, i): ParityFinding => ({ what: 'variable', name: `V${i}`, isThere: false }),
    );
    expect(judge(many).detail).toMatch(/^variable V0 is missing, .* and 2 more$/);
  });
});

describe('a checklist', () => {
  const items = ['Rollback tested', 'Stakeholder informed'];
  const judge = (ticked: string[]) =>
    checklistRequirement.evaluate(
      factsOf({ checklist: items }, { ticks: ticked.map((item, i) => ({ item, by: `U${i}`, at: NOON })) }),
    );

  it('is met when every item is ticked, and says who did', () => {
    expect(judge(items)).toEqual({ state: 'met', summary: 'Checklist: all 2 ticked', people: ['U0', 'U1'] });
    expect(judge(['Rollback tested', 'Rollback tested'])).toMatchObject({
      state: 'pending',
      summary: 'Checklist: 1 of 2 ticked',
      detail: 'still open: Stakeholder informed',
    });
    expect(judge(['Something else'])).toEqual({
      state: 'pending',
      summary: 'Checklist: 0 of 2 ticked',
      detail: `still open: ${items.join(', ')}`,
    });
  });
});
