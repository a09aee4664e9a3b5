import { isProposalDue } from '../../domain/settings/proposal.ts';
import type { Ports } from '../ports.ts';
import type { UseCases } from '../use-cases.ts';
import { expireProposal } from './end-proposal.ts';
import { holdProposed } from './held-layer.ts';

/** A tick ends at most this many; the next one goes on. */
const MOST_A_TICK = 200;

/** Ends proposed changes of settings whose time is over, one transaction each. Any process may tick at any time. */
export function makeExpireSettings({ inTransaction, glance }: Ports): UseCases['expireSettings'] {
  return async (workspaceId) => {
    let ended = 0;
    for (let tries = 0; tries < MOST_A_TICK; tries++) {
      // Asked first without a lock: mostly nothing is due, and whoever holds the environments keeps everybody waiting.
      const due = await glance(workspaceId, (tx) => tx.proposals.findDue());
      if (due === null) break;
      if (await expireOne(due.id)) ended += 1;
    }
    return ended;

    function expireOne(proposalId: string): Promise<boolean> {
      return inTransaction(workspaceId, async (tx) => {
        const { held, proposal } = await holdProposed(tx, proposalId);
        if (!isProposalDue(proposal, tx.now)) return false;
        await expireProposal(tx, held, proposal);
        return true;
      });
    }
  };
}
