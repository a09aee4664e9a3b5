import type { Environment } from '../../src/domain/environment.ts';
import { fingerprint, type Reviewed } from '../../src/domain/fingerprint.ts';
import { assertCanApprove, assertCanCancel, assertCanReject } from '../../src/domain/permissions.ts';
import { type Person, type Role, satisfies } from '../../src/domain/person.ts';
import type { RoleRule } from '../../src/domain/policy/approval-rule.ts';
import { approve, assertOpen, close, complete, isDue, type Promotion } from '../../src/domain/promotion.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { allMet, evaluateAll } from '../../src/domain/requirements/evaluate.ts';
import type { Facts } from '../../src/domain/requirements/requirement.ts';
import { afterNoon, DAY, environment, policy, promotion, reviewed, workflow } from './domain-builders.ts';
import { asMap, person } from './people.ts';

/** Everything that one promotion depends on, in memory. */
export interface World {
  promotion: Promotion;
  people: Map<string, Person>;
  rules: readonly RoleRule[];
  /** The deployment that is live in the target. */
  live: string;
  /** Milliseconds after noon. */
  time: number;
  deployments: number;
}

export type Act =
  | { act: 'approve' | 'reject' | 'cancel'; by: string }
  | { act: 'give-role'; to: string; role: Role }
  | { act: 'deactivate'; who: string }
  | { act: 'move-live'; to: string }
  | { act: 'change-rules'; rules: readonly RoleRule[] }
  /** Time passes; the clock notices at its next tick. */
  | { act: 'wait'; hours: number }
  | { act: 'tick' };

const FLOW = workflow();
export const ASKER = 'UASKER';

/** Five people and an open promotion that the first of them asked for. */
export function world(rules: readonly RoleRule[]): World {
  const people = asMap([person(ASKER, 'admin'), ...['U1', 'U2', 'U3', 'U4'].map((id) => person(id, 'lead'))]);
  return { promotion: promotion({ requestedBy: ASKER }), people, rules, live: 'd1', time: 0, deployments: 0 };
}

export function target({ rules }: World): Environment {
  return environment('staging', 1, { policy: policy({ approvals: rules }) });
}

export function proposed(now: World): Reviewed {
  return reviewed({ replacesDeploymentId: now.live, policy: target(now).policy });
}

/** The next world; the same one where the act was refused. Puts the domain's functions together as the use cases do. */
export function perform(now: World, act: Act): World {
  try {
    return next(now, act);
  } catch (error) {
    if (error instanceof Refusal) return now;
    throw error;
  }
}

function next(now: World, act: Act): World {
  if (act.act === 'give-role') return settle(withPerson(now, act.to, { role: act.role }));
  if (act.act === 'deactivate') return settle(withPerson(now, act.who, { standing: 'deactivated', role: 'viewer' }));
  if (act.act === 'move-live') return { ...now, live: act.to };
  if (act.act === 'change-rules') return settle({ ...now, rules: act.rules });
  if (act.act === 'wait') return { ...now, time: now.time + act.hours * 3_600_000 };
  if (act.act === 'tick') return tick(now);
  return decide(now, act.act, now.people.get(act.by) ?? person(act.by, 'viewer'));
}

function decide(now: World, act: 'approve' | 'reject' | 'cancel', who: Person): World {
  const at = afterNoon(now.time);
  assertOpen(now.promotion);
  if (act === 'cancel') {
    assertCanCancel(who, now.promotion);
    return { ...now, promotion: close(now.promotion, 'cancelled', { by: who.userId, reason: null, at }) };
  }
  if (act === 'reject') {
    assertCanReject(who, now.promotion, target(now), FLOW);
    return { ...now, promotion: close(now.promotion, 'rejected', { by: who.userId, reason: 'no', at }) };
  }
  if (isDue(now.promotion, at)) return now;
  assertCanApprove(who, now.promotion, target(now), FLOW);
  const review = { reviewed: proposed(now), fingerprint: fingerprint(proposed(now)) };
  return settle({ ...now, promotion: approve(now.promotion, who, review, at) });
}

function settle(now: World): World {
  const at = afterNoon(now.time);
  if (now.promotion.status !== 'open' || isDue(now.promotion, at)) return now;
  const facts: Facts = {
    ...{ now: at, promotion: now.promotion, workflow: FLOW, target: target(now), approvers: now.people },
    fingerprint: fingerprint(proposed(now)),
  };
  if (!allMet(evaluateAll(facts))) return now;
  return { ...now, promotion: complete(now.promotion, null, at), deployments: now.deployments + 1 };
}

function tick(now: World): World {
  const at = afterNoon(now.time);
  if (!isDue(now.promotion, at)) return now;
  return { ...now, promotion: close(now.promotion, 'expired', { by: null, reason: null, at }) };
}

function withPerson(now: World, userId: string, change: Partial<Person>): World {
  const before = now.people.get(userId);
  if (before === undefined) return now;
  // Somebody deactivated has no role, whatever is given to them.
  const after = before.standing === 'member' ? { ...before, ...change } : before;
  return { ...now, people: new Map(now.people).set(userId, after) };
}

/**
 * Whether the rules are satisfied, told without the code under test: tries every way to give each place to somebody else who
 * approved exactly what is proposed now, held the role then, and holds it still.
 */
export function isSatisfied(now: World): boolean {
  const wanted = fingerprint(proposed(now));
  const places = now.rules.flatMap(({ role, count }) => Array.from({ length: count }, () => role));
  const able = (role: Role) =>
    [...now.people.values()].filter(
      ({ userId, standing, role: held }) =>
        standing === 'member' &&
        userId !== ASKER &&
        satisfies(held, role) &&
        now.promotion.approvals.some((a) => a.by === userId && a.fingerprint === wanted && satisfies(a.role, role)),
    );
  const fill = (left: readonly Role[], taken: ReadonlySet<string>): boolean => {
    const [role, ...rest] = left;
    if (role === undefined) return true;
    return able(role).some(({ userId }) => !taken.has(userId) && fill(rest, new Set([...taken, userId])));
  };
  return fill(places, new Set());
}

export const EXPIRY_HOURS = (7 * DAY) / 3_600_000;
