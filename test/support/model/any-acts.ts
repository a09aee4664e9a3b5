import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openTestPersistence } from '../database/open-test-persistence.ts';
import * as acts from './acts.ts';
import { type Asked, ENVIRONMENTS } from './canal-model.ts';
import { helpful } from './helpful.ts';
import { makeMould, PEOPLE, startCanal } from './real-canal.ts';

const anybody = fc.constantFrom(...Object.keys(PEOPLE));
const reviewer = fc.constantFrom('U0LEE', 'U0LEE', 'U0LIV', 'U0LIV', 'U0ADA', 'U0ABE', 'U0MAX', 'U0DEV', 'U0VIC');
const leader = fc.constantFrom('U0LEE', 'U0LIV', 'U0ADA', 'U0MAX');
const target = fc.constantFrom('staging' as const, 'staging' as const, 'production' as const);
const place = fc.constantFrom(...ENVIRONMENTS);
const version = fc.integer({ min: 1, max: 4 });
const lasts = fc.constantFrom(null, 30, 120, 1_440);
const item = fc.constantFrom('Rollback tested', 'Told');
const DAY = 86_400_000;

const ALWAYS = {
  ...{ rrule: 'FREQ=DAILY;BYHOUR=0;BYMINUTE=0;BYSECOND=0', timeZone: 'UTC', lasts: 'P2D' },
  ...{ kind: 'deny' as const, reason: 'Always' },
};

/** Left out more often than not, so that some promotions come through. */
const maybe = <T>(arbitrary: fc.Arbitrary<T>, leftOut = 4) =>
  fc.oneof({ weight: leftOut, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const rarely = <T>(arbitrary: fc.Arbitrary<T>, leftOut: number) =>
  fc.oneof({ weight: leftOut, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });

/** What else than approvals may be asked. */
const PARTS = {
  authorMayApprove: fc.constant(false),
  rejection: fc.constant('counts' as const),
  tests: fc.record({ minPassRate: fc.constantFrom(0.8, 0.9), maxAge: fc.constantFrom(DAY, 7 * DAY) }),
  cost: fc.constantFrom({ maxCostPerRun: 0.05, maxAge: DAY }, { maxIncrease: 0.5, maxAge: DAY }),
  checks: fc.constant(['review']),
  checklist: fc.constantFrom(['Rollback tested'], ['Rollback tested', 'Told']),
  soak: fc.constantFrom({ for: DAY }, { for: DAY / 24 }),
  freezes: fc.constant([ALWAYS]),
};
const { freezes, ...usual } = PARTS;
const approvals = fc.constantFrom(...acts.RULES);

const asked: fc.Arbitrary<Asked> = fc
  .record({ approvals, ...mapValues(usual, (part) => maybe(part, 5)), freezes: maybe(freezes, 30) })
  .map((all) => acts.without(all));

/** One part another than before, or not asked any more: approvals of before are then of what is almost the same. */
const onePart = fc.oneof(
  approvals.map((rules) => ({ approvals: rules })),
  ...Object.entries(PARTS).map(([name, part]) =>
    fc.oneof(part, fc.constant(undefined)).map((value) => ({ [name]: value }) as Partial<Asked>),
  ),
);

function mapValues<T extends Record<string, fc.Arbitrary<unknown>>>(
  all: T,
  to: (one: fc.Arbitrary<unknown>) => fc.Arbitrary<unknown>,
): T {
  return Object.fromEntries(Object.entries(all).map(([name, one]) => [name, to(one)])) as T;
}

const finding: fc.Arbitrary<acts.Finding> = fc.oneof(
  fc.record({
    kind: fc.constant('tests' as const),
    name: fc.constantFrom('suite', 'suite', 'smoke'),
    figure: fc.constantFrom(10, 10, 9, 8, 5),
    state: rarely(fc.constantFrom('running' as const, 'errored' as const), 6),
  }),
  fc.record({
    ...{ kind: fc.constant('cost' as const), name: fc.constant('suite'), state: fc.constant(null) },
    figure: fc.constantFrom(20, 25, 40, 60),
  }),
  fc.record({
    ...{ kind: fc.constant('check' as const), name: fc.constant('review'), state: fc.constant(null) },
    figure: fc.constantFrom(10, 10, 0),
  }),
);

const wish = fc.record({
  by: fc.constantFrom('U0DEV', 'U0DEV', 'U0MAX', 'U0LEE', 'U0ADA', 'U0VIC'),
  to: target,
  canary: fc.integer({ min: 0, max: 7 }).map((n) => n === 0),
  in: rarely(fc.constantFrom(60, 1_440), 5),
  replace: fc.boolean(),
});

type Weighted = [weight: number, arbitrary: fc.Arbitrary<acts.Act>];
const WEIGHTED: Weighted[] = [
  [70, fc.tuple(target, fc.nat({ max: 11 })).map(([to, chance]) => helpful(to, chance))],
  [2, anybody.map(acts.push)],
  [4, fc.tuple(anybody, rarely(version, 2)).map(([by, number]) => acts.deploy(by, number))],
  [10, wish.map(acts.ask)],
  [16, fc.tuple(reviewer, target, fc.integer({ max: 9, min: 0 })).map(([by, to, n]) => acts.approve(by, to, n === 0))],
  [2, fc.tuple(reviewer, target).map(([by, to]) => acts.reject(by, to))],
  [2, fc.tuple(reviewer, target).map(([by, to]) => acts.cancel(by, to))],
  [
    8,
    fc.tuple(anybody, target, item, fc.integer({ max: 9, min: 0 })).map(([a, b, c, n]) => acts.tick(a, b, c, n === 0)),
  ],
  [
    3,
    fc
      .tuple(
        anybody,
        fc.constantFrom<acts.LockScope>('flow', 'all', ...ENVIRONMENTS, { card: 'staging' }, { card: 'production' }),
        lasts,
      )
      .map(([by, scope, time]) => acts.lock(by, scope, time)),
  ],
  [
    3,
    fc
      .tuple(leader, fc.constantFrom('flow' as const, 'all' as const, ...ENVIRONMENTS), fc.boolean())
      .map(([by, scope, others]) => acts.unlock(by, scope, others)),
  ],
  [2, fc.tuple(leader, place, lasts).map(([by, where, time]) => acts.freeze(by, where, time))],
  [2, fc.tuple(leader, place).map(([by, where]) => acts.unfreeze(by, where))],
  [
    14,
    fc.tuple(target, fc.integer({ max: 4, min: 0 }), finding).map(([to, n, found]) => acts.report(to, n === 0, found)),
  ],
  [8, fc.tuple(target, onePart).map(([to, part]) => acts.change(to, part))],
  [12, fc.constantFrom(1, 60, 60, 1_439, 1_440, 1_440, 10_080).map(acts.judge)],
  [8, fc.tuple(anybody, place).map(([by, where]) => acts.rollBack(by, where))],
  [3, fc.tuple(leader, place).map(([by, where]) => acts.incident(by, where))],
  [2, fc.tuple(leader, target, fc.constantFrom('finish' as const, 'abort' as const)).map((a) => acts.canaryAct(...a))],
  [1, version.map(acts.unquarantine)],
  [
    2,
    fc
      .tuple(
        fc.constantFrom('U0LEE', 'U0LIV', 'U0MAX'),
        fc.constantFrom('viewer' as const, 'member' as const, 'lead' as const),
      )
      .map(([to, role]) => acts.give(to, role)),
  ],
  [1, fc.tuple(fc.constantFrom('U0LEE', 'U0LIV'), fc.boolean()).map(([who, isThere]) => acts.comeOrGo(who, isThere))],
];
/** Each as often as it weighs: fast-check chooses among them alike. */
const ACTS = WEIGHTED.flatMap(([weight, arbitrary]) => Array.from({ length: weight }, () => arbitrary));

const FILES = 4;
/** Sequences that share a database: with many more it would grow, and every act take longer. */
const SHARED = 500;

/**
 * So many sequences of acts in each file that calls this; files run beside each other. `TOWPATH_SEQUENCES` says how many all files run
 * together, and `TOWPATH_SEED` repeats the ones of an earlier run.
 */
export function testAnyActs(part: number): void {
  const all = Math.ceil(Number(process.env['TOWPATH_SEQUENCES'] ?? 2_000) / FILES);
  const seed = Number(process.env['TOWPATH_SEED'] ?? Math.trunc(Math.random() * 1e9)) + part;
  const seen = new Map<string, number>();
  const count = (what: string) => void seen.set(what, (seen.get(what) ?? 0) + 1);

  describe('whoever does what, in whatever order', () => {
    it(
      'nothing goes live without all that it needs, or twice, and what needs nothing more does',
      async () => {
        for (let done = 0; done < all; done += SHARED)
          await runSequences({ numRuns: Math.min(SHARED, all - done), seed: seed + FILES * done }, count);
        // Acts that are all refused would prove nothing.
        for (const what of ['promoted', 'deployed', 'rolled back'])
          expect(seen.get(what) ?? 0, `${what} in ${all} sequences`).toBeGreaterThan(all / 50);
      },
      Math.max(120_000, all * 2_000),
    );
  });
}

async function runSequences(which: { numRuns: number; seed: number }, count: (what: string) => void): Promise<void> {
  const db = await openTestPersistence();
  try {
    const mould = await makeMould(db);
    const sequence = fc.commands(ACTS, { maxCommands: 16, size: 'max' });
    const property = fc.asyncProperty(asked, asked, wish, sequence, async (staging, production, first, commands) => {
      const started = await startCanal(db, mould, { staging, production }, count);
      await acts.ask(first).run(started.model, started.real);
      await fc.asyncModelRun(() => started, commands);
    });
    await fc.assert(property, which);
  } finally {
    await db.end();
  }
}
