import { type Frozen, frozenBy } from '../freeze-calendar.ts';
import { type Facts, policyOf, type Requirement, type Verdict } from './requirement.ts';

/** `/towpath freeze ENV until TIME REASON`: nothing goes live in one environment until then. */
export interface Freeze {
  environmentId: string;
  reason: string;
  by: string;
  at: Date;
  /** Null: until somebody ends it. */
  until: Date | null;
}

/** Whether it holds at `now`; its end is no part of it. */
export function isFreezeInForce({ until }: Pick<Freeze, 'until'>, now: Date): boolean {
  return until === null || until > now;
}

/** No window and nobody keeps things from going live. Stops promotions and deploys, never rollbacks. */
export const freezeRequirement: Requirement = {
  kind: 'freeze',
  applies: (facts) => (policyOf(facts).freezes ?? []).length > 0 || setByHand(facts).length > 0,
  evaluate: (facts) => {
    const [set] = setByHand(facts);
    if (set !== undefined) {
      const retryAt = set.until === null ? {} : { retryAt: set.until };
      return {
        state: 'pending',
        summary: `${facts.target.name} is frozen`,
        detail: set.reason,
        people: [set.by],
        ...retryAt,
      };
    }
    return judgeCalendar(facts);
  },
};

/** Those that hold, the one that ends last first. */
function setByHand({ freezes = [], target, now }: Facts): Freeze[] {
  const end = ({ until }: Freeze) => until?.getTime() ?? Infinity;
  return freezes
    .filter((freeze) => freeze.environmentId === target.id && isFreezeInForce(freeze, now))
    .sort((a, b) => (end(a) === end(b) ? 0 : end(b) - end(a)));
}

function judgeCalendar(facts: Facts): Verdict {
  const { target, now } = facts;
  const found = calendarOf(facts);
  if (found === null)
    return {
      state: 'failed',
      summary: `The freeze windows of ${target.name} can’t be followed`,
      detail: 'correct them in towpath.yaml',
    };
  const [first] = found;
  if (first === undefined) return { state: 'met', summary: `${target.name} is not frozen` };
  const ends = found.flatMap(({ until }) => (until === null || until <= now ? [] : [until.getTime()]));
  return {
    state: 'pending',
    summary: first.kind === 'deny' ? `${target.name} is frozen` : `Outside of when ${target.name} may be changed`,
    detail: found.map(({ reason }) => reason).join('; '),
    ...(ends.length > 0 && { retryAt: new Date(Math.min(...ends)) }),
  };
}

/** Null where a rule can't be followed: nothing goes live then, since nobody knows whether it may. */
function calendarOf(facts: Facts): Frozen[] | null {
  try {
    return frozenBy(policyOf(facts).freezes ?? [], facts.now);
  } catch {
    return null;
  }
}
