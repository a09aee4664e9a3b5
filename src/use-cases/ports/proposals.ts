import type { SettingsProposal } from '../../domain/settings/proposal.ts';

export interface ProposalReader {
  find(id: string): Promise<SettingsProposal | null>;
  /** The one that is open for a layer; `workflowId` null is the environment's own. */
  findOpen(environmentId: string, workflowId: string | null): Promise<SettingsProposal | null>;
  /** Open ones of all layers of an environment, oldest first, at most `limit`. */
  listOpen(environmentId: string, limit: number): Promise<SettingsProposal[]>;
  /** The open one whose time has been over for longest, by the database's clock; null where none is due. */
  findDue(): Promise<SettingsProposal | null>;
}

/**
 * Whoever writes has taken `environments.pipelineHeld` first: acts on proposals happen one after the other, and none happens while
 * something goes live.
 */
export interface ProposalWriter {
  /** Open, with no approvals. At most one is, for a layer. */
  create(
    proposal: Pick<
      SettingsProposal,
      | 'environmentId'
      | 'workflowId'
      | 'settings'
      | 'baseNumber'
      | 'restores'
      | 'requestedBy'
      | 'reason'
      | 'originChannel'
      | 'expiresAt'
    >,
  ): Promise<SettingsProposal>;
  /** Saves status, end and new approvals. */
  save(proposal: SettingsProposal): Promise<void>;
}
