import type { Environment } from './environment.ts';
import { covers, type Person, type Role, satisfies } from './person.ts';
import { policyFor } from './policy/policy-for.ts';
import type { Promotion } from './promotion.ts';
import { Refusal } from './refusal.ts';
import { isEligible, type RuleFacts, ruleInWords } from './requirements/approvals.ts';
import type { Workflow } from './version.ts';

/** Why a person may not act at all, in words, or null. */
function standsOutside(person: Person): string | null {
  const why: Partial<Record<Person['standing'], string>> = {
    guest: 'Guests of this workspace can look but not act.',
    bot: 'Apps can look but not act.',
    foreign: 'People of other workspaces can look but not act.',
    deactivated: 'A deactivated account cannot act.',
  };
  return why[person.standing] ?? null;
}

/** How many people a refusal names at most. */
const MOST_NAMED = 5;

/** `<@U1>, <@U2> and others can.`, or where the list is where nobody is known by name. */
function whoCan(userIds: readonly string[], can: string, otherwise: string): string {
  const named = userIds.slice(0, MOST_NAMED).map((userId) => `<@${userId}>`);
  if (userIds.length > MOST_NAMED) named.push('others');
  const last = named.pop();
  if (last === undefined) return otherwise;
  return `${named.length === 0 ? last : `${named.join(', ')} and ${last}`} can${can}.`;
}

function assertRole(
  person: Person,
  workflow: Workflow | null,
  role: Role,
  act: string,
  able: readonly string[] = [],
): void {
  const outside = standsOutside(person);
  if (outside !== null) throw new Refusal('not_permitted', `${outside} Ask a member of the workspace to ${act}.`);
  if (!satisfies(person.role, role)) {
    throw new Refusal(
      'not_permitted',
      `To ${act} takes the role ${role}; yours is ${person.role}. ${whoCan(able, ' do it', '`/towpath roles` lists who has it.')}`,
    );
  }
  if (workflow !== null && !covers(person, workflow.department)) {
    const home = workflow.department;
    const where = `${workflow.slug} belongs to ${home ?? 'no department'}, and you are in ${person.departments.join(', ')}.`;
    const cure =
      home === null
        ? `Ask an admin to give it one with \`/towpath workflow ${workflow.slug} department DEPARTMENT\`.`
        : `Ask somebody in ${home} to ${act}.`;
    throw new Refusal('not_permitted', `${where} ${cure}`);
  }
}

/** Only who may act has a program act for them. @throws Refusal not_permitted */
export function assertCanLogIn(person: Person): void {
  assertRole(person, null, 'viewer', 'log in on a command line');
}

/** Members push, deploy to the first environment and ask, in their own departments. @throws Refusal not_permitted */
export function assertCanDeploy(person: Person, workflow: Workflow): void {
  assertRole(person, workflow, 'member', `deploy ${workflow.slug}`);
}
/** @throws Refusal not_permitted */
export function assertCanAsk(person: Person, workflow: Workflow): void {
  assertRole(person, workflow, 'member', `ask for a promotion of ${workflow.slug}`);
}
/** Whoever may ask for a canary may give it to more, and finish it: it was approved for everybody. @throws Refusal not_permitted */
export function assertCanMoveOn(person: Person, workflow: Workflow): void {
  assertRole(person, workflow, 'member', `move a canary of ${workflow.slug} on`);
}
/** @throws Refusal not_permitted */
export function assertCanPush(person: Person, workflow: Workflow | null): void {
  assertRole(person, workflow, 'member', workflow === null ? 'push a workflow' : `push ${workflow.slug}`);
}
/** @throws Refusal not_permitted */
export function assertCanReport(person: Person, workflow: Workflow): void {
  assertRole(person, workflow, 'member', `report checks of ${workflow.slug}`);
}
/** Whoever may push it may have it run. @throws Refusal not_permitted */
export function assertCanRun(person: Person, workflow: Workflow): void {
  assertRole(person, workflow, 'member', `run ${workflow.slug}`);
}
/** Whoever may push a workflow, or approve what goes there, may have its suite run. @throws Refusal not_permitted */
export function assertCanTest(person: Person, workflow: Workflow & RuleFacts, environment: Environment): void {
  const { approvals } = policyFor(environment, workflow);
  const isReviewer = standsOutside(person) === null && isEligible(approvals, person, { requestedBy: '' }, workflow);
  if (!isReviewer) assertRole(person, workflow, 'member', `have ${workflow.slug} tested`);
}
/** @throws Refusal not_permitted */
export function assertCanLabel(person: Person, workflow: Workflow): void {
  assertRole(person, workflow, 'member', `label a version of ${workflow.slug}`);
}
/** Whoever may push a workflow may keep it from changing; what concerns others' workflows too is its leads'. @throws Refusal not_permitted */
export function assertCanLock(person: Person, workflow: Workflow | null, environment: Environment | null): void {
  if (workflow !== null) assertRole(person, workflow, 'member', `lock ${workflow.slug}`);
  else assertRole(person, null, 'lead', `lock ${environment?.name ?? 'everything'}`);
}
/** @throws Refusal not_permitted */
export function assertCanFreeze(person: Person, environment: Environment): void {
  assertRole(person, null, 'lead', `freeze ${environment.name} or end its freeze`);
}
/** @throws Refusal not_permitted */
export function assertCanTick(person: Person, workflow: Workflow): void {
  assertRole(person, workflow, 'member', `tick a checklist of ${workflow.slug}`);
}
/** The environment's policy says from which role on (rule 9: no approval, whatever is frozen or locked). @throws Refusal not_permitted */
export function assertCanRollBack(person: Person, workflow: Workflow, environment: Environment): void {
  assertRole(person, workflow, environment.policy.rollback.role, `roll back ${workflow.slug} in ${environment.name}`);
}
/** @param admins who could, to name them in the refusal. @throws Refusal not_permitted */
export function assertIsAdmin(person: Person, act: string, admins: readonly string[] = []): void {
  assertRole(person, null, 'admin', act, admins);
}

/**
 * What an environment gives all workflows is its admins', what one workflow gets there its leads' (settings).
 * @param workflow null for the environment's own
 * @throws Refusal not_permitted
 */
export function assertCanChangeSettings(person: Person, workflow: Workflow | null, environment: Environment): void {
  if (workflow === null) assertRole(person, null, 'admin', `change what ${environment.name} gives every workflow`);
  else assertRole(person, workflow, 'lead', `change the settings of ${workflow.slug} in ${environment.name}`);
}

/**
 * Rule 4: whoever asked cannot approve, and some rule must want this person.
 *
 * @param workflow with what rules of user groups and a bar on the author are judged by, where there are any (`ruleFactsOf`)
 * @param able who could, to name them in the refusal
 * @throws Refusal own_request, not_permitted
 */
export function assertCanApprove(
  person: Person,
  promotion: Promotion,
  target: Environment,
  workflow: Workflow & RuleFacts,
  able: readonly string[] = [],
): void {
  if (person.userId === promotion.requestedBy) {
    const who = whoCan(able, '', '`/towpath roles` lists who may.');
    throw new Refusal('own_request', `You asked for this promotion, so somebody else has to approve it. ${who}`);
  }
  assertReviewer(person, promotion, target, workflow, 'approve', able, `A promotion to ${target.name}`);
}

/** Rule 7: any eligible reviewer rejects; the requester cancels instead. @throws Refusal own_request, not_permitted */
export function assertCanReject(
  person: Person,
  promotion: Promotion,
  target: Environment,
  workflow: Workflow & RuleFacts,
  able: readonly string[] = [],
): void {
  if (person.userId === promotion.requestedBy) {
    throw new Refusal('own_request', 'You asked for this promotion yourself. Use Cancel on its card to take it back.');
  }
  assertReviewer(person, promotion, target, workflow, 'reject', able, `A promotion to ${target.name}`);
}

/**
 * A change of settings is approved and rejected by whom a promotion there would be (rules 4 and 7).
 *
 * @param workflow of what department it is: none for what an environment gives every workflow
 * @throws Refusal own_request, not_permitted
 */
export function assertCanDecideChange(
  person: Person,
  change: Pick<Promotion, 'requestedBy'>,
  environment: Environment,
  workflow: Pick<Workflow, 'department'>,
  act: 'approve' | 'reject',
  able: readonly string[] = [],
): void {
  if (person.userId === change.requestedBy) {
    const instead =
      act === 'approve'
        ? `so somebody else has to approve it. ${whoCan(able, '', '`/towpath roles` lists who may.')}`
        : 'so cancel it instead.';
    throw new Refusal('own_request', `You asked for this change of settings, ${instead}`);
  }
  assertReviewer(person, change, environment, workflow, act, able, `A change of settings of ${environment.name}`);
}

function assertReviewer(
  person: Person,
  promotion: Pick<Promotion, 'requestedBy'>,
  target: Environment,
  workflow: RuleFacts & { slug?: string },
  act: string,
  able: readonly string[],
  what: string,
): void {
  const outside = standsOutside(person);
  if (outside !== null) throw new Refusal('not_permitted', `${outside} Ask a reviewer to ${act} it.`);
  const { approvals } = policyFor(target, workflow);
  if (isEligible(approvals, person, promotion, workflow)) return;
  if (person.userId === workflow.barred)
    throw new Refusal(
      'not_permitted',
      `You made this version, and ${what.charAt(0).toLowerCase()}${what.slice(1)} is decided by others. ${whoCan(able, ` ${act} it`, '`/towpath roles` lists who can.')}`,
    );
  const asked = approvals.map(ruleInWords).join(' and ');
  const where = workflow.department === null ? '' : ` for ${workflow.department}`;
  throw new Refusal(
    'not_permitted',
    `${what} is decided by ${asked}${where}, and you are a ${person.role}${inDepartments(person)}. ${whoCan(able, ` ${act} it`, '`/towpath roles` lists who can.')}`,
  );
}

function inDepartments(person: Person): string {
  return person.departments.length === 0 ? '' : ` in ${person.departments.join(', ')}`;
}

/** Rule 7: only the requester, or an admin, cancels. @throws Refusal not_permitted */
export function assertCanCancel(
  person: Person,
  promotion: Pick<Promotion, 'requestedBy'>,
  what = 'this promotion',
): void {
  if (person.userId === promotion.requestedBy || (person.role === 'admin' && person.standing === 'member')) return;
  throw new Refusal(
    'not_permitted',
    `Only <@${promotion.requestedBy}>, who asked for it, or an admin can cancel ${what}. A reviewer can reject it.`,
  );
}
