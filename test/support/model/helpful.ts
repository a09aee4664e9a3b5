import { type Act, act } from './acts/act.ts';
import { change, judge, setGreeting } from './acts/environments.ts';
import { ran, report } from './acts/evidence.ts';
import { unfreeze, unlockOne } from './acts/holds.ts';
import { answerGate, askGates, askGatesAgain, checkParity, endReplays, isSilent } from './acts/outside.ts';
import { silence } from './acts/people.ts';
import { approve, ask, cancel, deploy, push, tick } from './acts/promotions.ts';
import type { CanalModel, ModelPromotion } from './canal-model.ts';
import { boundNow, missing } from './model-rules.ts';
import { namesVariable } from './traits.ts';

type Target = 'staging' | 'production';

/** Does the next thing that a promotion into the environment lacks: without, hardly any would ever come through. */
export function helpful(to: Target, chance: number): Act {
  return act(`what helps a promotion to ${to} (${chance})`, (model, real) =>
    next(model, to, chance).perform(model, real),
  );
}

function next(model: CanalModel, to: Target, chance: number): Act {
  const promotion = model.promotionTo(to);
  const wish = { by: 'U0DEV', to, canary: false, in: null, replace: true };
  if (promotion?.status !== 'open') return bring(model, to, chance) ?? ask(wish);
  const lacks = missing(model, promotion, { replaces: model.liveIn(to)?.id ?? null });
  if (chance === 11 && promotion.gates.some(({ state }) => state === 'approved')) return askOtherwise(model, to);
  const lack = lacks[chance % Math.max(1, lacks.length)];
  return lack === undefined ? judge(1) : cure(model, promotion, to, lack, chance);
}

/** What a gate said yes to is proposed under other rules. */
function askOtherwise(model: CanalModel, to: Target): Act {
  return change(
    to,
    model.asked(to).authorMayApprove === false ? { authorMayApprove: undefined } : { authorMayApprove: false },
  );
}

/** Where what is live before is live there already: something else has to come that far first. Null where it has. */
function bring(model: CanalModel, to: Target, chance: number): Act | null {
  const before = model.liveIn(to === 'staging' ? 'development' : 'staging')?.version;
  if (before !== model.liveIn(to)?.version) return null;
  if (to === 'production') return next(model, 'staging', chance);
  const others = [...model.authors.keys()].filter((n) => n !== before && !model.seen.quarantined.includes(n));
  const other = others[chance % Math.max(1, others.length)];
  return other === undefined ? push('U0DEV', 'prompt') : deploy('U0DEV', other);
}

function cure(model: CanalModel, promotion: ModelPromotion, to: Target, lack: string, chance: number): Act {
  const asked = model.asked(to);
  const item = (asked.checklist ?? []).find((one) => !promotion.ticks.has(one)) ?? '';
  const scale = asked.quality?.[chance % asked.quality.length]?.scale ?? 'helpfulness';
  /** What is asked beside what is live needs figures of that, too. */
  const ofLive = (part: { maxIncrease?: number } | undefined) => part?.maxIncrease !== undefined && chance % 3 === 0;
  const cures: Record<string, () => Act> = {
    approvals: () => cureApprovals(model, promotion, to, chance),
    'no standing no': () => approve(promotion.noes[0]?.by ?? 'U0LEE', to, false),
    tests: () => report(to, false, { kind: 'tests', name: 'suite', figure: 10, state: null }),
    quality: () => report(to, false, { kind: 'quality', name: scale, figure: 4, of: 5, state: null }),
    cost: () => report(to, ofLive(asked.cost), { kind: 'cost', name: 'suite', figure: 20, state: null }),
    latency: () => report(to, ofLive(asked.latency), { kind: 'latency', name: 'suite', figure: 1_200, state: null }),
    checks: () => report(to, false, { kind: 'check', name: 'review', figure: 10, state: null }),
    gates: () => cureGates(model, promotion, to),
    parity: () => cureParity(model, promotion, to),
    shadow: () =>
      endReplays(to, { compared: chance % 4 === 2 ? 3 : 10, diverged: chance % 2, lost: 0, similarity: 0.9 }),
    checklist: () => tick('U0DEV', to, item, false),
    soak: () => cureSoak(model, to, chance),
    schedule: () => judge(almost(chance)),
    'no freeze': () => unfreeze('U0ADA', to),
    'no rollback': () =>
      ask({ by: 'U0DEV', to: promotion.to as Target, canary: promotion.canary, in: null, replace: false }),
    'no lock': () => unlockOne('U0ADA', inTheWay(model, to)?.id ?? ''),
  };
  return (cures[lack] ?? (() => judge(60)))();
}

function cureApprovals(model: CanalModel, promotion: ModelPromotion, to: Target, chance: number): Act {
  const named = model.asked(to).approvals.flatMap((rule) => Object.values(rule));
  const silent = [...model.groups].find(([group, { isSilent: is }]) => is && named.includes(group));
  return silent === undefined
    ? approve(somebodyElse(model, promotion, to, chance), to, false)
    : silence(silent[0], false);
}

/** Asks it, has it answer, asks it again where it is silent; to one that said no, another request is put. */
function cureGates(model: CanalModel, promotion: ModelPromotion, to: Target): Act {
  const bound = boundNow(model, promotion, model.liveIn(to)?.id ?? null);
  const urls = (model.asked(to).gates ?? []).map(({ url }) => url);
  const gates = promotion.gates.filter((gate) => gate.to === bound && urls.includes(gate.url));
  const open = gates.find(({ state }) => state !== 'approved');
  if (open === undefined) return askGates(to, true);
  if (open.state === 'rejected') return cancel('U0DEV', to);
  if (isSilent(model, promotion, open)) return askGatesAgain('U0DEV', to);
  return answerGate(to, promotion.gates.length - 1 - promotion.gates.indexOf(open), 'approved', false);
}

function cureParity(model: CanalModel, promotion: ModelPromotion, to: Target): Act {
  const traits = model.traits.get(promotion.version);
  const lacksIt = traits !== undefined && namesVariable(traits) && !model.greetings.has(to);
  return lacksIt ? setGreeting(to, 'hello') : checkParity(to);
}

function cureSoak(model: CanalModel, to: Target, chance: number): Act {
  const { minRuns, maxErrorRate } = model.asked(to).soak ?? {};
  if ((minRuns === undefined && maxErrorRate === undefined) || chance % 3 === 0) return judge(almost(chance));
  return ran(to, { outcomes: ['succeeded', 'succeeded'], ago: 0, ofProposed: true });
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
