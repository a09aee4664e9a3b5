import { getEnvironment } from '../../domain/environment.ts';
import { assertCanChangeSettings } from '../../domain/permissions.ts';
import { policyFor } from '../../domain/policy/policy-for.ts';
import { Refusal } from '../../domain/refusal.ts';
import { ruleInWords } from '../../domain/requirements/approvals.ts';
import type { SettingsRevision } from '../../domain/settings/settings.ts';
import { getPersonBehind, getWorkflow, tagEnvironment, tagWorkflow } from '../find-things.ts';
import type { Ports, Reading } from '../ports.ts';
import type { UseCases } from '../use-cases.ts';
import { departmentOf, describeProposal } from './describe-proposal.ts';
import type { ProposedLayer } from './end-proposal.ts';
import { layerInWords } from './held-layer.ts';

/** All that a form for one layer starts from; refused to who may not change it, before anything is typed. */
export function makeStartSettingsChange({ reading }: Ports): UseCases['startSettingsChange'] {
  return ({ actor, environment: word, workflow: slug, earlier: number }) =>
    reading(actor.workspaceId, async (tx) => {
      const workflow = slug === undefined ? null : await getWorkflow(tx, slug);
      const environment = getEnvironment(await tx.environments.pipeline(), word);
      assertCanChangeSettings(await getPersonBehind(tx, actor), workflow, environment);
      const now = await tx.settings.layer(environment.id, workflow?.id ?? null);
      const open = await tx.proposals.findOpen(environment.id, workflow?.id ?? null);
      const { approvals } = policyFor(environment, departmentOf(workflow));
      return {
        environment: tagEnvironment(environment),
        workflow: workflow === null ? null : tagWorkflow(workflow),
        number: now?.number ?? 0,
        settings: now?.settings ?? {},
        managed: now?.managed ?? [],
        changedBy: now?.changedBy ?? null,
        asksFor: approvals.length === 0 ? null : approvals.map(ruleInWords).join(' and '),
        proposal: open === null ? null : await describeProposal(tx, open, { environment, workflow }),
        earlier: number === undefined ? null : await getEarlier(tx, { environment, workflow }, number),
      };
    });
}

/** Number 0 is what a layer was before anything was given. @throws Refusal unknown_settings_revision */
async function getEarlier(
  tx: Reading,
  layer: ProposedLayer,
  number: number,
): Promise<Pick<SettingsRevision, 'number' | 'settings'>> {
  return number === 0 ? { number, settings: {} } : getNumbered(tx, layer, number);
}

/** A revision of one layer, by its number in the environment. @throws Refusal unknown_settings_revision */
export async function getNumbered(tx: Reading, layer: ProposedLayer, number: number): Promise<SettingsRevision> {
  const found = await tx.settings.get(layer.environment.id, number);
  if (found.workflowId === (layer.workflow?.id ?? null)) return found;
  throw new Refusal(
    'unknown_settings_revision',
    `Number ${number} of ${layer.environment.name} is not one of ${layerInWords(layer)}. The list of its settings says which there are.`,
  );
}
