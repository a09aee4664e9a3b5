import fc from 'fast-check';
import type { Act } from './acts/act.ts';
import { change, judge } from './acts/environments.ts';
import * as holds from './acts/holds.ts';
import * as live from './acts/live.ts';
import { comeOrGo, give } from './acts/people.ts';
import * as promotions from './acts/promotions.ts';
import { ENVIRONMENTS } from './canal-model.ts';
import { happening } from './drawn-evidence.ts';
import { onePart } from './drawn-policies.ts';
import { helpful } from './helpful.ts';
import { PEOPLE } from './real-canal.ts';
import type { Like } from './traits.ts';

const anybody = fc.constantFrom(...Object.keys(PEOPLE));
const reviewer = fc.constantFrom('U0LEE', 'U0LEE', 'U0LIV', 'U0LIV', 'U0ADA', 'U0ABE', 'U0MAX', 'U0DEV', 'U0VIC');
const leader = fc.constantFrom('U0LEE', 'U0LIV', 'U0ADA', 'U0MAX');
const target = fc.constantFrom('staging' as const, 'staging' as const, 'production' as const);
const place = fc.constantFrom(...ENVIRONMENTS);
const version = fc.integer({ min: 1, max: 4 });
const lasts = fc.constantFrom(null, 30, 120, 1_440);
const like = fc.constantFrom<Like>('label', 'prompt', 'model', 'named');
const item = fc.constantFrom('Rollback tested', 'Told');

const rarely = <T>(arbitrary: fc.Arbitrary<T>, leftOut: number) =>
  fc.oneof({ weight: leftOut, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });

export const wish = fc.record({
  by: fc.constantFrom('U0DEV', 'U0DEV', 'U0MAX', 'U0LEE', 'U0ADA', 'U0VIC'),
  to: target,
  canary: fc.integer({ min: 0, max: 7 }).map((n) => n === 0),
  in: rarely(fc.constantFrom(60, 1_440), 5),
  replace: fc.boolean(),
});

type Weighted = [weight: number, arbitrary: fc.Arbitrary<Act>];
const WEIGHTED: Weighted[] = [
  [70, fc.tuple(target, fc.nat({ max: 11 })).map(([to, chance]) => helpful(to, chance))],
  [2, fc.tuple(anybody, like).map(([by, what]) => promotions.push(by, what))],
  [4, fc.tuple(anybody, rarely(version, 2)).map(([by, number]) => promotions.deploy(by, number))],
  [10, wish.map(promotions.ask)],
  [
    16,
    fc
      .tuple(reviewer, target, fc.integer({ max: 9, min: 0 }))
      .map(([by, to, n]) => promotions.approve(by, to, n === 0)),
  ],
  [2, fc.tuple(reviewer, target).map(([by, to]) => promotions.reject(by, to))],
  [2, fc.tuple(reviewer, target).map(([by, to]) => promotions.cancel(by, to))],
  [
    8,
    fc
      .tuple(anybody, target, item, fc.integer({ max: 9, min: 0 }))
      .map(([a, b, c, n]) => promotions.tick(a, b, c, n === 0)),
  ],
  [
    3,
    fc
      .tuple(
        anybody,
        fc.constantFrom<holds.LockScope>('flow', 'all', ...ENVIRONMENTS, { card: 'staging' }, { card: 'production' }),
        lasts,
      )
      .map(([by, scope, time]) => holds.lock(by, scope, time)),
  ],
  [
    3,
    fc
      .tuple(leader, fc.constantFrom('flow' as const, 'all' as const, ...ENVIRONMENTS), fc.boolean())
      .map(([by, scope, others]) => holds.unlock(by, scope, others)),
  ],
  [2, fc.tuple(leader, place, lasts).map(([by, where, time]) => holds.freeze(by, where, time))],
  [2, fc.tuple(leader, place).map(([by, where]) => holds.unfreeze(by, where))],
  [18, happening],
  [8, fc.tuple(target, onePart).map(([to, part]) => change(to, part))],
  [12, fc.constantFrom(1, 60, 60, 1_439, 1_440, 1_440, 10_080).map(judge)],
  [8, fc.tuple(anybody, place).map(([by, where]) => live.rollBack(by, where))],
  [3, fc.tuple(leader, place).map(([by, where]) => live.incident(by, where))],
  [2, fc.tuple(leader, target, fc.constantFrom('finish' as const, 'abort' as const)).map((a) => live.canaryAct(...a))],
  [1, version.map(live.unquarantine)],
  [
    2,
    fc
      .tuple(
        fc.constantFrom('U0LEE', 'U0LIV', 'U0MAX'),
        fc.constantFrom('viewer' as const, 'member' as const, 'lead' as const),
      )
      .map(([to, role]) => give(to, role)),
  ],
  [1, fc.tuple(fc.constantFrom('U0LEE', 'U0LIV'), fc.boolean()).map(([who, isThere]) => comeOrGo(who, isThere))],
];
/** Each as often as it weighs: fast-check chooses among them alike. */
export const ACTS = WEIGHTED.flatMap(([weight, arbitrary]) => Array.from({ length: weight }, () => arbitrary));
