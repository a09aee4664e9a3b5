import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../../../src/domain/check-result.ts';
import type { ApprovalRule } from '../../../src/domain/policy/approval-rule.ts';
import type { Policy, StricterEntry } from '../../../src/domain/policy/policy.ts';
import { environmentFor, policyFor } from '../../../src/domain/policy/policy-for.ts';
import { rulesAsked } from '../../../src/domain/requirements/approvals.ts';
import { allMet, evaluateAll, REQUIREMENTS } from '../../../src/domain/requirements/evaluate.ts';
import type { Facts, Requirement } from '../../../src/domain/requirements/requirement.ts';
import {
  afterNoon,
  approval,
  DAY,
  environment,
  NOON,
  policy,
  promotion,
  reviewed,
  workflow,
} from '../../support/domain-builders.ts';
import { factsOf, liveResult, result } from '../../support/facts.ts';
import { asMap, person } from '../../support/people.ts';
import { anyRequires, anyRules } from '../../support/policies.ts';

const counts = fc.constantFrom(
  { passed: 8, failed: 2 },
  { passed: 10 },
  { passed: 18, failed: 1, notJudged: 1 },
  { failed: 4 },
);
const atSomeTime = fc.constantFrom(NOON, afterNoon(-DAY), afterNoon(-7 * DAY), afterNoon(-8 * DAY));
const state = fc.constantFrom('passed' as const, 'failed' as const);
const results: fc.Arbitrary<CheckResult[]> = fc
  .record({
    ...{ at: atSomeTime, counts, state, score: fc.constantFrom(3, 3.5, 4, 5), of: fc.constantFrom(5, 10) },
    ...{ cost: fc.constantFrom(0.5, 0.75, 1, 1.5), p95: fc.constantFrom(500, 900, 1_000, 1_100) },
    ...{ alike: fc.constantFrom(0.5, 0.8, 1) },
  })
  .map((one) => [
    result('tests', { at: one.at, ...one.counts }),
    result('quality', { at: one.at, name: 'helpfulness', score: one.score, of: one.of }),
    result('quality', { at: one.at, name: 'accuracy', score: one.score, of: one.of }),
    result('cost', { at: one.at, costPerRun: one.cost }),
    result('latency', { at: one.at, p95: one.p95 }),
    result('check', { name: 'security', state: one.state }),
    result('check', { name: 'licence' }),
    result('shadow', { ...one.counts, score: one.alike }),
  ]);
const people = [person('U0', 'admin'), person('U1', 'lead'), person('U2', 'lead'), person('U3', 'member')];
const groups = new Map([
  ['S0A', new Set(['U1', 'U2'])],
  ['S0B', new Set(['U2', 'U3'])],
]);

/** Everything gathered, at random, about one promotion. */
const anyFacts: fc.Arbitrary<Facts> = fc
  .record({
    checks: results,
    live: fc.constantFrom(null, 0.5, 1),
    approved: fc.subarray(people),
    author: fc.constantFrom('U0', 'U2', 'UX'),
    risk: fc.constantFrom('low' as const, 'medium' as const, 'high' as const),
    no: fc.subarray(['U1', 'U3']),
    soaked: fc.constantFrom(DAY - 1, DAY, 2 * DAY),
    runs: fc.constantFrom(
      { runs: 10, failed: 1, divergence: 0.1 },
      { runs: 0, failed: 0, divergence: null },
      { runs: 20, failed: 0, divergence: 0 },
    ),
    askedAt: fc.constantFrom(NOON, afterNoon(-60_000)),
    answers: fc.array(fc.constantFrom('approved' as const, 'rejected' as const, 'asked' as const), {
      minLength: 2,
      maxLength: 2,
    }),
    probed: fc.subarray(['db:5432', 'https://x.example']),
    ticked: fc.subarray(['Rollback tested', 'Stakeholder informed']),
  })
  .map((one) =>
    factsOf(
      {},
      {
        checks: one.checks,
        liveChecks:
          one.live === null
            ? null
            : [liveResult('cost', { costPerRun: one.live }), liveResult('latency', { p95: one.live * 1_000 })],
        promotion: promotion({
          approvals: one.approved.map(({ userId, role }) => approval(userId, role)),
          rejections: one.no.map((by) => ({ by, reason: 'No', at: NOON })),
        }),
        ...{ approvers: asMap(people), groups, author: one.author, risk: one.risk },
        workflow: workflow({ ownerId: 'U1' }),
        stretches: [{ from: afterNoon(-one.soaked), to: null, figures: one.runs }],
        gates: ['https://a.example', 'https://b.example'].map((url, i) => ({
          url,
          state: one.answers[i] ?? 'asked',
          askedAt: one.askedAt,
        })),
        parity: one.probed.map((name) => ({ what: 'probe' as const, name, isThere: true })),
        ticks: one.ticked.map((item) => ({ item, by: 'U1', at: NOON })),
      },
    ),
  );

const under = (facts: Facts, asked: Policy): Facts => ({ ...facts, target: { ...facts.target, policy: asked } });
const isMet = ({ applies, evaluate }: Requirement, facts: Facts) =>
  !(applies?.(facts) ?? true) || evaluate(facts).state === 'met';

describe('what applies to a workflow', () => {
  it('is met only where what the environment asks, and what the entry asks, would be met as well', () => {
    const seen = { met: 0, stricter: 0 };
    fc.assert(
      fc.property(
        anyRules,
        anyRequires,
        anyRules,
        anyRequires,
        anyFacts,
        (own, requires, more, moreRequires, facts) => {
          // Risk without a rule that says whose approval it takes is refused where it is written.
          fc.pre(own.length > 0 || requires.risk === undefined);
          const ownPolicy = policy({ approvals: own, ...requires });
          const entry: StricterEntry = { workflows: ['summarize-flow'], approvals: more, ...moreRequires };
          const both = under(facts, { ...ownPolicy, stricter: [entry] });
          for (const requirement of REQUIREMENTS) {
            if (!isMet(requirement, both)) seen.stricter++;
            else {
              seen.met++;
              expect(isMet(requirement, under(facts, ownPolicy)), requirement.kind).toBe(true);
              // What an entry leaves open is the environment's; its risk is of people who fit the environment's first rule.
              const { risk: _, rejection = 'counts', ...rest } = moreRequires;
              const alone = policy({ approvals: more, ...rest, rejection });
              expect(isMet(requirement, under(facts, alone)), requirement.kind).toBe(true);
            }
          }
        },
      ),
      { numRuns: 400 },
    );
    expect(seen.met).toBeGreaterThan(1_000);
    expect(seen.stricter).toBeGreaterThan(1_000);
  });

  it('is the environment’s own where no entry names the workflow', () => {
    const own = policy({ tests: { minPassRate: 0.8, maxAge: DAY } });
    const stricter: StricterEntry[] = [
      { workflows: ['other-flow'], checks: ['security'] },
      { departments: ['growth'], checks: ['licence'] },
    ];
    const staging = environment('staging', 1, { policy: { ...own, stricter } });
    expect(policyFor(staging, workflow())).toEqual(own);
    expect(policyFor(staging, { department: null })).toEqual(own);
    expect(policyFor(staging, workflow({ department: 'growth' }))).toEqual({ ...own, checks: ['licence'] });
    expect(policyFor(staging, { slug: 'other-flow', department: 'growth' })).toEqual({
      ...own,
      checks: ['security', 'licence'],
    });
  });

  it('stays what it is when it is asked for again', () => {
    fc.assert(
      fc.property(anyRules, anyRequires, anyRequires, (approvals, requires, more) => {
        const stricter = [{ workflows: ['summarize-flow'], ...more }];
        const staging = environment('staging', 1, { policy: { ...policy({ approvals, ...requires }), stricter } });
        const narrowed = environmentFor(staging, workflow());
        expect(policyFor(narrowed, workflow())).toEqual(narrowed.policy);
      }),
      { numRuns: 200 },
    );
  });

  it('leaves those whom a risk asks for besides to the environment’s first rule', () => {
    const own = policy({ approvals: [{ role: 'lead', count: 1 }], risk: { high: { count: 2 } } });
    const asked = (approvals: ApprovalRule[]) => {
      const stricter = [{ workflows: ['summarize-flow'], approvals }];
      return rulesAsked(policyFor(environment('staging', 1, { policy: { ...own, stricter } }), workflow()), 'high');
    };
    expect(asked([{ role: 'member', count: 1 }])).toEqual([
      { role: 'lead', count: 2 },
      { role: 'member', count: 1 },
    ]);
    expect(asked([{ role: 'lead', count: 2 }])).toEqual([{ role: 'lead', count: 2 }]);
  });

  it('takes the larger count of the same rule, one for one, and appends the others', () => {
    const own = policy({
      approvals: [
        { role: 'lead', count: 1 },
        { people: ['U1', 'U2'], count: 1 },
      ],
    });
    const approvals = [
      { role: 'lead' as const, count: 2 },
      { role: 'lead' as const, count: 1 },
      { people: ['U2', 'U1'], count: 2 },
      { role: 'lead' as const, count: 1, label: 'security' },
    ];
    const staging = environment('staging', 1, {
      policy: { ...own, stricter: [{ workflows: ['summarize-flow'], approvals }] },
    });
    expect(policyFor(staging, workflow()).approvals).toEqual([
      { role: 'lead', count: 2 },
      { people: ['U2', 'U1'], count: 2 },
      { role: 'lead', count: 1 },
      { role: 'lead', count: 1, label: 'security' },
    ]);
  });
});

describe('what a policy asks for and nobody gathered', () => {
  it('is never met', () => {
    const without = (facts: Facts): Facts => {
      const { now, promotion: of, workflow: flow, target, fingerprint, approvers } = facts;
      const { rejections: _, ...asked } = of;
      return { now, promotion: asked, workflow: flow, target, fingerprint, approvers };
    };
    fc.assert(
      fc.property(anyRequires, anyFacts, (requires, facts) => {
        const bare = without(under(facts, policy({ approvals: [], ...requires })));
        const kinds = [
          'tests',
          'quality',
          'cost',
          'latency',
          'checks',
          'gates',
          'soak',
          'shadow',
          'parity',
          'checklist',
        ] as const;
        const asked = kinds.filter(
          (kind) => requires[kind] !== undefined && !(Array.isArray(requires[kind]) && requires[kind].length === 0),
        );
        const judged = evaluateAll(bare).filter(({ kind }) => (kinds as readonly string[]).includes(kind));
        expect(judged.map(({ kind, state }) => [kind, state])).toEqual(
          expect.arrayContaining(asked.map((kind) => [kind, 'pending'])),
        );
        expect(judged).toHaveLength(asked.length);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['who made the version', { authorMayApprove: false }],
    ['how risky it is', { risk: { high: { count: 2 } } }],
    ['who said no', { rejection: 'counts' as const }],
  ])('neither is what hangs on %s', (_what, requires) => {
    const facts = factsOf(requires, { promotion: promotion({ approvals: [approval('U1', 'lead', reviewed())] }) });
    expect(allMet(evaluateAll(facts))).toBe(false);
    expect(evaluateAll(facts)).toMatchObject([
      { kind: 'approvals', detail: expect.stringContaining('not judged yet') },
    ]);
  });
});
