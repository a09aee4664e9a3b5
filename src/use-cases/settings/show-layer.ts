import { getEnvironment } from '../../domain/environment.ts';
import { getWorkflow, tagEnvironment, tagWorkflow } from '../find-things.ts';
import type { Ports, Reading } from '../ports.ts';
import type { UseCases } from '../use-cases.ts';
import { describeProposal } from './describe-proposal.ts';
import type { ProposedLayer } from './end-proposal.ts';
import type { LayerName } from './held-layer.ts';

/** Open proposals of one environment that are shown. */
const MOST_SHOWN = 20;

/** One layer as it is now, and what is proposed for it. */
export function makeShowSettingsLayer({ reading }: Ports): UseCases['showSettingsLayer'] {
  return ({ workspaceId, ...named }) =>
    reading(workspaceId, async (tx) => {
      const layer = await getLayer(tx, named);
      const { environment, workflow } = layer;
      const now = await tx.settings.layer(environment.id, workflow?.id ?? null);
      const open = await tx.proposals.findOpen(environment.id, workflow?.id ?? null);
      return {
        environment: tagEnvironment(environment),
        workflow: workflow === null ? null : tagWorkflow(workflow),
        number: now?.number ?? 0,
        settings: now?.settings ?? {},
        managed: now?.managed ?? [],
        proposal: open === null ? null : await describeProposal(tx, open, layer),
      };
    });
}

/** What one layer held from when on, newest first. */
export function makeListSettingsRevisions({ reading }: Ports): UseCases['listSettingsRevisions'] {
  return ({ workspaceId, page, ...named }) =>
    reading(workspaceId, async (tx) => {
      const { environment, workflow } = await getLayer(tx, named);
      return tx.settings.list(environment.id, workflow?.id ?? null, page);
    });
}

/** Changes of an environment's settings that wait for approval, the oldest first. */
export function makeListSettingsProposals({ reading }: Ports): UseCases['listSettingsProposals'] {
  return ({ actor, environment: word }) =>
    reading(actor.workspaceId, async (tx) => {
      const environment = getEnvironment(await tx.environments.pipeline(), word);
      const open = await tx.proposals.listOpen(environment.id, MOST_SHOWN + 1);
      const ids = open.flatMap(({ workflowId }) => (workflowId === null ? [] : [workflowId]));
      const workflows = await tx.workflows.getMany(ids);
      const proposals = [];
      for (const proposal of open.slice(0, MOST_SHOWN)) {
        const workflow = workflows.get(proposal.workflowId ?? '') ?? null;
        proposals.push(await describeProposal(tx, proposal, { environment, workflow }));
      }
      return { environment: tagEnvironment(environment), proposals, more: open.length > MOST_SHOWN };
    });
}

/** @throws Refusal unknown_workflow, unknown_environment, ambiguous_environment */
async function getLayer(tx: Reading, named: LayerName): Promise<ProposedLayer> {
  const workflow = named.workflow === undefined ? null : await getWorkflow(tx, named.workflow);
  return { environment: getEnvironment(await tx.environments.pipeline(), named.environment), workflow };
}
