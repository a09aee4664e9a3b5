import fc from 'fast-check';
import type { ApprovalRule } from '../../src/domain/policy/approval-rule.ts';
import type { Requires } from '../../src/domain/policy/policy.ts';
import { DAY } from './domain-builders.ts';

const label = fc.option(fc.constantFrom('stakeholder', 'security'), { nil: undefined });
const count = fc.integer({ min: 1, max: 2 });
const labelled = (rule: fc.Arbitrary<ApprovalRule>): fc.Arbitrary<ApprovalRule> =>
  fc.tuple(rule, label).map(([one, name]) => (name === undefined ? one : { ...one, label: name }));

/** Every kind of rule, of few people, so that they often contend for places. */
export const anyRule: fc.Arbitrary<ApprovalRule> = labelled(
  fc.oneof(
    fc.record({ role: fc.constantFrom('member', 'lead', 'admin'), count }),
    fc.record({ people: fc.subarray(['U0', 'U1', 'U2'], { minLength: 1 }), count }),
    fc.record({ usergroup: fc.constantFrom('S0A', 'S0B'), count }),
    fc.record({ onCall: fc.constantFrom('S0A', 'S0B'), count }),
    fc.constant({ owner: true } as const),
  ),
);
export const anyRules = fc.array(anyRule, { maxLength: 3 });

const rate = fc.constantFrom(0, 0.1, 0.5, 0.8, 0.9, 1);
const age = fc.constantFrom(DAY, 7 * DAY);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const level = maybe(fc.integer({ min: 1, max: 4 }).map((n) => ({ count: n })));

/** What may stand in `requires`, in small steps, so that results often lie on a border. */
export const anyRequires: fc.Arbitrary<Requires> = fc
  .record({
    authorMayApprove: maybe(fc.boolean()),
    rejection: maybe(fc.constantFrom('vetoes', 'counts')),
    risk: maybe(fc.record({ medium: level, high: level }).map(told)),
    tests: maybe(fc.record({ minPassRate: rate, maxAge: age })),
    quality: maybe(
      fc.uniqueArray(
        fc.record({
          ...{ scale: fc.constantFrom('helpfulness', 'accuracy'), minScore: fc.constantFrom(3, 4) },
          ...{ of: fc.constantFrom(5, 10), maxAge: age },
        }),
        { selector: ({ scale }) => scale, minLength: 1 },
      ),
    ),
    cost: maybe(
      fc.record({ maxCostPerRun: maybe(fc.constantFrom(0.5, 1)), maxIncrease: maybe(rate), maxAge: age }).map(told),
    ),
    latency: maybe(
      fc.record({ maxP95: maybe(fc.constantFrom(500, 1000)), maxIncrease: maybe(rate), maxAge: age }).map(told),
    ),
    checks: maybe(fc.subarray(['security', 'licence'])),
    gates: maybe(
      fc
        .subarray(['https://a.example', 'https://b.example'])
        .chain((urls) => fc.tuple(...urls.map((url) => gate(url)))),
    ),
    soak: maybe(
      fc
        .record({
          for: fc.constantFrom(DAY, 2 * DAY),
          minRuns: maybe(fc.constantFrom(1, 10)),
          maxErrorRate: maybe(rate),
          maxDivergence: maybe(rate),
        })
        .map(told),
    ),
    shadow: maybe(
      fc.record({ sample: fc.constantFrom(10, 20), minSimilarity: rate, maxDivergence: maybe(rate) }).map(told),
    ),
    parity: maybe(fc.record({ probes: fc.subarray([{ tcp: 'db:5432' }, { url: 'https://x.example' }]) })),
    checklist: maybe(fc.subarray(['Rollback tested', 'Stakeholder informed'])),
    freezes: maybe(fc.array(freeze(), { maxLength: 3 })),
    suites: maybe(fc.record({ onOpen: fc.boolean(), budget: fc.constantFrom(1, 5) })),
  })
  .map(told) as fc.Arbitrary<Requires>;

function gate(url: string) {
  return fc.record({
    ...{ url: fc.constant(url), secretVariable: fc.constantFrom('A', 'B') },
    ...{ timeout: fc.constantFrom(60_000, 3_600_000), allowPrivate: fc.boolean() },
  });
}

/** All of the day that the built facts happen on, a Monday, or of another. */
function freeze() {
  return fc.record({
    rrule: fc.constantFrom('FREQ=WEEKLY;BYDAY=MO', 'FREQ=WEEKLY;BYDAY=TU', 'FREQ=WEEKLY;BYDAY=MO,TU'),
    ...{ timeZone: fc.constant('UTC'), lasts: fc.constant('P1D') },
    ...{ kind: fc.constantFrom('deny' as const, 'allow' as const), reason: fc.constantFrom('Fair', 'Audit') },
  });
}

/** Without what holds undefined. */
export function told<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
