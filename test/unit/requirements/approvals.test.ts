import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../../src/domain/fingerprint.ts';
import type { Person } from '../../../src/domain/person.ts';
import { type ApprovalRule, lowestRoleOf, placesOf, userGroupsOf } from '../../../src/domain/policy/approval-rule.ts';
import type { Policy } from '../../../src/domain/policy/policy.ts';
import { approve, type Promotion } from '../../../src/domain/promotion.ts';
import {
  approvalsRequirement,
  fits,
  missingApprovals,
  type RuleFacts,
  rulesAsked,
  seat,
  wouldFillAPlace,
} from '../../../src/domain/requirements/approvals.ts';
import type { Facts } from '../../../src/domain/requirements/requirement.ts';
import { afterNoon, approval, NOON, policy, promotion, reviewed } from '../../support/domain-builders.ts';
import { factsOf } from '../../support/facts.ts';
import { admin, asMap, lead, member, person } from '../../support/people.ts';
import { anyRules } from '../../support/policies.ts';

const GROUPS = new Map([
  ['S0A', new Set(['U0', 'U1'])],
  ['S0B', new Set(['U1', 'U2', 'U3'])],
]);
const AROUND: RuleFacts = { department: 'support', ownerId: 'U2', groups: GROUPS };
const ROLES_OF = ['admin', 'lead', 'lead', 'member', 'viewer'] as const;
const anyPeople = fc.shuffledSubarray(ROLES_OF.map((role, i) => person(`U${i}`, role)));

describe('a rule', () => {
  it('of people fits those whom it names, whatever their role and department', () => {
    const rule: ApprovalRule = { people: ['U1'], count: 1 };
    expect(fits(rule, person('U1', 'viewer', { departments: ['growth'] }), AROUND)).toBe(true);
    expect(fits(rule, admin('U9'), AROUND)).toBe(false);
    expect(fits(rule, person('U1', 'viewer', { standing: 'guest' }), AROUND)).toBe(false);
  });

  it('of a user group, or of who is on call, fits its members, and nobody where they are not known', () => {
    for (const rule of [
      { usergroup: 'S0A', count: 1 },
      { onCall: 'S0A', count: 1 },
    ]) {
      expect(fits(rule, member('U1'), AROUND)).toBe(true);
      expect(fits(rule, admin('U2'), AROUND)).toBe(false);
      expect(fits(rule, member('U1'), { department: null })).toBe(false);
      expect(fits(rule, member('U1'), { ...AROUND, groups: new Map() })).toBe(false);
    }
  });

  it('of the owner fits the owner', () => {
    expect(fits({ owner: true }, member('U2'), AROUND)).toBe(true);
    expect(fits({ owner: true }, admin('U1'), AROUND)).toBe(false);
    expect(fits({ owner: true }, admin('U1'), { department: null })).toBe(false);
  });

  it('says which groups have to be looked up, and who may be among those that fit', () => {
    const rules: ApprovalRule[] = [
      { role: 'lead', count: 1 },
      { usergroup: 'S0A', count: 1 },
      { onCall: 'S0B', count: 1 },
      { usergroup: 'S0A', count: 2, label: 'x' },
    ];
    expect(userGroupsOf(rules)).toEqual(['S0A', 'S0B']);
    expect(lowestRoleOf(rules)).toBe('viewer');
    expect(
      lowestRoleOf([
        { role: 'admin', count: 1 },
        { role: 'lead', count: 1 },
      ]),
    ).toBe('lead');
    expect(lowestRoleOf([])).toBe('admin');
  });
});

describe('seating people by rules of every kind', () => {
  it('fills as many places as any way of seating could', () => {
    fc.assert(
      fc.property(anyRules, anyPeople, (rules, people) => {
        const filled = seat(rules, people, AROUND);
        expect(filled.reduce((a, b) => a + b, 0)).toBe(
          mostPlaces(
            rules.map((rule) => ({ rule, left: placesOf(rule) })),
            people,
          ),
        );
        rules.forEach((rule, i) => {
          expect(filled[i]).toBeLessThanOrEqual(placesOf(rule));
        });
      }),
      { numRuns: 2_000 },
    );
  });

  it('fills the same places whoever clicked first', () => {
    fc.assert(
      fc.property(
        anyRules,
        anyPeople.chain((people) =>
          fc.tuple(fc.constant(people), fc.shuffledSubarray(people, { minLength: people.length })),
        ),
        (rules, [people, reordered]) => {
          expect(seat(rules, people, AROUND)).toEqual(seat(rules, reordered, AROUND));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('never dead-ends: whoever fits a missing place and nothing else moves it forward', () => {
    fc.assert(
      fc.property(anyRules, anyPeople, (rules, people) => {
        const missing = missingApprovals(rules, seat(rules, people, AROUND)).flatMap(({ rule }) =>
          'people' in rule ? [rule] : [],
        );
        for (const { people: named } of missing)
          for (const userId of named.filter((id) => !people.some((one) => one.userId === id))) {
            const better = seat(rules, [...people, member(userId)], AROUND);
            expect(wouldFillAPlace(member(userId), rules, people, AROUND)).toBe(true);
            expect(better.reduce((a, b) => a + b, 0)).toBeGreaterThan(
              seat(rules, people, AROUND).reduce((a, b) => a + b, 0),
            );
          }
      }),
      { numRuns: 500 },
    );
  });

  it('moves somebody to the only place that another leaves them', () => {
    const rules: ApprovalRule[] = [
      { usergroup: 'S0B', count: 1 },
      { people: ['U1'], count: 1 },
    ];
    expect(seat(rules, [lead('U1'), lead('U2')], AROUND)).toEqual([1, 1]);
    expect(seat(rules, [lead('U2'), lead('U1')], AROUND)).toEqual([1, 1]);
    expect(seat(rules, [lead('U1')], AROUND)).toEqual([0, 1]);
  });
});

/** Tries every way to seat people. Slow, and plainly right. */
function mostPlaces(places: readonly { rule: ApprovalRule; left: number }[], people: readonly Person[]): number {
  const [first, ...rest] = people;
  if (first === undefined) return 0;
  const seated = places.map(({ rule, left }, i) =>
    left === 0 || !fits(rule, first, AROUND)
      ? 0
      : 1 +
        mostPlaces(
          places.map((place, j) => (i === j ? { ...place, left: left - 1 } : place)),
          rest,
        ),
  );
  return Math.max(mostPlaces(places, rest), ...seated);
}

describe('a change’s risk', () => {
  const asked = (risk: 'low' | 'medium' | 'high', but: Partial<Policy> = {}) =>
    rulesAsked(
      policy({
        approvals: [
          { role: 'lead', count: 1 },
          { role: 'admin', count: 1 },
        ],
        risk: { medium: { count: 3 }, high: { count: 2 } },
        ...but,
      }),
      risk,
    );

  it('asks for so many people in all, of whom the first rule has those beyond the rules’ own', () => {
    expect(asked('low')).toEqual([
      { role: 'lead', count: 1 },
      { role: 'admin', count: 1 },
    ]);
    expect(asked('medium')).toEqual([
      { role: 'lead', count: 2 },
      { role: 'admin', count: 1 },
    ]);
    expect(asked('medium', { approvals: [{ owner: true }] })).toEqual([
      { owner: true },
      { owner: true },
      { owner: true },
    ]);
  });

  it('asks of a higher one no less than of a lower', () => {
    expect(asked('high')).toEqual(asked('medium'));
  });

  it('holds the promotion until different people have approved', () => {
    const people = [lead('U1'), lead('U2')];
    const facts = (count: number): Facts =>
      factsOf(
        { approvals: [{ role: 'lead', count: 1 }], risk: { high: { count: 2 } } },
        {
          approvers: asMap(people),
          risk: 'high',
          promotion: promotion({ approvals: people.slice(0, count).map(({ userId }) => approval(userId, 'lead')) }),
        },
      );
    expect(approvalsRequirement.evaluate(facts(1)).summary).toBe('Approval by 1 lead more (of 2 leads)');
    expect(approvalsRequirement.evaluate(facts(2)).state).toBe('met');
    expect(approvalsRequirement.evaluate({ ...facts(1), risk: 'medium' }).state).toBe('met');
  });

  it('is never satisfied where no rule says by whom', () => {
    const everyone = [admin('U1'), lead('U2'), member('U3')];
    const facts = factsOf(
      { risk: { high: { count: 1 } } },
      {
        risk: 'high',
        approvers: asMap(everyone),
        promotion: promotion({ approvals: everyone.map(({ userId, role }) => approval(userId, role)) }),
      },
    );
    expect(approvalsRequirement.evaluate(facts).state).toBe('pending');
  });
});

describe('the version’s author', () => {
  const facts = (but: Partial<Policy>, author: string | null): Facts =>
    factsOf(
      { approvals: [{ role: 'lead', count: 1 }], ...but },
      { author, approvers: asMap([lead('U1')]), promotion: promotion({ approvals: [approval('U1', 'lead')] }) },
    );

  it('may approve, unless the policy bars them', () => {
    expect(approvalsRequirement.evaluate(facts({}, 'U1')).state).toBe('met');
    expect(approvalsRequirement.evaluate(facts({ authorMayApprove: false }, 'U1')).state).toBe('pending');
    expect(approvalsRequirement.evaluate(facts({ authorMayApprove: false }, 'U2')).state).toBe('met');
    expect(approvalsRequirement.evaluate(facts({ authorMayApprove: false }, null)).state).toBe('met');
  });
});

describe('a rejection that only counts', () => {
  const no = (at: Date) => [{ by: 'U1', reason: 'Too slow', at }];
  const judge = (of: Promotion, but: Partial<Policy> = { rejection: 'counts' }) =>
    approvalsRequirement.evaluate(
      factsOf({ approvals: [{ role: 'lead', count: 1 }], ...but }, { approvers: asMap([lead('U1')]), promotion: of }),
    );
  const yes = [approval('U1', 'lead', reviewed(), NOON)];

  it('takes that person’s yes back, and is shown with its reason', () => {
    expect(judge(promotion({ approvals: yes, rejections: no(NOON) }))).toEqual({
      state: 'pending',
      summary: 'Approval by 1 lead',
      detail: '1 no: “Too slow”',
      people: ['U1'],
    });
    expect(judge(promotion({ approvals: yes, rejections: no(afterNoon(-1)) })).state).toBe('met');
  });

  it('gives way to a yes that is given anew, which takes the place of the first', () => {
    const said = promotion({ approvals: yes, rejections: no(afterNoon(1)) });
    const now = { reviewed: reviewed(), fingerprint: fingerprint(reviewed()) };
    const anew = approve(said, lead('U1'), now, afterNoon(2));
    expect(anew.approvals).toHaveLength(1);
    expect(judge(anew)).toEqual({ state: 'met', summary: 'Approved by 1 lead' });
    expect(approve(anew, lead('U1'), now, afterNoon(3))).toBe(anew);
  });

  it('leaves others’ approvals as they are', () => {
    expect(
      judge(promotion({ approvals: yes, rejections: [{ by: 'U2', reason: 'No', at: afterNoon(1) }] })),
    ).toMatchObject({ state: 'met', people: ['U2'] });
  });

  it('vetoes once the policy says that rejections do', () => {
    const rejected = promotion({ approvals: yes, rejections: [{ by: 'U2', reason: 'No', at: afterNoon(1) }] });
    expect(judge(rejected, {})).toMatchObject({ state: 'failed', detail: '1 no: “No”' });
    expect(judge(promotion({ approvals: yes, rejections: [] }), {}).state).toBe('met');
  });
});

describe('rules in words', () => {
  it('name what is asked, without a mention that would be escaped', () => {
    const rules: ApprovalRule[] = [
      { role: 'lead', count: 2, label: 'security' },
      { people: ['U1', 'U2'], count: 1 },
      { people: ['U1'], count: 1, label: 'stakeholder' },
      { usergroup: 'S0A', count: 1 },
      { onCall: 'S0B', count: 1 },
    ];
    expect(approvalsRequirement.evaluate(factsOf({ approvals: [...rules, { owner: true }] })).summary).toBe(
      'Approval by security (2 leads) and 1 of 2 named people and stakeholder (the person named for it) and 1 of the user group S0A and 1 of those on call (S0B) and the workflow’s owner',
    );
  });
});
