import { assertCanCancel } from '../../domain/permissions.ts';
import { assertProposalOpen } from '../../domain/settings/proposal.ts';
import { getActing } from '../find-things.ts';
import type { Ports } from '../ports.ts';
import type { UseCases } from '../use-cases.ts';
import { decisionOn } from './approve-settings.ts';
import { endProposal } from './end-proposal.ts';
import { holdProposed } from './held-layer.ts';

/** Only whoever asked for a change of settings, or an admin, cancels it (rule 7). */
export function makeCancelSettings({ inTransaction }: Ports): UseCases['cancelSettings'] {
  return ({ actor, proposalId }) =>
    inTransaction(actor.workspaceId, async (tx) => {
      const { held, proposal } = await holdProposed(tx, proposalId);
      if (proposal.status === 'cancelled' && proposal.closedBy === actor.userId)
        return decisionOn(tx, held, proposal, { changed: false, number: null });
      assertProposalOpen(proposal);
      assertCanCancel(await getActing(tx, actor), proposal, 'this change of settings');
      const closed = await endProposal(tx, actor, held, proposal, { status: 'cancelled', reason: null });
      return decisionOn(tx, held, closed, { changed: true, number: null });
    });
}
