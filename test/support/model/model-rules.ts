import type { CanalModel, ModelPromotion } from './canal-model.ts';
import { hasApprovals, standingNoes } from './model-approvals.ts';
import { answersAlike, gatesSaidYes, hasParity, hasSoaked } from './model-evidence.ts';
import { isCheapEnough, isGoodEnough, isQuickEnough, newest, passesTests } from './model-measures.ts';
import { namesVariable } from './traits.ts';

/*
 * What a promotion needs, told a second time and as simply as possible, from what people were seen to do. It shares nothing with the
 * code under test but the names of roles and the shape of a policy.
 */

/** An environment and what was live there when it was deployed: the deployment that it took the place of. */
export interface Moment {
  /** Id of the deployment in the target that this one replaces; null for none. */
  replaces: string | null;
}

/** Everything that is missing; empty where it may go live. */
export function missing(model: CanalModel, promotion: ModelPromotion, { replaces }: Moment): string[] {
  const asked = model.asked(promotion.to);
  const bound = boundNow(model, promotion, replaces);
  const live = model.seen.deployments.find(({ id }) => id === replaces)?.version;
  const is: Record<string, boolean> = {
    open: promotion.status === 'open',
    'in time': model.minutes < promotion.expiresAt,
    'no quarantine': !model.seen.quarantined.includes(promotion.version),
    approvals: hasApprovals(model, promotion, asked, { bound, live }),
    'no standing no': asked.rejection === 'counts' || standingNoes(promotion, bound).length === 0,
    tests: passesTests(model, promotion, asked),
    quality: isGoodEnough(model, promotion, asked),
    cost: isCheapEnough(model, promotion, asked, live),
    latency: isQuickEnough(model, promotion, asked, live),
    checks: (asked.checks ?? []).every((name) => newest(model, promotion, 'check', name)?.state === 'passed'),
    gates: gatesSaidYes(promotion, asked, bound),
    parity: hasParity(model, promotion, asked, bound),
    shadow: answersAlike(model, promotion, asked, live),
    checklist: (asked.checklist ?? []).every((item) => promotion.ticks.has(item)),
    soak: hasSoaked(model, promotion, asked),
    'no freeze': (asked.freezes ?? []).length === 0 && !isFrozen(model, promotion.to),
    'no lock': !isLocked(model, promotion.to),
    'no rollback': !promotion.isHeld,
    schedule: promotion.deployAt === null || promotion.deployAt <= model.minutes,
    'no canary': !model.seen.deployments.some((d) => d.environment === promotion.to && d.status === 'candidate'),
  };
  return Object.keys(is).filter((one) => is[one] === false);
}

/** What a yes is given to: the version, what it would replace, the settings that it reads, and all that is asked. */
export function boundNow(model: CanalModel, { to, version }: ModelPromotion, replaces: string | null): string {
  const traits = model.traits.get(version);
  const reads = traits !== undefined && namesVariable(traits) ? (model.greetings.get(to) ?? null) : null;
  return JSON.stringify([version, replaces, reads, model.asked(to)]);
}

export function isFrozen(model: CanalModel, environment: string): boolean {
  return model.freezes.some((freeze) => freeze.environment === environment && holds(model, freeze.until));
}

export function isLocked(model: CanalModel, environment: string): boolean {
  return model.locks.some(
    (lock) => (lock.environment === null || lock.environment === environment) && holds(model, lock.until),
  );
}

function holds({ minutes }: CanalModel, until: number | null): boolean {
  return until === null || until > minutes;
}
