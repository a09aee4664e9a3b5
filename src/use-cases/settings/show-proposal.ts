import { Refusal } from '../../domain/refusal.ts';
import { getEnvironmentById } from '../find-things.ts';
import type { Ports } from '../ports.ts';
import type { UseCases } from '../use-cases.ts';
import { describeProposal } from './describe-proposal.ts';

/** One proposed change as it stands, open or closed. */
export function makeShowSettingsProposal({ reading }: Ports): UseCases['showSettingsProposal'] {
  return ({ workspaceId, proposalId }) =>
    reading(workspaceId, async (tx) => {
      const proposal = await tx.proposals.find(proposalId);
      if (proposal === null)
        throw new Refusal(
          'unknown_settings_proposal',
          'That change of settings is not known here. `/towpath env ENVIRONMENT proposals` lists what is open.',
        );
      const { environmentId, workflowId, baseNumber, status } = proposal;
      const environment = await getEnvironmentById(tx, await tx.environments.pipeline(), environmentId);
      const workflow = workflowId === null ? null : await tx.workflows.getById(workflowId);
      return {
        ...(await describeProposal(tx, proposal, { environment, workflow })),
        before: baseNumber === 0 ? {} : (await tx.settings.get(environmentId, baseNumber)).settings,
        number: status === 'applied' ? await tx.settings.numberOf(proposal.id) : null,
      };
    });
}
