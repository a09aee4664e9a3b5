import fc from 'fast-check';
import type { ApprovalRule } from '../../../src/domain/environment.ts';
import { without } from './acts/environments.ts';
import type { Asked } from './canal-model.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const ALWAYS = {
  ...{ rrule: 'FREQ=DAILY;BYHOUR=0;BYMINUTE=0;BYSECOND=0', timeZone: 'UTC', lasts: 'P2D' },
  ...{ kind: 'deny' as const, reason: 'Always' },
};
const gate = (name: string) => ({
  ...{ url: `https://${name}.example.com/ask`, secretVariable: 'GATE_SECRET' },
  ...{ timeout: HOUR, allowPrivate: false },
});
const scale = (name: string, minScore: number) => ({ scale: name, minScore, of: 5, maxAge: DAY });

/** Left out more often than not, so that some promotions come through. */
const maybe = <T>(arbitrary: fc.Arbitrary<T>, leftOut: number) =>
  fc.oneof({ weight: leftOut, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

/** What else than approvals may be asked. */
const PARTS = {
  authorMayApprove: fc.constant(false),
  rejection: fc.constant('counts' as const),
  risk: fc.constantFrom(
    { high: { count: 2 } },
    { medium: { count: 2 } },
    { medium: { count: 2 }, high: { count: 3 } },
    { medium: { count: 1 }, high: { count: 2 } },
  ),
  tests: fc.record({ minPassRate: fc.constantFrom(0.8, 0.9), maxAge: fc.constantFrom(DAY, 7 * DAY) }),
  quality: fc.constantFrom([scale('helpfulness', 4)], [scale('helpfulness', 3), scale('tone', 4)]),
  cost: fc.constantFrom({ maxCostPerRun: 0.05, maxAge: DAY }, { maxIncrease: 0.5, maxAge: DAY }),
  latency: fc.constantFrom({ maxP95: 2_000, maxAge: DAY }, { maxP95: 4_000, maxIncrease: 0.5, maxAge: DAY }),
  checks: fc.constant(['review']),
  gates: fc.constantFrom([gate('gate')], [gate('gate'), gate('other')]),
  parity: fc.constant({ probes: [] }),
  shadow: fc.constantFrom({ sample: 4, minSimilarity: 0.85, maxDivergence: 0.25 }, { sample: 10, minSimilarity: 0.5 }),
  checklist: fc.constantFrom(['Rollback tested'], ['Rollback tested', 'Told']),
  soak: fc.constantFrom(
    ...[{ for: DAY }, { for: HOUR }, { for: HOUR, minRuns: 2 }],
    ...[
      { for: HOUR, maxErrorRate: 0.4 },
      { for: DAY, minRuns: 2, maxErrorRate: 0.4 },
    ],
  ),
  freezes: fc.constant([ALWAYS]),
};
const { freezes, ...usual } = PARTS;

/** `1 lead`, and so on. */
const RULES: readonly (readonly ApprovalRule[])[] = [
  [{ role: 'lead', count: 1 }],
  [{ role: 'lead', count: 1 }],
  [{ role: 'lead', count: 2 }],
  [{ role: 'admin', count: 1 }],
  [
    { role: 'lead', count: 1 },
    { people: ['U0LEE', 'U0MAX'], count: 1, label: 'stakeholder' },
  ],
  [{ owner: true }],
  [{ owner: true }, { role: 'member', count: 2 }],
  [{ usergroup: 'S0SRE', count: 1 }],
  [
    { onCall: 'S0CALL', count: 1 },
    { role: 'lead', count: 1 },
  ],
  [],
];
const approvals = fc.constantFrom(...RULES);

function mapValues<T extends Record<string, fc.Arbitrary<unknown>>>(
  all: T,
  to: (one: fc.Arbitrary<unknown>) => fc.Arbitrary<unknown>,
): T {
  return Object.fromEntries(Object.entries(all).map(([name, one]) => [name, to(one)])) as T;
}

/** A few of all that may be asked. */
export const asked: fc.Arbitrary<Asked> = fc
  .record({ approvals, ...mapValues(usual, (part) => maybe(part, 8)), freezes: maybe(freezes, 30) })
  .map((all) => without(all));

/** One part another than before, or not asked any more: approvals of before are then of what is almost the same. */
export const onePart = fc.oneof(
  approvals.map((rules) => ({ approvals: rules })),
  ...Object.entries(PARTS).map(([name, part]) =>
    fc.oneof(part, fc.constant(undefined)).map((value) => ({ [name]: value }) as Partial<Asked>),
  ),
);
