import { type Act, act, approve, ask, deploy, judge, push, report, tick, unfreeze, unlockOne } from './acts.ts';
import type { CanalModel, ModelPromotion, Place } from './canal-model.ts';
import { boundNow, missing } from './model-rules.ts';

/** Does the next thing that a promotion into the environment lacks: without, hardly any would ever come through. */
export function helpful(to: 'staging' | 'production', chance: number): Act {
  return act(`what helps a promotion to ${to} (${chance})`, (model, real) =>
    next(model, to, chance).perform(model, real),
  );
}

function next(model: CanalModel, to: 'staging' | 'production', chance: number): Act {
  const promotion = model.promotionTo(to);
  const wish = { by: 'U0DEV', to, canary: false, in: null, replace: true };
  if (promotion?.status !== 'open') return bring(model, to, chance) ?? ask(wish);
  const lacks = missing(model, promotion, { replaces: model.liveIn(to)?.id ?? null });
  const lack = lacks[chance % Math.max(1, lacks.length)];
  return lack === undefined ? judge(1) : cure(model, promotion, to, lack, chance);
}

/** Where what is live before is live there already: something else has to come that far first. Null where it has. */
function bring(model: CanalModel, to: 'staging' | 'production', chance: number): Act | null {
  const before = model.liveIn(to === 'staging' ? 'development' : 'staging')?.version;
  if (before !== model.liveIn(to)?.version) return null;
  if (to === 'production') return next(model, 'staging', chance);
  const others = [...model.authors.keys()].filter((n) => n !== before && !model.seen.quarantined.includes(n));
  const other = others[chance % Math.max(1, others.length)];
  return other === undefined ? push('U0DEV') : deploy('U0DEV', other);
}

function cure(model: CanalModel, promotion: ModelPromotion, to: Place, lack: string, chance: number): Act {
  const asked = model.asked(to);
  const item = (asked.checklist ?? []).find((one) => !promotion.ticks.has(one)) ?? '';
  const cures: Record<string, () => Act> = {
    approvals: () => approve(somebodyElse(model, promotion, to, chance), to, false),
    'no standing no': () => approve(promotion.noes[0]?.by ?? 'U0LEE', to, false),
    tests: () => report(to, false, { kind: 'tests', name: 'suite', figure: 10, state: null }),
    cost: () => report(to, false, { kind: 'cost', name: 'suite', figure: 20, state: null }),
    checks: () => report(to, false, { kind: 'check', name: 'review', figure: 10, state: null }),
    checklist: () => tick('U0DEV', to, item, false),
    soak: () => judge(almost(chance)),
    schedule: () => judge(almost(chance)),
    'no freeze': () => unfreeze('U0ADA', to),
    'no rollback': () =>
      ask({ by: 'U0DEV', to: promotion.to as 'staging', canary: promotion.canary, in: null, replace: false }),
    'no lock': () => unlockOne('U0ADA', inTheWay(model, to)?.id ?? ''),
  };
  return (cures[lack] ?? (() => judge(60)))();
}

function inTheWay({ locks }: CanalModel, to: string): CanalModel['locks'][number] | undefined {
  return locks.findLast(({ environment }) => environment === null || environment === to);
}

/** A day, now and then a minute too few, or half of it. */
function almost(chance: number): number {
  return [1_440, 1_439, 720, 1_440][chance % 4] ?? 60;
}

/** Who did not say yes to this yet, of those who mostly may. */
function somebodyElse(model: CanalModel, promotion: ModelPromotion, to: string, chance: number): string {
  const bound = boundNow(model, promotion, model.liveIn(to)?.id ?? null);
  const said = new Set(promotion.yes.filter((yes) => yes.to === bound).map(({ by }) => by));
  const left = ['U0LEE', 'U0LIV', 'U0ADA', 'U0MAX', 'U0ABE'].filter((by) => !said.has(by) && by !== promotion.by);
  return left[chance % Math.max(1, left.length)] ?? 'U0LEE';
}
