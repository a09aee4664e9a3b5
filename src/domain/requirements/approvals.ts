import type { RiskLevel } from '../diff/risk.ts';
import type { Environment } from '../environment.ts';
import { covers, type Person, ROLES, satisfies } from '../person.ts';
import { type ApprovalRule, placesOf, userGroupsOf } from '../policy/approval-rule.ts';
import type { Policy } from '../policy/policy.ts';
import { policyFor } from '../policy/policy-for.ts';
import { type Approval, isTakenBack, type Promotion, type Rejection } from '../promotion.ts';
import type { Workflow } from '../version.ts';
import type { Requirement, Verdict } from './requirement.ts';

/** Somebody's yes, as far as counting it goes. */
export type Yes = Pick<Approval, 'by' | 'role' | 'fingerprint' | 'at'>;

/** Who is in which Slack user group, by the group's id. One that is not here has nobody in it. */
export type Groups = ReadonlyMap<string, ReadonlySet<string>>;

/** What tells whether a person fits a rule, besides the two: a workflow alone will do where no rule names a group. */
export interface RuleFacts {
  department: string | null;
  ownerId?: string;
  groups?: Groups;
  /** Whose approval never counts, besides the requester's: the version's author where the policy bars them. */
  barred?: string | null;
}

/** What approvals are judged by: of a promotion, or of a change of settings, which is approved by the same rules. */
export interface JudgedApprovals<Given extends Yes = Yes> {
  promotion: Pick<Promotion, 'requestedBy'> & { approvals: readonly Given[]; rejections?: readonly Rejection[] };
  /** Of what is proposed now (rule 5). */
  fingerprint: string;
  /** The people who approved, as they stand now, by user id. */
  approvers: ReadonlyMap<string, Person>;
  target: Pick<Environment, 'policy'>;
  /** Without a slug: what concerns every workflow. */
  workflow: Pick<Workflow, 'department'> & Partial<Pick<Workflow, 'slug' | 'ownerId'>>;
  groups?: Groups;
  /** Who made the version; null where there is none. */
  author?: string | null;
  /** How risky the change is; null where nothing tells. */
  risk?: RiskLevel | null;
  /** Left out: nobody judges again by the clock. */
  now?: Date;
}

/** Whether this person could fill a place of the rule. Only members of the workspace ever do. */
export function fits(rule: ApprovalRule, person: Person, around: RuleFacts): boolean {
  if (person.standing !== 'member') return false;
  if ('role' in rule) return satisfies(person.role, rule.role) && covers(person, around.department);
  if ('people' in rule) return rule.people.includes(person.userId);
  if ('owner' in rule) return person.userId === around.ownerId;
  const group = 'usergroup' in rule ? rule.usergroup : rule.onCall;
  return around.groups?.get(group)?.has(person.userId) ?? false;
}

/** What tells whether a person fits one of the rules of a judgement. */
export function ruleFactsOf({ target, workflow, groups, author }: Omit<JudgedApprovals, 'promotion'>): RuleFacts {
  const { department, ownerId } = workflow;
  const barred = policyFor(target, workflow).authorMayApprove === false ? (author ?? null) : null;
  return { department, barred, ...(ownerId !== undefined && { ownerId }), ...(groups !== undefined && { groups }) };
}

/** Leads would be a guess, and laxer than an environment that asks admins. */
const NOBODY: ApprovalRule = { people: [], count: 0, label: 'no rule says of whom' };

/**
 * The rules with as many places as the change's risk asks for: those beyond the rules' own are filled by whoever fits the first.
 * With no rule at all nobody does.
 */
export function rulesAsked({ approvals, risk: asked }: Policy, risk: RiskLevel | null | undefined): ApprovalRule[] {
  const counts = {
    medium: asked?.medium?.count ?? 0,
    high: Math.max(asked?.medium?.count ?? 0, asked?.high?.count ?? 0),
  };
  const least = risk === 'medium' || risk === 'high' ? counts[risk] : 0;
  const more = least - approvals.reduce((sum, rule) => sum + placesOf(rule), 0);
  if (more <= 0) return [...approvals];
  const [first = NOBODY, ...others] = approvals;
  if ('owner' in first) return [...approvals, ...Array.from({ length: more }, () => first)];
  return [{ ...first, count: first.count + more }, ...others];
}

/**
 * The approvals that count (rules 4 and 5): not the requester's, for what is proposed now, not taken back, by people who still
 * stand where some rule asks. The role held at the click bounds the one held now: a later promotion of the person adds nothing.
 */
export function countingApprovals<Given extends Yes>(
  facts: JudgedApprovals<Given>,
): { approval: Given; person: Person }[] {
  const rules = rulesAsked(policyFor(facts.target, facts.workflow), facts.risk);
  const around = ruleFactsOf(facts);
  const counting = new Map<string, { approval: Given; person: Person }>();
  for (const approval of facts.promotion.approvals) {
    const now = facts.approvers.get(approval.by);
    if (approval.fingerprint !== facts.fingerprint || now === undefined) continue;
    if (isTakenBack(approval, facts.promotion.rejections)) continue;
    const person = { ...now, role: satisfies(now.role, approval.role) ? approval.role : now.role };
    if (!isEligible(rules, person, facts.promotion, around)) continue;
    counting.set(approval.by, { approval, person });
  }
  return [...counting.values()];
}

/** Strictest first: one certain person, one of a few, whoever has a role. */
function strictness(rule: ApprovalRule): number {
  if ('role' in rule) return ROLES.indexOf(rule.role);
  if ('owner' in rule) return ROLES.length + 3;
  if ('people' in rule) return ROLES.length + 2;
  return 'onCall' in rule ? ROLES.length + 1 : ROLES.length;
}

/**
 * How many places of each rule are filled when as many people as possible are seated, nobody twice. The strictest places are
 * filled first, so that what is left is the least that can be asked for: one lead more, where an admin approved. Which ones are
 * filled does not depend on who clicked first.
 */
export function seat(rules: readonly ApprovalRule[], people: readonly Person[], around: RuleFacts): number[] {
  const places = rules
    .flatMap((rule, index) => Array.from({ length: placesOf(rule) }, () => ({ rule, index })))
    .sort((a, b) => strictness(b.rule) - strictness(a.rule));
  const placeOf = new Map<Person, number>();
  const filled = rules.map(() => 0);
  places.forEach((place, i) => {
    if (fill(i, new Set())) filled[place.index] = (filled[place.index] ?? 0) + 1;
  });
  return filled;

  // Kuhn's augmenting path, place by place: somebody seated may move here where their place finds somebody else, so a place that
  // is filled stays filled, and no order of clicks dead-ends.
  function fill(i: number, tried: Set<Person>): boolean {
    const place = places[i];
    if (place === undefined) return false;
    for (const person of people) {
      if (tried.has(person) || !fits(place.rule, person, around)) continue;
      tried.add(person);
      const held = placeOf.get(person);
      if (held === undefined || fill(held, tried)) {
        placeOf.set(person, i);
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
  around: RuleFacts,
): boolean {
  const seated = (people: readonly Person[]) => seat(rules, people, around).reduce((a, b) => a + b, 0);
  return seated([...approved, person]) > seated(approved);
}

/** "approval by 1 more lead". */
export function missingApprovals(
  rules: readonly ApprovalRule[],
  filled: readonly number[],
): { rule: ApprovalRule; missing: number }[] {
  return rules
    .map((rule, i) => ({ rule, missing: placesOf(rule) - (filled[i] ?? 0) }))
    .filter(({ missing }) => missing > 0);
}

/** Approvals as a matching of people to the target's rules. */
export function judgeApprovals(facts: JudgedApprovals): Verdict {
  const policy = policyFor(facts.target, facts.workflow);
  const rules = rulesAsked(policy, facts.risk);
  const people = countingApprovals(facts).map(({ person }) => person);
  const missing = missingApprovals(rules, seat(rules, people, ruleFactsOf(facts)));
  const still = missing.map((m) => inWords(m.rule, m.missing)).join(' and ');
  const asked = rules.map(ruleInWords).join(' and ');
  const unknown = notLookedUp(policy, facts);
  if (unknown !== null)
    return { state: 'pending', summary: `Approval by ${asked || 'nobody'}`, detail: `not judged yet: ${unknown}` };
  const standing = standingRejection(policy, facts);
  if (standing !== null) return standing;
  if (rules.length === 0) return { state: 'met', summary: 'No approval needed' };
  const noes = noesOf(facts);
  if (missing.length === 0) return { state: 'met', summary: `Approved by ${asked}`, ...noes };
  const summary = people.length === 0 ? `Approval by ${still}` : `Approval by ${still} more (of ${asked})`;
  return { state: 'pending', ...askedAgain(summary, missing, facts), ...noes };
}

/** Milliseconds until a group is asked about again that nobody could be told about. */
const ASKED_AGAIN = 30_000;

/** Who is in a group that a place is for may not be known just now: whoever approved is not to do so once more for that. */
function askedAgain(
  summary: string,
  missing: readonly { rule: ApprovalRule }[],
  { groups, now }: JudgedApprovals,
): Pick<Verdict, 'summary' | 'retryAt'> {
  if (now === undefined || groups === undefined) return { summary };
  const silent = userGroupsOf(missing.map(({ rule }) => rule)).filter((group) => !groups.has(group));
  if (silent.length === 0) return { summary };
  return {
    summary: `${summary} (Slack does not say who is in ${silent.join(', ')}; it is asked again)`,
    retryAt: new Date(now.getTime() + ASKED_AGAIN),
  };
}

/** What the policy needs and nobody looked up; null: nothing. */
function notLookedUp(policy: Policy, { author, risk, promotion }: JudgedApprovals): string | null {
  if (policy.authorMayApprove === false && author === undefined) return 'who made this version';
  if (policy.risk !== undefined && risk === undefined) return 'how risky the change is';
  if (policy.rejection === 'counts' && promotion.rejections === undefined) return 'who said no';
  return null;
}

/** People whose no stands: they have not said yes since. */
export function saidNo({ promotion, fingerprint }: JudgedApprovals): Rejection[] {
  const { approvals, rejections = [] } = promotion;
  const newest = new Map(rejections.map((rejection) => [rejection.by, rejection]));
  return [...newest.values()].filter(
    ({ by, at }) => !approvals.some((yes) => yes.by === by && yes.fingerprint === fingerprint && yes.at > at),
  );
}

/** Where a rejection vetoes, one that was given while it only counted vetoes too. */
function standingRejection({ rejection }: Policy, facts: JudgedApprovals): Verdict | null {
  const noes = noesOf(facts);
  if (rejection === 'counts' || noes.people === undefined) return null;
  return { state: 'failed', summary: 'A rejection stands', ...noes };
}

function noesOf(facts: JudgedApprovals): Pick<Verdict, 'detail' | 'people'> {
  const noes = saidNo(facts);
  if (noes.length === 0) return {};
  const reasons = noes.map(({ reason }) => `“${reason}”`).join(', ');
  return {
    detail: `${noes.length === 1 ? '1 no' : `${noes.length} noes`}: ${reasons}`,
    people: noes.map(({ by }) => by),
  };
}

export const approvalsRequirement: Requirement = { kind: 'approvals', evaluate: judgeApprovals };

/** `1 lead`, `2 admins`, `stakeholder (1 named person)`. A higher role satisfies a lower rule. No mention: texts are escaped. */
export function ruleInWords(rule: ApprovalRule): string {
  return inWords(rule, placesOf(rule));
}

function inWords(rule: ApprovalRule, count: number): string {
  const words = whoInWords(rule, count);
  return rule.label === undefined ? words : `${rule.label} (${words})`;
}

function whoInWords(rule: ApprovalRule, count: number): string {
  if ('role' in rule) return `${count} ${rule.role}${count === 1 ? '' : 's'}`;
  if ('owner' in rule) return 'the workflow’s owner';
  if ('usergroup' in rule) return `${count} of the user group ${rule.usergroup}`;
  if ('onCall' in rule) return `${count} of those on call (${rule.onCall})`;
  if (rule.people.length === 1) return 'the person named for it';
  return `${count} of ${rule.people.length} named people`;
}

/** Whether the person's approval could count for any of the rules; the requester's never does (rule 4). */
export function isEligible(
  rules: readonly ApprovalRule[],
  person: Person,
  promotion: Pick<Promotion, 'requestedBy'>,
  around: RuleFacts,
): boolean {
  if (person.userId === promotion.requestedBy || person.userId === around.barred) return false;
  return rules.some((rule) => fits(rule, person, around));
}
