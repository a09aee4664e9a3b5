import { assertCanDecideChange } from '../../domain/permissions.ts';
import { assertProposalOpen } from '../../domain/settings/proposal.ts';
import { assertPerson, checkReason } from '../decide.ts';
import type { Ports } from '../ports.ts';
import type { UseCases } from '../use-cases.ts';
import { decisionOn } from './approve-settings.ts';
import { whoCouldDecideChange } from './decide-change.ts';
import { decidedBy } from './describe-proposal.ts';
import { endProposal } from './end-proposal.ts';
import { holdProposed } from './held-layer.ts';

/** Whoever could approve a change of settings rejects it, with a reason (rule 7). */
export function makeRejectSettings({ inTransaction }: Ports): UseCases['rejectSettings'] {
  return ({ actor, proposalId, reason: words }) =>
    inTransaction(actor.workspaceId, async (tx) => {
      assertPerson(actor, 'reject');
      const reason = checkReason(words, 'Reject');
      const { held, proposal } = await holdProposed(tx, proposalId);
      if (proposal.status === 'rejected' && proposal.closedBy === actor.userId)
        return decisionOn(tx, held, proposal, { changed: false, number: null });
      assertProposalOpen(proposal);
      const person = await tx.people.get(actor.userId);
      const able = await whoCouldDecideChange(tx, person, proposal, held);
      assertCanDecideChange(
        person,
        proposal,
        held.environment,
        decidedBy(tx, held.environment, held.workflow),
        'reject',
        able,
      );
      const closed = await endProposal(tx, actor, held, proposal, { status: 'rejected', reason });
      return decisionOn(tx, held, closed, { changed: true, number: null });
    });
}
