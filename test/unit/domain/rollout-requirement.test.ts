import { describe, expect, it } from 'vitest';
import { evaluateAll } from '../../../src/domain/requirements/evaluate.ts';
import type { Facts } from '../../../src/domain/requirements/requirement.ts';
import { environment, NOON, policy, promotion, workflow } from '../../support/domain-builders.ts';

const FACTS: Facts = {
  now: NOON,
  promotion: promotion(),
  workflow: workflow(),
  target: environment('staging', 1, { policy: policy({ approvals: [] }) }),
  fingerprint: 'f',
  approvers: new Map(),
};
const judged = (more: Partial<Facts>) => evaluateAll({ ...FACTS, ...more }).filter(({ kind }) => kind === 'rollout');

describe('the requirement about canaries', () => {
  it('is listed only where one keeps the promotion from being deployed', () => {
    expect(judged({})).toEqual([]);
    expect(judged({ promotion: promotion({ canary: 1_000 }) })).toEqual([]);
  });

  it('waits for the end of the one that runs, and says how to end it', () => {
    expect(judged({ candidate: { version: 'v3', share: 1_050 } })).toEqual([
      {
        kind: 'rollout',
        state: 'pending',
        summary: 'A canary of v3 runs at 10.5%: finish or abort it first (`/towpath rollout summarize-flow staging`)',
      },
    ]);
  });

  it('fails where the canary that was asked for can’t be one, and says why', () => {
    expect(judged({ noCanary: 'It starts by a schedule.' })).toEqual([
      expect.objectContaining({ state: 'failed', detail: 'It starts by a schedule.' }),
    ]);
  });
});
