import { assertCanDecideChange } from '../../domain/permissions.ts';
import type { Person } from '../../domain/person.ts';
import { policyFor } from '../../domain/policy/policy-for.ts';
import { Refusal } from '../../domain/refusal.ts';
import {
  approveProposal,
  assertProposalOpen,
  isOvertaken,
  isProposalDue,
  proposalFingerprint,
  type SettingsProposal,
} from '../../domain/settings/proposal.ts';
import { assertPerson } from '../decide.ts';
import type { Ports, Transaction } from '../ports.ts';
import type { SettingsDecision, UseCases } from '../use-cases.ts';
import { whoCouldDecideChange } from './decide-change.ts';
import { decidedBy, departmentOf, describeProposal } from './describe-proposal.ts';
import { goStale, proposalSubject } from './end-proposal.ts';
import { type HeldLayer, holdProposed } from './held-layer.ts';
import { settleProposal } from './settle-proposal.ts';

type Request = Parameters<UseCases['approveSettings']>[0];

/** One person's yes to a change of settings. The one that is last needed applies it, in this transaction. */
export function makeApproveSettings({ inTransaction }: Ports): UseCases['approveSettings'] {
  return (request) =>
    inTransaction(request.actor.workspaceId, async (tx) => {
      const { actor, proposalId } = request;
      assertPerson(actor, 'approve');
      const { held, proposal } = await holdProposed(tx, proposalId);
      const isRepeated = proposal.status === 'applied' && proposal.approvals.some(({ by }) => by === actor.userId);
      if (isRepeated) return decisionOn(tx, held, proposal, { changed: false, number: null });
      assertProposalOpen(proposal);
      refuseGone(tx, held, proposal);
      if (!isOvertaken(proposal, held.before)) return addApproval(tx, request, held, proposal);
      return decisionOn(tx, held, await goStale(tx, actor, held, proposal), { changed: true, number: null });
    });
}

function refuseGone(tx: Transaction, { pipeline, environment }: HeldLayer, proposal: SettingsProposal): void {
  if (isProposalDue(proposal, tx.now))
    throw new Refusal(
      'already_decided',
      'This change of settings has expired. Propose it again if it is still wanted.',
    );
  if (pipeline.some(({ id }) => id === environment.id)) return;
  throw new Refusal('moved_on', `${environment.name} is no environment any more. Cancel this change of its settings.`);
}

async function addApproval(
  tx: Transaction,
  { actor, reviewed }: Request,
  held: HeldLayer,
  proposal: SettingsProposal,
): Promise<SettingsDecision> {
  const people = await tx.people.getManyLocked([actor.userId, ...proposal.approvals.map(({ by }) => by)]);
  const person: Person = people.get(actor.userId) ?? (await tx.people.get(actor.userId));
  const { environment, workflow } = held;
  const able = await whoCouldDecideChange(tx, person, proposal, held);
  assertCanDecideChange(person, proposal, environment, decidedBy(tx, environment, workflow), 'approve', able);
  const fingerprint = proposalFingerprint(proposal, policyFor(environment, departmentOf(workflow)));
  if (reviewed !== undefined && reviewed !== fingerprint)
    throw new Refusal(
      'review_changed',
      'This change of settings is not decided as it was when it was shown to you. Look at it again, then approve what it says now.',
    );
  const approved = approveProposal(proposal, person, fingerprint, tx.now);
  const isNew = approved !== proposal;
  if (isNew)
    await tx.audit.record(actor, {
      action: 'settings.approved',
      ...proposalSubject(proposal, held),
      before: proposal,
      after: approved,
    });
  const settled = await settleProposal(tx, actor, held, approved, new Map([...people, [person.userId, person]]));
  // Applying saved it, this approval included.
  if (settled.revision === null && isNew) {
    await tx.proposals.save(approved);
    await tx.announcements.refresh(approved.id);
  }
  const number = settled.revision?.number ?? null;
  return decisionOn(tx, held, settled.proposal, { changed: isNew || number !== null, number });
}

/** What a decision answers. */
export async function decisionOn(
  tx: Transaction,
  held: HeldLayer,
  proposal: SettingsProposal,
  outcome: Omit<SettingsDecision, 'proposal'>,
): Promise<SettingsDecision> {
  return { proposal: await describeProposal(tx, proposal, held), ...outcome };
}
