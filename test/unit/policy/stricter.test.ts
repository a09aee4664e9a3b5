import { describe, expect, it } from 'vitest';
import type { Requires } from '../../../src/domain/policy/policy.ts';
import { policyFor } from '../../../src/domain/policy/policy-for.ts';
import { environment, policy, workflow } from '../../support/domain-builders.ts';

/** What both ask together, the environment's named first. */
function together(own: Requires, more: Requires): Requires {
  const {
    approvals: _,
    expireAfter: __,
    rollback: ___,
    ...asked
  } = policyFor(
    environment('staging', 1, { policy: { ...policy(own), stricter: [{ workflows: ['summarize-flow'], ...more }] } }),
    workflow(),
  );
  return asked;
}
const freeze = { rrule: 'FREQ=DAILY', timeZone: 'UTC', lasts: 'PT1H', reason: 'x' };

describe('an entry that asks', () => {
  it.each<[string, Requires, Requires, Requires]>([
    [
      'for less than the environment changes nothing',
      { tests: { minPassRate: 0.9, maxAge: 1 } },
      { tests: { minPassRate: 0.5, maxAge: 2 } },
      { tests: { minPassRate: 0.9, maxAge: 1 } },
    ],
    ['for what the environment does not is asked for', {}, { soak: { for: 5 } }, { soak: { for: 5 } }],
    [
      'to let the author approve does not',
      { authorMayApprove: false },
      { authorMayApprove: true },
      { authorMayApprove: false },
    ],
    ['not to let the author approve does', {}, { authorMayApprove: false }, { authorMayApprove: false }],
    ['that rejections only count does not where they veto', {}, { rejection: 'counts' }, { rejection: 'vetoes' }],
    ['that they veto does', { rejection: 'counts' }, { rejection: 'vetoes' }, { rejection: 'vetoes' }],
    [
      'for a divergence above the default keeps the default',
      { shadow: { sample: 1, minSimilarity: 0.5 } },
      { shadow: { sample: 2, minSimilarity: 0.4, maxDivergence: 0.5 } },
      { shadow: { sample: 2, minSimilarity: 0.5, maxDivergence: 0.1 } },
    ],
    [
      'for limits that the environment leaves open adds them',
      { soak: { for: 9, minRuns: 5 } },
      { soak: { for: 5, maxErrorRate: 0.1 } },
      { soak: { for: 9, minRuns: 5, maxErrorRate: 0.1 } },
    ],
    [
      'for a score on another scale adds it',
      { quality: [{ scale: 'a', minScore: 1, of: 5, maxAge: 9 }] },
      {
        quality: [
          { scale: 'a', minScore: 2, of: 5, maxAge: 10 },
          { scale: 'b', minScore: 1, of: 5, maxAge: 1 },
        ],
      },
      {
        quality: [
          { scale: 'a', minScore: 2, of: 5, maxAge: 9 },
          { scale: 'b', minScore: 1, of: 5, maxAge: 1 },
        ],
      },
    ],
    [
      'for more of a list adds to it',
      { checks: ['a'], checklist: ['x'] },
      { checks: ['b', 'a'], checklist: ['y'] },
      { checks: ['a', 'b'], checklist: ['x', 'y'] },
    ],
    [
      'for a gate that is asked already keeps it as it is',
      { gates: [{ url: 'u', secretVariable: 'A', timeout: 1, allowPrivate: false }] },
      { gates: [{ url: 'u', secretVariable: 'B', timeout: 2, allowPrivate: true }] },
      { gates: [{ url: 'u', secretVariable: 'A', timeout: 1, allowPrivate: false }] },
    ],
    [
      'for other windows that allow makes them a layer of their own',
      { freezes: [{ ...freeze, kind: 'allow' }] },
      {
        freezes: [
          { ...freeze, kind: 'allow' },
          { ...freeze, kind: 'deny' },
        ],
      },
      {
        freezes: [
          { ...freeze, kind: 'allow' },
          { ...freeze, kind: 'allow', layer: 1 },
          { ...freeze, kind: 'deny' },
        ],
      },
    ],
    [
      'for a smaller budget gets it',
      { suites: { onOpen: false, budget: 5 } },
      { suites: { onOpen: true, budget: 9 } },
      { suites: { onOpen: true, budget: 5 } },
    ],
    [
      'for a larger budget than what holds where the environment says nothing does not get it',
      {},
      { suites: { onOpen: true, budget: 9 } },
      { suites: { onOpen: true, budget: 5 } },
    ],
  ])('%s', (_what, own, more, both) => {
    expect(together(own, more)).toEqual(both);
  });
});
