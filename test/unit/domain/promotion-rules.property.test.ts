import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROLES } from '../../../src/domain/person.ts';
import type { RoleRule } from '../../../src/domain/policy/approval-rule.ts';
import {
  type Act,
  ASKER,
  EXPIRY_HOURS,
  isSatisfied,
  perform,
  type World,
  world,
} from '../../support/promotion-model.ts';

const someone = fc.constantFrom(ASKER, 'U1', 'U2', 'U3', 'U4', 'USTRANGER');
const rule = fc.record({ role: fc.constantFrom(...ROLES.slice(1)), count: fc.integer({ min: 1, max: 2 }) });
const rules: fc.Arbitrary<readonly RoleRule[]> = fc.array(rule, { minLength: 1, maxLength: 2 });
const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ act: fc.constant('approve' as const), by: someone }) },
    { weight: 1, arbitrary: fc.record({ act: fc.constantFrom('reject' as const, 'cancel' as const), by: someone }) },
    {
      weight: 3,
      arbitrary: fc.record({ act: fc.constant('give-role' as const), to: someone, role: fc.constantFrom(...ROLES) }),
    },
    { weight: 1, arbitrary: fc.record({ act: fc.constant('deactivate' as const), who: someone }) },
    { weight: 2, arbitrary: fc.record({ act: fc.constant('move-live' as const), to: fc.constantFrom('d1', 'd2') }) },
    { weight: 1, arbitrary: fc.record({ act: fc.constant('change-rules' as const), rules }) },
    {
      weight: 2,
      arbitrary: fc.record({
        act: fc.constant('wait' as const),
        hours: fc.constantFrom(1, EXPIRY_HOURS - 1, EXPIRY_HOURS),
      }),
    },
    { weight: 2, arbitrary: fc.record({ act: fc.constant('tick' as const) }) },
  ),
  { maxLength: 30 },
);

/** Every world on the way, the first included, each with the act that led to it. */
function history(first: World, done: readonly Act[]): { act: Act | null; before: World; after: World }[] {
  let now = first;
  return done.map((act) => {
    const before = now;
    now = perform(before, act);
    return { act, before, after: now };
  });
}

function forAll(check: (steps: ReturnType<typeof history>) => void): void {
  fc.assert(
    fc.property(rules, acts, (asked, done) => check(history(world(asked), done))),
    { numRuns: 1_000 },
  );
}

describe('whatever people do with a promotion', () => {
  it('nobody approves their own', () => {
    forAll((steps) => {
      for (const { after } of steps) expect(after.promotion.approvals.map(({ by }) => by)).not.toContain(ASKER);
    });
  });

  it('nobody approves whom no rule wants', () => {
    forAll((steps) => {
      for (const { after } of steps) expect(after.promotion.approvals.map(({ by }) => by)).not.toContain('USTRANGER');
    });
  });

  it('it ends once, and nothing about it changes afterwards', () => {
    forAll((steps) => {
      for (const { before, after } of steps) {
        if (before.promotion.status !== 'open') expect(after.promotion).toBe(before.promotion);
        expect(after.deployments).toBe(after.promotion.status === 'deployed' ? 1 : 0);
      }
    });
  });

  it('it deploys only when its rules are satisfied by different people, for what is proposed at that moment', () => {
    forAll((steps) => {
      for (const { before, after } of steps)
        if (after.deployments > before.deployments) expect(isSatisfied(after)).toBe(true);
    });
  });

  it('it deploys with the very approval that satisfies its rules', () => {
    forAll((steps) => {
      for (const { act, before, after } of steps) {
        const approved = act?.act === 'approve' && after.promotion !== before.promotion;
        if (approved && isSatisfied(after)) expect(after.promotion.status).toBe('deployed');
      }
    });
  });

  it('it never deploys once its time is over', () => {
    forAll((steps) => {
      for (const { before, after } of steps) {
        if (after.deployments > before.deployments) expect(after.time).toBeLessThan(EXPIRY_HOURS * 3_600_000);
      }
    });
  });
});

describe('these properties', () => {
  it('see promotions end in every way that there is', () => {
    const ends = new Set<string>();
    forAll((steps) => {
      for (const { after } of steps) ends.add(after.promotion.status);
    });
    expect([...ends].sort()).toEqual(['cancelled', 'deployed', 'expired', 'open', 'rejected']);
  });
});
