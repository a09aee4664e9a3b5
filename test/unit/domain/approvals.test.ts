import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../../src/domain/fingerprint.ts';
import { type Person, ROLES } from '../../../src/domain/person.ts';
import type { RoleRule } from '../../../src/domain/policy/approval-rule.ts';
import {
  approvalsRequirement,
  countingApprovals,
  fits,
  isEligible,
  seat,
  wouldFillAPlace,
} from '../../../src/domain/requirements/approvals.ts';
import type { Facts } from '../../../src/domain/requirements/requirement.ts';
import { approval, environment, NOON, policy, promotion, reviewed, workflow } from '../../support/domain-builders.ts';
import { admin, asMap, lead, member, person } from '../../support/people.ts';

const FLOW = { department: 'support' };
const TWO_LEADS_AND_AN_ADMIN: RoleRule[] = [
  { role: 'lead', count: 2 },
  { role: 'admin', count: 1 },
];

function facts(people: readonly Person[], but: Partial<Facts> & { rules?: RoleRule[] } = {}): Facts {
  const { rules = [{ role: 'lead', count: 1 }], ...rest } = but;
  const target = environment('staging', 1, { policy: policy({ approvals: rules }) });
  const approvals = people.map(({ userId, role }) => approval(userId, role));
  return {
    ...{ now: NOON, target, workflow: workflow(FLOW), approvers: asMap(people) },
    ...{ promotion: promotion({ approvals }), fingerprint: fingerprint(reviewed()) },
    ...rest,
  };
}
const counting = (of: Facts) => countingApprovals(of).map(({ approval: { by } }) => by);

describe('a place that a rule asks for', () => {
  it('is filled by its role or a higher one, in the workflow’s department', () => {
    const rule: RoleRule = { role: 'lead', count: 1 };
    expect(fits(rule, lead('U1'), FLOW)).toBe(true);
    expect(fits(rule, admin('U1', { departments: ['growth'] }), FLOW)).toBe(true);
    expect(fits(rule, lead('U1', { departments: ['growth'] }), FLOW)).toBe(false);
    expect(fits(rule, member('U1'), FLOW)).toBe(false);
  });

  it('is never filled by somebody outside, even where the rule asks for no more than a viewer', () => {
    for (const standing of ['guest', 'bot', 'foreign', 'deactivated'] as const) {
      expect(fits({ role: 'viewer', count: 1 }, person('U1', 'viewer', { standing }), FLOW)).toBe(false);
    }
  });

  it('is never the requester’s', () => {
    const rules: RoleRule[] = [{ role: 'member', count: 1 }];
    expect(isEligible(rules, admin('UASKER'), promotion(), FLOW)).toBe(false);
    expect(isEligible(rules, member('U1'), promotion(), FLOW)).toBe(true);
    expect(isEligible([], admin('U1'), promotion(), FLOW)).toBe(false);
  });
});

describe('an approval counts', () => {
  it('for what is proposed now', () => {
    expect(counting(facts([lead('U1')]))).toEqual(['U1']);
    expect(
      counting(facts([lead('U1')], { fingerprint: fingerprint(reviewed({ replacesDeploymentId: 'd9' })) })),
    ).toEqual([]);
  });

  it('not from whoever asked, however it came to be there', () => {
    expect(counting(facts([admin('UASKER'), lead('U1')]))).toEqual(['U1']);
  });

  it('not from somebody who was demoted, deactivated or moved to another department since', () => {
    const approved = facts([lead('U1')]);
    expect(counting({ ...approved, approvers: asMap([member('U1')]) })).toEqual([]);
    expect(counting({ ...approved, approvers: asMap([lead('U1', { departments: ['growth'] })]) })).toEqual([]);
    expect(counting({ ...approved, approvers: asMap([person('U1', 'viewer', { standing: 'deactivated' })]) })).toEqual(
      [],
    );
    expect(counting({ ...approved, approvers: new Map() })).toEqual([]);
  });

  it('with the role held at the click: a later promotion of the person adds nothing', () => {
    const rules: RoleRule[] = [
      { role: 'member', count: 1 },
      { role: 'admin', count: 1 },
    ];
    const approved = facts([member('U1')], { rules, approvers: asMap([admin('U1')]) });
    expect(countingApprovals(approved).map(({ person: { role } }) => role)).toEqual(['member']);
    expect(approvalsRequirement.evaluate(approved).state).toBe('pending');
  });

  it('no higher than the role held now', () => {
    const approved = facts([admin('U1')], { approvers: asMap([lead('U1')]) });
    expect(countingApprovals(approved).map(({ person: { role } }) => role)).toEqual(['lead']);
  });

  it('once a person', () => {
    const twice = facts([lead('U1')], { rules: [{ role: 'lead', count: 2 }] });
    twice.promotion = { ...twice.promotion, approvals: [...twice.promotion.approvals, ...twice.promotion.approvals] };
    expect(counting(twice)).toEqual(['U1']);
    expect(approvalsRequirement.evaluate(twice).state).toBe('pending');
  });
});

describe('the checklist’s line', () => {
  const line = (people: Person[], rules: RoleRule[]) => approvalsRequirement.evaluate(facts(people, { rules }));

  it('says who is asked for, who is still missing, and when that is done', () => {
    expect(line([], TWO_LEADS_AND_AN_ADMIN)).toEqual({ state: 'pending', summary: 'Approval by 2 leads and 1 admin' });
    expect(line([lead('U1')], TWO_LEADS_AND_AN_ADMIN).summary).toBe(
      'Approval by 1 lead and 1 admin more (of 2 leads and 1 admin)',
    );
    expect(line([lead('U1'), lead('U2'), admin('U3')], TWO_LEADS_AND_AN_ADMIN)).toEqual({
      state: 'met',
      summary: 'Approved by 2 leads and 1 admin',
    });
  });

  it('asks for the least that would do: where an admin approved, the lead’s place is open', () => {
    expect(
      line(
        [admin('U1')],
        [
          { role: 'lead', count: 1 },
          { role: 'admin', count: 1 },
        ],
      ).summary,
    ).toBe('Approval by 1 lead more (of 1 lead and 1 admin)');
  });

  it('is met where nobody is asked', () => {
    expect(line([], [])).toEqual({ state: 'met', summary: 'No approval needed' });
  });
});

describe('seating people at the places that rules ask for', () => {
  const anyRule = fc.record({ role: fc.constantFrom(...ROLES.slice(1)), count: fc.integer({ min: 1, max: 2 }) });
  const anyRules = fc.array(anyRule, { maxLength: 3 });
  const anyPerson = fc.record({ role: fc.constantFrom(...ROLES), departments: fc.subarray(['support', 'growth']) });
  const anyPeople = fc
    .array(anyPerson, { maxLength: 5 })
    .map((people) => people.map(({ role, departments }, i) => person(`U${i}`, role, { departments })));

  it('fills no place twice and seats nobody twice', () => {
    expect(seat([{ role: 'lead', count: 2 }], [admin('U1')], FLOW)).toEqual([1]);
    expect(seat(TWO_LEADS_AND_AN_ADMIN, [admin('U1'), admin('U2')], FLOW)).toEqual([1, 1]);
    expect(seat([{ role: 'lead', count: 1 }], [lead('U1'), lead('U2')], FLOW)).toEqual([1]);
  });

  it('makes room where the first to come took the only place of a later one', () => {
    const rules: RoleRule[] = [
      { role: 'lead', count: 1 },
      { role: 'admin', count: 1 },
    ];
    expect(seat(rules, [admin('U1'), lead('U2')], FLOW)).toEqual([1, 1]);
    expect(seat(rules, [lead('U2'), admin('U1')], FLOW)).toEqual([1, 1]);
  });

  it('fills as many places as any way of seating could', () => {
    fc.assert(
      fc.property(anyRules, anyPeople, (rules, people) => {
        const filled = seat(rules, people, FLOW);
        expect(total(filled)).toBe(mostPlaces(rules, people));
        rules.forEach((rule, i) => {
          expect(filled[i]).toBeLessThanOrEqual(rule.count);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('does not depend on who clicked first', () => {
    const shuffled = anyPeople.chain((people) =>
      fc.tuple(fc.constant(people), fc.shuffledSubarray(people, { minLength: people.length })),
    );
    fc.assert(
      fc.property(anyRules, shuffled, (rules, [people, reordered]) => {
        const byRole = (filled: number[]) => missingByRole(rules, filled);
        expect(byRole(seat(rules, people, FLOW))).toEqual(byRole(seat(rules, reordered, FLOW)));
      }),
      { numRuns: 500 },
    );
  });

  it('never dead-ends: whoever fills a missing place by themselves moves it forward', () => {
    fc.assert(
      fc.property(anyRules, anyPeople, (rules, people) => {
        for (const rule of rules.filter((_, i) => (seat(rules, people, FLOW)[i] ?? 0) < (rules[i]?.count ?? 0))) {
          expect(wouldFillAPlace(person('UNEW', rule.role), rules, people, FLOW)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('knows whose approval would add nothing', () => {
    expect(wouldFillAPlace(lead('U2'), [{ role: 'admin', count: 1 }], [], FLOW)).toBe(false);
    expect(
      wouldFillAPlace(
        member('U2'),
        [
          { role: 'member', count: 1 },
          { role: 'admin', count: 1 },
        ],
        [member('U1')],
        FLOW,
      ),
    ).toBe(false);
    expect(wouldFillAPlace(lead('U2'), [{ role: 'lead', count: 2 }], [lead('U1')], FLOW)).toBe(true);
  });
});

function total(filled: readonly number[]): number {
  return filled.reduce((sum, n) => sum + n, 0);
}

/** Tries every way to seat people. Slow, and plainly right. */
function mostPlaces(rules: readonly RoleRule[], people: readonly Person[]): number {
  const [first, ...rest] = people;
  if (first === undefined) return 0;
  const seated = rules.map((rule, i) => {
    if (rule.count === 0 || !fits(rule, first, FLOW)) return 0;
    return (
      1 +
      mostPlaces(
        rules.map((r, j) => (i === j ? { ...r, count: r.count - 1 } : r)),
        rest,
      )
    );
  });
  return Math.max(mostPlaces(rules, rest), ...seated);
}

/** How many places of each role are still empty. Two rules that ask for the same role are one to whoever looks. */
function missingByRole(rules: readonly RoleRule[], filled: readonly number[]): Record<string, number> {
  const missing: Record<string, number> = {};
  rules.forEach(({ role, count }, i) => {
    const left = count - (filled[i] ?? 0);
    if (left > 0) missing[role] = (missing[role] ?? 0) + left;
  });
  return missing;
}
