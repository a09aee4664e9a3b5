import type { ApprovalRule } from '../../../src/domain/environment.ts';
import { ROLES, type Role } from '../../../src/domain/person.ts';
import type { Asked, CanalModel, ModelPromotion } from './canal-model.ts';
import { riskBetween } from './traits.ts';

/** What a promotion proposes now. */
interface Proposed {
  /** What a yes is given to. */
  bound: string;
  /** The version that it would replace. */
  live: number | undefined;
}

/** Whether some way of giving each place to somebody else fills all of them. */
export function hasApprovals(model: CanalModel, promotion: ModelPromotion, asked: Asked, now: Proposed): boolean {
  const able = whoMayCount(model, promotion, asked, now.bound);
  const fill = (left: readonly (ApprovalRule | null)[], taken: readonly string[]): boolean => {
    const [rule, ...rest] = left;
    if (rule === undefined) return true;
    if (rule === null) return false;
    return [...able].some(
      ([by, role]) => !taken.includes(by) && isWanted(rule, by, role, model) && fill(rest, [...taken, by]),
    );
  };
  return fill(placesFor(model, promotion, asked, now.live), []);
}

/** With the role that they may use. */
function whoMayCount(model: CanalModel, promotion: ModelPromotion, asked: Asked, bound: string): Map<string, Role> {
  const noes = standingNoes(promotion, bound);
  const able = new Map<string, Role>();
  for (const { by, role, to } of promotion.yes) {
    const person = model.people.get(by);
    const barred = asked.authorMayApprove === false && model.authors.get(promotion.version) === by;
    if (to !== bound || person === undefined || !person.isThere || by === promotion.by || barred || noes.includes(by))
      continue;
    able.set(by, lower(role, person.role));
  }
  return able;
}

/** One for each who has to say yes; null for one that nobody can fill. A risky change adds some that are like the first. */
function placesFor(
  model: CanalModel,
  { version }: ModelPromotion,
  { approvals, risk = {} }: Asked,
  live: number | undefined,
): (ApprovalRule | null)[] {
  const places = approvals.flatMap((rule) => Array.from({ length: 'owner' in rule ? 1 : rule.count }, () => rule));
  const { medium = { count: 0 }, high = { count: 0 } } = risk;
  const level = riskBetween(live === undefined ? undefined : model.traits.get(live), model.traits.get(version));
  const people = { none: 0, medium: medium.count, high: Math.max(medium.count, high.count) }[level];
  const more = Math.max(0, people - places.length);
  return [...places, ...Array.from({ length: more }, () => approvals[0] ?? null)];
}

function isWanted(rule: ApprovalRule, by: string, role: Role, { owner, groups }: CanalModel): boolean {
  if ('role' in rule) return ROLES.indexOf(role) >= ROLES.indexOf(rule.role);
  if ('people' in rule) return rule.people.includes(by);
  if ('owner' in rule) return by === owner;
  const group = groups.get('usergroup' in rule ? rule.usergroup : rule.onCall);
  return group !== undefined && !group.isSilent && group.members.has(by);
}

function lower(a: Role, b: Role): Role {
  return ROLES.indexOf(a) < ROLES.indexOf(b) ? a : b;
}

/** Who said no and did not say yes to what is proposed now since. */
export function standingNoes(promotion: ModelPromotion, bound: string): string[] {
  return promotion.noes
    .filter((no) => !promotion.yes.some((yes) => yes.by === no.by && yes.to === bound && yes.turn > no.turn))
    .map(({ by }) => by);
}
