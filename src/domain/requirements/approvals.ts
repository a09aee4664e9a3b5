import type { ApprovalRule, Environment } from '../environment.ts';
import { covers, type Person, ROLES, satisfies } from '../person.ts';
import type { Approval, Promotion } from '../promotion.ts';
import type { Workflow } from '../version.ts';
import type { Requirement, Verdict } from './requirement.ts';

/** Somebody's yes, as far as counting it goes. */
export type Yes = Pick<Approval, 'by' | 'role' | 'fingerprint'>;

/** What approvals are judged by: of a promotion, or of a change of settings, which is approved by the same rules. */
export interface JudgedApprovals<Given extends Yes = Yes> {
  promotion: Pick<Promotion, 'requestedBy'> & { approvals: readonly Given[] };
  /** Of what is proposed now (rule 5). */
  fingerprint: string;
  /** The people who approved, as they stand now, by user id. */
  approvers: ReadonlyMap<string, Person>;
  target: Pick<Environment, 'policy'>;
  workflow: Pick<Workflow, 'department'>;
}

/** Whether this person could fill a place of the rule for this workflow. Only members of the workspace ever do. */
export function fits(rule: ApprovalRule, person: Person, workflow: Pick<Workflow, 'department'>): boolean {
  return person.standing === 'member' && satisfies(person.role, rule.role) && covers(person, workflow.department);
}

/**
 * The approvals that count (rules 4 and 5): not the requester's, for what is proposed now, by people who still stand where
 * some rule asks. The role held at the click bounds the one held now: a later promotion of the person adds nothing.
 */
export function countingApprovals<Given extends Yes>(
  facts: JudgedApprovals<Given>,
): { approval: Given; person: Person }[] {
  const counting = new Map<string, { approval: Given; person: Person }>();
  for (const approval of facts.promotion.approvals) {
    const now = facts.approvers.get(approval.by);
    if (approval.fingerprint !== facts.fingerprint || now === undefined) continue;
    const person = { ...now, role: satisfies(now.role, approval.role) ? approval.role : now.role };
    if (!isEligible(facts.target.policy.approvals, person, facts.promotion, facts.workflow)) continue;
    counting.set(approval.by, { approval, person });
  }
  return [...counting.values()];
}

/**
 * How many places of each rule are filled when as many people as possible are seated, nobody twice. The strictest places are
 * filled first, so that what is left is the least that can be asked for: one lead more, where an admin approved.
 */
export function seat(
  rules: readonly ApprovalRule[],
  people: readonly Person[],
  workflow: Pick<Workflow, 'department'>,
): number[] {
  const places = rules
    .flatMap((rule, index) => Array.from({ length: rule.count }, () => ({ rule, index })))
    .sort((a, b) => ROLES.indexOf(b.rule.role) - ROLES.indexOf(a.rule.role));
  const holder: (Person | undefined)[] = places.map(() => undefined);
  for (const person of people) seatOne(person, new Set());
  const filled = rules.map(() => 0);
  places.forEach((place, i) => {
    if (holder[i] !== undefined) filled[place.index] = (filled[place.index] ?? 0) + 1;
  });
  return filled;

  // Kuhn's augmenting path: somebody seated may move to another place to make room, so no order of clicks dead-ends. Roles are
  // nested, so the strictest place first would do alone; rules that ask for something else than a role would not be.
  function seatOne(person: Person, tried: Set<number>): boolean {
    for (const [i, place] of places.entries()) {
      if (tried.has(i) || !fits(place.rule, person, workflow)) continue;
      tried.add(i);
      const seated = holder[i];
      if (seated === undefined || seatOne(seated, tried)) {
        holder[i] = person;
        return true;
      }
    }
    return false;
  }
}

/** Whether one more approval by this person would fill a place that those who approved leave empty. */
export function wouldFillAPlace(
  person: Person,
  rules: readonly ApprovalRule[],
  approved: readonly Person[],
  workflow: Pick<Workflow, 'department'>,
): boolean {
  const seated = (people: readonly Person[]) => seat(rules, people, workflow).reduce((a, b) => a + b, 0);
  return seated([...approved, person]) > seated(approved);
}

/** "approval by 1 more lead". */
export function missingApprovals(
  rules: readonly ApprovalRule[],
  filled: readonly number[],
): { rule: ApprovalRule; missing: number }[] {
  return rules
    .map((rule, i) => ({ rule, missing: rule.count - (filled[i] ?? 0) }))
    .filter(({ missing }) => missing > 0);
}

/** Approvals as a matching of people to the target's rules. */
export function judgeApprovals(facts: JudgedApprovals): Verdict {
  const { approvals: rules } = facts.target.policy;
  const people = countingApprovals(facts).map(({ person }) => person);
  const missing = missingApprovals(rules, seat(rules, people, facts.workflow));
  const asked = rules.map(ruleInWords).join(' and ');
  if (rules.length === 0) return { state: 'met', summary: 'No approval needed' };
  if (missing.length === 0) return { state: 'met', summary: `Approved by ${asked}` };
  const still = missing.map((m) => ruleInWords({ ...m.rule, count: m.missing })).join(' and ');
  return {
    state: 'pending',
    summary: people.length === 0 ? `Approval by ${still}` : `Approval by ${still} more (of ${asked})`,
  };
}

export const approvalsRequirement: Requirement = { kind: 'approvals', evaluate: judgeApprovals };

/** `1 lead`, `2 admins`. A higher role satisfies a lower rule. */
export function ruleInWords(rule: ApprovalRule): string {
  return `${rule.count} ${rule.role}${rule.count === 1 ? '' : 's'}`;
}

/** Whether the person's approval could count for any rule of the target; the requester's never does (rule 4). */
export function isEligible(
  rules: readonly ApprovalRule[],
  person: Person,
  promotion: Pick<Promotion, 'requestedBy'>,
  workflow: Pick<Workflow, 'department'>,
): boolean {
  return person.userId !== promotion.requestedBy && rules.some((rule) => fits(rule, person, workflow));
}
