import type { Environment } from '../../domain/environment.ts';
import type { Person } from '../../domain/person.ts';
import { policyFor } from '../../domain/policy/policy-for.ts';
import {
  countingApprovals,
  type JudgedApprovals,
  judgeApprovals,
  type RuleFacts,
} from '../../domain/requirements/approvals.ts';
import { describeSettingsChange } from '../../domain/settings/diff-settings.ts';
import { proposalFingerprint, type SettingsApproval, type SettingsProposal } from '../../domain/settings/proposal.ts';
import type { Workflow } from '../../domain/version.ts';
import { reviewersOf } from '../announce.ts';
import { tagEnvironment, tagWorkflow } from '../find-things.ts';
import type { Reading } from '../ports.ts';
import type { SettingsProposalView } from '../views.ts';
import { groupsOf } from '../with-directory.ts';
import type { HeldLayer } from './held-layer.ts';

/** What rules are judged by, of a workflow. */
type Decided = Pick<Workflow, 'department'> & Partial<Pick<Workflow, 'slug' | 'ownerId'>>;

/** Of what department a change is that concerns every workflow: only who covers all departments decides it. */
const EVERY_WORKFLOW: Decided = { department: null };

export function departmentOf(workflow: Workflow | null): Decided {
  return workflow ?? EVERY_WORKFLOW;
}

/** The same, with who is in the user groups that rules there name: for who may decide it. */
export function decidedBy(tx: Reading, environment: Environment, workflow: Workflow | null): Decided & RuleFacts {
  const groups = groupsOf(tx, policyFor(environment, departmentOf(workflow)).approvals);
  return { ...departmentOf(workflow), ...(groups !== undefined && { groups }) };
}

/** What its approvals are judged by. @param approvers as they stand now, by user id */
export function proposalFacts(
  tx: Reading,
  proposal: SettingsProposal,
  environment: Environment,
  workflow: Workflow | null,
  approvers: ReadonlyMap<string, Person>,
): JudgedApprovals<SettingsApproval> {
  const { groups } = decidedBy(tx, environment, workflow);
  return {
    // A change of settings has no author besides whoever proposed it, no risk, and a rejection ends it.
    ...{ promotion: { ...proposal, rejections: [] }, author: null, risk: null },
    fingerprint: proposalFingerprint(proposal, policyFor(environment, departmentOf(workflow))),
    approvers,
    target: environment,
    workflow: departmentOf(workflow),
    ...(groups !== undefined && { groups }),
  };
}

/** What is proposed, in sentences, and what it still needs. */
export async function describeProposal(
  tx: Reading,
  proposal: SettingsProposal,
  { environment, workflow }: Pick<HeldLayer, 'environment' | 'workflow'>,
): Promise<SettingsProposalView> {
  const { baseNumber, approvals, status } = proposal;
  const before = baseNumber === 0 ? {} : (await tx.settings.get(environment.id, baseNumber)).settings;
  const approvers = await tx.people.getMany(approvals.map(({ by }) => by));
  const facts = proposalFacts(tx, proposal, environment, workflow, approvers);
  const counting = countingApprovals(facts);
  const people = counting.map(({ person }) => person);
  const canApprove =
    status === 'open'
      ? await reviewersOf(tx, proposal, decidedBy(tx, environment, workflow), environment, people)
      : { userIds: [], more: false };
  return {
    ...proposal,
    environment: tagEnvironment(environment),
    workflow: workflow === null ? null : tagWorkflow(workflow),
    fingerprint: facts.fingerprint,
    sentences: describeSettingsChange(before, proposal.settings),
    approvals: approvals.map((approval) => {
      const { by, role, at } = approval;
      return { by, role, at, counts: counting.some((counted) => counted.approval === approval) };
    }),
    needs: judgeApprovals(facts).summary,
    canApprove,
  };
}
