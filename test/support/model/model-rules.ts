import type { ApprovalRule } from '../../../src/domain/environment.ts';
import { ROLES, type Role } from '../../../src/domain/person.ts';
import type { Asked, CanalModel, ModelPromotion, Report } from './canal-model.ts';

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
  const is: Record<string, boolean> = {
    open: promotion.status === 'open',
    'in time': model.minutes < promotion.expiresAt,
    'no quarantine': !model.seen.quarantined.includes(promotion.version),
    approvals: hasApprovals(model, promotion, asked, replaces),
    'no standing no': asked.rejection === 'counts' || standingNoes(promotion, model, replaces).length === 0,
    tests: passesTests(model, promotion, asked),
    cost: isCheapEnough(model, promotion, asked, replaces),
    checks: (asked.checks ?? []).every((name) => newest(model, promotion, 'check', name)?.state === 'passed'),
    checklist: (asked.checklist ?? []).every((item) => promotion.ticks.has(item)),
    soak: asked.soak === undefined || longestActive(model, promotion) >= asked.soak.for / 60_000,
    'no freeze': (asked.freezes ?? []).length === 0 && !isFrozen(model, promotion.to),
    'no lock': !isLocked(model, promotion.to),
    'no rollback': !promotion.isHeld,
    schedule: promotion.deployAt === null || promotion.deployAt <= model.minutes,
    'no canary': !model.seen.deployments.some((d) => d.environment === promotion.to && d.status === 'candidate'),
  };
  return Object.keys(is).filter((one) => is[one] === false);
}

/** What a yes is given to: the version, what it would replace, and all that is asked. */
export function boundNow(model: CanalModel, { to, version }: ModelPromotion, replaces: string | null): string {
  return JSON.stringify([version, replaces, model.asked(to)]);
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

/** Whether some way of giving each place to somebody else fills all of them. */
function hasApprovals(model: CanalModel, promotion: ModelPromotion, asked: Asked, replaces: string | null): boolean {
  const bound = boundNow(model, promotion, replaces);
  const noes = standingNoes(promotion, model, replaces);
  const able = new Map<string, Role>();
  for (const { by, role, to } of promotion.yes) {
    const person = model.people.get(by);
    const barred = asked.authorMayApprove === false && model.authors.get(promotion.version) === by;
    if (to !== bound || person === undefined || !person.isThere || by === promotion.by || barred || noes.includes(by))
      continue;
    able.set(by, lower(role, person.role));
  }
  const places = asked.approvals.flatMap((rule) =>
    Array.from({ length: 'owner' in rule ? 1 : rule.count }, () => rule),
  );
  const fill = (left: readonly ApprovalRule[], taken: readonly string[]): boolean => {
    const [rule, ...rest] = left;
    if (rule === undefined) return true;
    return [...able].some(
      ([by, role]) => !taken.includes(by) && isWanted(rule, by, role, model.owner) && fill(rest, [...taken, by]),
    );
  };
  return fill(places, []);
}

function isWanted(rule: ApprovalRule, by: string, role: Role, owner: string): boolean {
  if ('role' in rule) return ROLES.indexOf(role) >= ROLES.indexOf(rule.role);
  if ('people' in rule) return rule.people.includes(by);
  if ('owner' in rule) return by === owner;
  throw new Error('The model knows of no groups.');
}

function lower(a: Role, b: Role): Role {
  return ROLES.indexOf(a) < ROLES.indexOf(b) ? a : b;
}

/** Who said no and did not say yes to what is proposed now since. */
function standingNoes(promotion: ModelPromotion, model: CanalModel, replaces: string | null): string[] {
  const bound = boundNow(model, promotion, replaces);
  return promotion.noes
    .filter((no) => !promotion.yes.some((yes) => yes.by === no.by && yes.to === bound && yes.turn > no.turn))
    .map(({ by }) => by);
}

const ofPlace =
  ({ version, to }: ModelPromotion) =>
  (report: Report) =>
    report.version === version && report.environment === to;

function newest(model: CanalModel, promotion: ModelPromotion, kind: Report['kind'], name: string): Report | undefined {
  return model.reports.filter(ofPlace(promotion)).findLast((report) => report.kind === kind && report.name === name);
}

/** Whether of the newest of each name every one is good, however old, and one is not too old. */
function areGood(
  model: CanalModel,
  promotion: ModelPromotion,
  kind: Report['kind'],
  maxAge: number,
  isGood: (report: Report) => boolean,
): boolean {
  const all = model.reports.filter(ofPlace(promotion)).filter((report) => report.kind === kind);
  const last = all.filter((report) => all.findLast(({ name }) => name === report.name) === report);
  return last.every(isGood) && last.some(({ at }) => model.minutes - at < maxAge / 60_000);
}

function passesTests(model: CanalModel, promotion: ModelPromotion, { tests }: Asked): boolean {
  if (tests === undefined) return true;
  const isGood = ({ state, figure }: Report) =>
    state !== 'running' && state !== 'errored' && figure >= tests.minPassRate;
  return areGood(model, promotion, 'tests', tests.maxAge, isGood);
}

function isCheapEnough(
  model: CanalModel,
  promotion: ModelPromotion,
  { cost }: Asked,
  replaces: string | null,
): boolean {
  if (cost === undefined) return true;
  const live = model.seen.deployments.find(({ id }) => id === replaces)?.version;
  return areGood(model, promotion, 'cost', cost.maxAge, isGood);

  function isGood({ figure, name }: Report): boolean {
    if (cost?.maxCostPerRun !== undefined && figure > cost.maxCostPerRun) return false;
    if (cost?.maxIncrease === undefined || live === undefined) return true;
    const theirs = newest(model, { ...promotion, version: live }, 'cost', name)?.figure;
    return theirs !== undefined && figure <= theirs * (1 + cost.maxIncrease) + 1e-9;
  }
}

/** Minutes of the longest time without a break in which the version was live in the environment before. */
function longestActive({ stretches, minutes }: CanalModel, { version, from }: ModelPromotion): number {
  const lengths = stretches
    .filter((stretch) => stretch.environment === from && stretch.version === version)
    .map((stretch) => (stretch.to ?? minutes) - stretch.from);
  return Math.max(-1, ...lengths);
}
