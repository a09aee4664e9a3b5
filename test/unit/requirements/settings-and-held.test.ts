import { describe, expect, it } from 'vitest';
import { evaluateAll } from '../../../src/domain/requirements/evaluate.ts';
import type { Facts } from '../../../src/domain/requirements/requirement.ts';
import type { FillProblem } from '../../../src/domain/settings/fill-problem.ts';
import { NOON, promotion } from '../../support/domain-builders.ts';
import { factsOf } from '../../support/facts.ts';

const judged = (kind: string, but: Partial<Facts>) =>
  evaluateAll(factsOf({}, but)).filter((requirement) => requirement.kind === kind);

describe('the values that a version uses', () => {
  it('are asked for only where one is missing, and named then, with what to write', () => {
    expect(judged('settings', {})).toEqual([]);
    expect(judged('settings', { unfilled: [] })).toEqual([]);
    const missing: FillProblem = { kind: 'unknown', name: 'MODEL', paths: ['steps[0].model'], message: 'x' };
    expect(judged('settings', { unfilled: [missing] })).toEqual([
      expect.objectContaining({
        state: 'failed',
        detail: expect.stringMatching(/no value for MODEL \(steps\[0\]\.model\).*set MODEL=…/),
      }),
    ]);
  });
});

describe('what waited for a canary that a rollback took out', () => {
  it('is kept back whatever the clock says, and nothing else is', () => {
    expect(judged('held', {})).toEqual([]);
    expect(judged('held', { promotion: promotion({ heldSince: null }) })).toEqual([]);
    const [verdict] = judged('held', { promotion: promotion({ heldSince: NOON }) });
    expect(verdict).toMatchObject({ state: 'pending' });
    expect(verdict).not.toHaveProperty('retryAt');
  });
});
